"""What each variable of `posterior.nc` is, in words and units, as attributes that ArviZ and xarray show."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import xarray as xr

from model.fit.problem import Problem
from priors.vocabulary import Vocabulary

Meaning = tuple[str, str]
"""A definition, and a unit: 1 for what has none."""

FIXED: Mapping[str, Meaning] = {
    "log_hazard_ratio": ("log hazard ratio, else equal", "1"),
    "hazard_ratio": ("hazard ratio, else equal", "1"),
    "log_reference_hazard": ("log cumulative hazard of the reference profile over the study", "1"),
    "spread": ("standard deviation of a group of effects about its typical member, in log hazard", "1"),
    "baseline": ("log hazard of the reference profile by period", "log(1/month)"),
    "baseline_step": ("step of the baseline's random walk, in its spreads", "1"),
    "log_relative_hazard": ("log hazard ratio of a cell to the reference profile", "1"),
    "risk": ("probability of defecting in the course of the study", "1"),
    "log_drift": ("log of a ratio that multiplies another from a period on", "1"),
    "cell_heads": ("men who serve at the start of the study", "men"),
    "heads": ("men of a class who serve at the start of the study", "men"),
    "list_concentration": ("number of independent draws that a list of defectors is worth", "1"),
    "expected_men": ("men whom a row is expected to count", "men"),
    "expected_shares": ("share that a row is expected to state", "1"),
    "expected_small_counts": ("expected share of those at risk who are counted by a row", "1"),
    "expected_lists": ("expected share of a list of defectors that is counted by a row", "1"),
}

EVIDENCE: Mapping[str, Meaning] = {
    "men": (
        "log of the men counted by a row: lower end of the interval, as wide as the row's bounds, that they lie in",
        "log(men)",
    ),
    "shares": (
        "logit of the share stated by a row: lower end of the interval, as wide as the row's bounds, that it lies in",
        "1",
    ),
    "small_counts": (
        "men counted by a row: the least of the interval, as wide as the row's bounds, that they lie in",
        "men",
    ),
    "lists": (
        "names counted by a row: the least of the interval, as wide as the row's bounds, that they lie in",
        "men",
    ),
    "dated_officers": ("officers who defected on a known day", "men"),
    "undated_officers": ("officers who defected within a known window", "men"),
}

STATISTICS: Mapping[str, Meaning] = {
    "diverging": ("whether the trajectory diverged", "1"),
    "energy": ("Hamiltonian energy", "1"),
    "tree_depth": ("doublings of the trajectory", "1"),
    "n_steps": ("leapfrog steps of the trajectory", "1"),
    "step_size": ("leapfrog step size", "1"),
    "lp": ("log posterior density, up to a constant, of the unconstrained values", "1"),
    "reached_max_treedepth": ("whether the trajectory was cut off", "1"),
}

BY_ROW: Mapping[str, Meaning] = {
    "lowest": ("lowest count or share that a row's bounds allow", "men, or 1 for a share"),
    "highest": ("highest count or share that a row's bounds allow", "men, or 1 for a share"),
    "expected": ("count or share that a row is expected to report", "men, or 1 for a share"),
    "predicted": ("count or share that a replicate of a row reports", "men, or 1 for a share"),
    "log_likelihood": ("log probability of what a term of the evidence reports", "1"),
    "at_least": ("probability that another report would be at least the lower bound", "1"),
    "at_most": ("probability that another report would be at most the upper bound", "1"),
    "listed_share": ("expected share of a place of a list, who is news being named more readily", "1"),
    "location": ("expected value on the scale of the bounds: the log of men, or the logit of a share", "1"),
    "softness": ("scale of the logistic error about it", "1"),
    "lower": ("lower bound on that scale", "1"),
    "upper": ("upper bound on that scale", "1"),
}


def told(dataset: xr.Dataset, meaning: Mapping[str, Meaning] | Callable[[str], Meaning]) -> xr.Dataset:
    """Return a dataset whose variables have a `long_name` and `units`."""
    of = meaning if callable(meaning) else meaning.__getitem__
    named = ((str(name), *of(str(name))) for name in dataset.data_vars)
    return dataset.assign({
        name: dataset[name].assign_attrs(long_name=words, units=unit) for name, words, unit in named
    })  # fmt: skip


def of_variables(problem: Problem) -> dict[str, Meaning]:
    """Return the meaning of every variable of the model, those named after a study's attributes and claims too."""
    found = dict(FIXED)
    for attribute in problem.vocabulary.attributes:
        name = attribute.name
        found |= {
            f"{name}_effect": (f"log hazard ratio of a level to {attribute.reference}", "1"),
            f"{name}_steps": (f"part of the effect of {name} that lies in the step up to a level", "1"),
            f"{name}_shape": (f"part of the effect of {name} that a level has, from none at the lowest to all", "1"),
            f"{name}_over_time": (f"what a period adds to the log hazard of a level of {name}", "1"),
            f"{name}_over_time_offset": (f"how far the effect of {name} is from its mean in a period, in spreads", "1"),
            f"{name}_table_offset": (f"how far a share of {name} is from the expected, in standard deviations", "1"),
            f"log_{name}_newsworthiness": (f"log of how much more readily each step up {name} is named", "1"),
            f"{name}_newsworthiness": (f"how much more readily a level of {name} is named than the lowest", "1"),
        }
    for quantity in (prior.quantity for prior in problem.prior_set.hazard_ratios):
        by = f"{quantity.attribute}_by_{quantity.varies_by}"
        found |= {
            by: (f"what a level of {quantity.varies_by} adds to the log hazard ratio of {quantity.attribute}", "1"),
            f"{by}_offset": (f"the same, in its spreads: {by}", "1"),
            f"{quantity.spread}_offset": ("how far a level is from the typical member of its group, in spreads", "1"),
        }
    corps, community = problem.corps, problem.vocabulary.community
    found[f"{community.name}_share"] = (f"share of a {community.name} in a class of service", "1")
    for service_class, share in zip(corps.classes, problem.prior_set.community_shares, strict=True):
        found |= {
            f"rest_of_{service_class}": (
                f"share of a {community.name} among {service_class}, of those not claimed",
                "1",
            ),
            f"{service_class}_{community.name}_share": (f"share of a {community.name} among {service_class}", "1"),
        }
        if share.claimed is not None:
            level = community.names[share.claimed]
            found[f"{level}_share_of_{service_class}"] = (f"share of {level} among {service_class}", "1")
    return found


