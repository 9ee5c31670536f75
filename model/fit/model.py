"""The model: who defects how readily, what articles claim of it, and what the evidence says. Nothing else states it.

The log hazard of a cell in a period is

    baseline[period] + effect[level] of each unordered attribute + span x shape[level] of each ordered one

where an ordered attribute may span more in one community than in another.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from model.fit.design import Design, Shares
from model.fit.effects import membership, walk
from model.fit.observed import dated_defections, lists, small_counts
from priors.corps import Corps
from priors.elicitation import PriorSet
from priors.vocabulary import Attribute, Vocabulary

SMALLEST_SHARE = 1e-12
"""Expected shares are kept this far from 0 and 1, where their logit would not be finite."""


def build_model(prior_set: PriorSet, corps: Corps, vocabulary: Vocabulary, design: Design) -> pm.Model:
    """Return the joint distribution of hazards, of who serves, and of the evidence.

    Parameters
    ----------
    prior_set : PriorSet
        What the claims amount to: distributions of the declared quantities.
    corps : Corps
        Who serves; the shares of the communities in each class are uncertain.
    vocabulary : Vocabulary
        Attributes, levels and periods.
    design : Design
        The evidence.
    """
    with pm.Model(coords=coordinates(prior_set, corps, vocabulary, design)) as model:
        # What the articles claim: hazard ratios, else equal, and the reference profile's risk over the study.
        claimed = given("claimed_ratio", [prior.parameters for prior in prior_set.hazard_ratios])
        log_ratio = pm.Normal("log_hazard_ratio", claimed[:, 0], claimed[:, 1], dims="quantity")
        log_reference = pm.Normal("log_reference_hazard", *given("claimed_risk", prior_set.reference_risk.parameters))
        spread = spreads(prior_set)

        # Log hazard ratio of each cell to the reference profile.
        table = sum(effect(attribute, prior_set, vocabulary, log_ratio, spread) for attribute in vocabulary.attributes)
        log_relative = pm.Deterministic("log_relative_hazard", table, dims=vocabulary.names).ravel()

        # Log monthly hazard of the reference profile; summed over the study it is the risk that is claimed.
        course, months = walk(prior_set, vocabulary.timeline), vocabulary.timeline.months(vocabulary.timeline.window)
        log_course = log_ratio @ course.held
        if len(course.steps):
            step = spread[str(prior_set.baseline.spread)] * pm.Normal("baseline_step", dims="step")
            log_course += step @ course.steps
        baseline = pm.Deterministic(
            "baseline", log_reference + log_course - pt.log(pt.exp(log_course) @ months), dims="period"
        )

        # Who serves: the shares of the communities in each class are uncertain; within a community all is known.
        community = vocabulary.community.name
        share = pt.stack([class_share(name, prior_set, corps, vocabulary) for name in corps.classes])
        pm.Deterministic(f"{community}_share", share, dims=("service_class", community))
        within_community = corps.within_community.reshape(len(corps.classes), *vocabulary.shape)
        table = (along(share, community, vocabulary) * within_community).sum(axis=0)
        cell_share = pm.Deterministic("cell_share", table, dims=vocabulary.names).ravel()

        # On the scales that one reads: hazard ratios, and each cell's risk over the study.
        relative, monthly = pt.exp(log_relative), pt.exp(baseline)
        pm.Deterministic("hazard_ratio", pt.exp(log_ratio), dims="quantity")
        risk = -pt.expm1(-relative * (monthly @ months))
        pm.Deterministic("risk", risk.reshape(vocabulary.shape), dims=vocabulary.names)

        # Of the armed forces at the start, the part that still serves on each date in each group of cells.
        survival = pt.exp(-(design.months @ monthly)[:, None] * relative)
        survivors = pt.dot(cell_share * survival, design.members.T)

        # Rates of defection, and compositions of the forces, whose bounds amount to a normal on the logit.
        for name, rows in (("rates", design.rates), ("compositions", design.compositions)):
            if rows.ids:
                share = pm.Deterministic(f"expected_{name}", expected_share(survivors, rows), dims=rows.dim)
                reported = given(f"{name}_reported", rows.share)
                pm.LogitNormal(name, pm.math.logit(share), rows.scale, observed=reported, dims=rows.dim)

        # The same with small counts: binomial, known within bounds.
        if design.small_counts.ids:
            share = expected_share(survivors, design.small_counts)
            pm.Deterministic("expected_small_counts", share, dims="small_count")
            small_counts("small_counts", share, design.small_counts.grid, dims="small_count")

        # Lists of defectors: Dirichlet-multinomial, picked by newsworthiness and so worth fewer draws than names.
        if design.lists.ids:
            concentration = pm.LogNormal("list_concentration", *prior_set.count_concentration)
            share = pm.Deterministic("expected_lists", expected_list(survivors, design.lists), dims=("list", "place"))
            lists("lists", concentration * share, design.lists.grid, dims=("list", "place"))

        # Officers one by one: piecewise exponential (Holford 1980) where the day is known, else by their window.
        if design.officers.count:
            officers = design.officers
            log_hazard = log_relative[:, None] + baseline
            dated_defections("dated_officers", log_hazard, officers.events, officers.exposure, dims=("cell", "period"))
            gone = -pt.expm1(-relative[officers.undated_cells] * (officers.undated_months @ monthly))
            left = pm.Data("undated_officers_reported", officers.undated_counts, dims="undated_window")
            pm.Binomial("undated_officers", officers.undated_at_risk, gone, observed=left, dims="undated_window")
    return model


def spreads(prior_set: PriorSet) -> dict[str, Any]:
    """Return how far groups vary about what is claimed of them, by name."""
    if not prior_set.spreads:
        return {}
    sigma = pm.HalfNormal("spread", np.array([spread.sigma for spread in prior_set.spreads]), dims="spread_of")
    return {group.name: sigma[place] for place, group in enumerate(prior_set.spreads)}


def effect(
    attribute: Attribute, prior_set: PriorSet, vocabulary: Vocabulary, log_ratio: Any, spread: dict[str, Any]
) -> Any:
    """Return what an attribute adds to the log hazard, to be broadcast over the table of cells."""
    if not attribute.ordered:
        return along(level_effect(attribute, prior_set, log_ratio, spread), attribute.name, vocabulary)
    shape = along(monotonic_shape(attribute, prior_set.step_concentration), attribute.name, vocabulary)
    quantities = [prior.quantity for prior in prior_set.hazard_ratios]
    place, quantity = next((i, each) for i, each in enumerate(quantities) if each.attribute == attribute.name)
    if quantity.varies_by is None or quantity.spread is None:
        return log_ratio[place] * shape
    by, name = quantity.varies_by, f"{attribute.name}_by_{quantity.varies_by}"
    offset = pm.ZeroSumNormal(f"{name}_offset", dims=by)
    deviation = pm.Deterministic(name, spread[quantity.spread] * offset, dims=by)
    return along(log_ratio[place] + deviation, by, vocabulary) * shape


def level_effect(attribute: Attribute, prior_set: PriorSet, log_ratio: Any, spread: dict[str, Any]) -> Any:
    """Return the log hazard ratio of each level of an unordered attribute to its reference.

    A level has the claimed ratio; where a claim is about several levels, each varies about their typical member.
    """
    quantities = [prior.quantity for prior in prior_set.hazard_ratios]
    by_level = log_ratio @ np.array([membership(quantity, attribute) for quantity in quantities])
    for quantity in quantities:
        if quantity.attribute == attribute.name and quantity.spread is not None:
            offset = pm.Normal(f"{quantity.spread}_offset", dims=quantity.spread)
            members = np.array([np.equal(attribute.names, level) for level in quantity.levels], dtype=float)
            by_level += spread[quantity.spread] * (offset @ members)
    return pm.Deterministic(f"{attribute.name}_effect", by_level, dims=attribute.name)


def monotonic_shape(attribute: Attribute, concentration: float) -> Any:
    """Return a shape that rises from 0 at the lowest level to 1 at the highest (Buerkner & Charpentier 2020)."""
    dim = f"{attribute.name}_step"
    steps = simplex(f"{attribute.name}_steps", np.full(len(attribute.names) - 1, concentration), dim)
    return pm.Deterministic(f"{attribute.name}_shape", pt.concatenate([[0.0], pt.cumsum(steps)]), dims=attribute.name)


def simplex(name: str, concentration: Any, dim: str) -> Any:
    """Return shares of a whole by a Dirichlet; one share alone is the whole, and nothing random."""
    return pm.Dirichlet(name, concentration, dims=dim) if len(concentration) > 1 else pt.ones(1)


def along(values: Any, attribute: str, vocabulary: Vocabulary) -> Any:
    """Return values by the levels of an attribute, their last dimension, laid along its axis of the table of cells."""
    axes = [-1 if name == attribute else 1 for name in vocabulary.names]
    return values.reshape((*values.shape[:-1], *axes))


def given(name: str, values: Any) -> Any:
    """Return prior parameters as data: other ones make another fit of the same compiled model."""
    values = np.asarray(values, dtype=float)
    return pm.Data(name, values, shape=values.shape)


def class_share(service_class: str, prior_set: PriorSet, corps: Corps, vocabulary: Vocabulary) -> Any:
    """Return the communities' shares of a class of service: one is claimed, if any, and the others divide the rest."""
    prior, community = prior_set.community_shares[corps.classes.index(service_class)], vocabulary.community
    rest_dim = f"rest_of_{service_class}_{community.name}"
    if prior.claimed is None:
        share = simplex(f"rest_of_{service_class}", prior.rest, rest_dim)
    else:
        claim = given(f"claimed_share_of_{service_class}", prior.claimed_share)
        claimed = pm.Beta(f"{community.names[prior.claimed]}_share_of_{service_class}", *claim)
        rest = (1 - claimed) * simplex(f"rest_of_{service_class}", prior.rest, rest_dim)
        share = pt.concatenate([rest[: prior.claimed], claimed[None], rest[prior.claimed :]])
    return pm.Deterministic(f"{service_class}_{community.name}_share", share, dims=community.name)