def claimed(problem: Problem) -> dict[str, dict[str, str]]:
    """Return, for each variable that claims speak of, their definitions by the name of the quantity."""
    ratios = {prior.quantity.name: prior.quantity.definition for prior in problem.prior_set.hazard_ratios}
    drifts = {prior.quantity.name: prior.quantity.definition for prior in problem.prior_set.drifts}
    reference = problem.prior_set.reference_risk.quantity
    shares = (prior.quantity for prior in problem.prior_set.priors if prior.quantity.scale == "share")
    return {
        "hazard_ratio": ratios,
        "log_hazard_ratio": ratios,
        **({"log_drift": drifts} if drifts else {}),
        "log_reference_hazard": {reference.name: reference.definition},
        **{f"{share.level}_share_of_{share.service_class}": {share.name: share.definition} for share in shares},
    }


def without_constants(draws: xr.Dataset, vocabulary: Vocabulary) -> xr.Dataset:
    """Return draws without the levels whose effect is known beforehand, of which no diagnostic can be worked out.

    An effect is left without the reference level, and a shape without the lowest level and the highest.
    """
    kept = draws
    for attribute in vocabulary.attributes:
        name, levels = attribute.name, list(attribute.names)
        effect, end = (f"{name}_shape", "between") if attribute.ordered else (f"{name}_effect", "compared")
        others = levels[1:-1] if attribute.ordered else [level for level in levels if level != attribute.reference]
        kept = kept.drop_vars(effect)
        if others:
            dim = f"{name}_{end}"
            kept = kept.assign({effect: draws[effect].sel({name: others}).rename({name: dim})})
    return kept