def expected_share(survivors: Any, rows: Shares) -> Any:
    """Return the share that each row speaks of: those who leave in its window, or serve at its start, of its whole."""
    counted = survivors[rows.start, rows.part] - rows.leaves * survivors[rows.end, rows.part]
    return within(counted / survivors[rows.start, rows.whole])


def expected_list(survivors: Any, rows: Any) -> Any:
    """Return the share of each place in its list: of those who leave, the part that the place counts."""
    left = rows.used * (survivors[rows.start, rows.part] - survivors[rows.end, rows.part])
    placed = left * (1 - rows.remainder)
    left = placed + rows.remainder * (left - placed.sum(axis=1, keepdims=True))
    return SMALLEST_SHARE + left / left.sum(axis=1, keepdims=True)


def within(share: Any) -> Any:
    """Return a share kept from 0 and 1."""
    return SMALLEST_SHARE + (1 - 2 * SMALLEST_SHARE) * share


def coordinates(prior_set: PriorSet, corps: Corps, vocabulary: Vocabulary, design: Design) -> dict[str, Any]:
    """Return the names along every dimension."""
    quantities = [prior.quantity for prior in prior_set.hazard_ratios]
    community = vocabulary.community
    return {
        **{attribute.name: attribute.names for attribute in vocabulary.attributes},
        **{f"{attribute.name}_step": attribute.names[1:] for attribute in vocabulary.attributes if attribute.ordered},
        "cell": [" ".join(cell) for cell in vocabulary.cells],
        "period": vocabulary.timeline.period_names,
        "quantity": [quantity.name for quantity in quantities],
        "spread_of": [spread.name for spread in prior_set.spreads],
        **{each.spread: each.levels for each in quantities if each.spread and each.levels},
        "step": [f"step {place + 1}" for place in range(len(walk(prior_set, vocabulary.timeline).steps))],
        "service_class": corps.classes,
        **{
            f"rest_of_{name}_{community.name}": np.delete(
                community.names, [] if prior.claimed is None else prior.claimed
            ).tolist()
            for name, prior in zip(corps.classes, prior_set.community_shares, strict=True)
        },
        **design.coordinates,
    }
