"""The model: who defects how readily, what articles claim of it, and what the evidence says. Nothing else states it.

The log hazard of a cell in a period is

    baseline[period] + effect[level] of each unordered attribute + span x shape[level] of each ordered one

where an ordered attribute may span more in one community than in another, and an effect may move over time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pymc as pm
import pytensor
import pytensor.tensor as pt

from model.evidence.officers import Officers
from model.fit.design import Counted, Design, IntArray, Lists
from model.fit.effects import courses, membership, moving, since, walk
from model.fit.observed import bounded, dated_defections, lists, small_counts
from priors.corps import Corps, Table
from priors.elicitation import Prior, PriorSet
from priors.vocabulary import Attribute, Vocabulary

# No notes of where each variable was made: those of mixtures double with every draw that is taken of them.
pytensor.config.traceback__limit = 0

SMALLEST_SHARE = 1e-12
"""Expected shares are kept this far from 0 and 1, and counts this far from 0, where their log would not be finite."""

NORMAL_90 = 1.6448536269514722
"""Standard deviations from the middle to either end of a normal's central 90 %."""


def build_model(prior_set: PriorSet, corps: Corps, vocabulary: Vocabulary, design: Design) -> pm.Model:
    """Return the joint distribution of hazards, of who serves, and of the evidence.

    Parameters
    ----------
    prior_set : PriorSet
        What the claims amount to: distributions of the declared quantities.
    corps : Corps
        Who serves, as far as it is known.
    vocabulary : Vocabulary
        Attributes, levels and periods.
    design : Design
        The evidence.
    """
    with pm.Model(coords=coordinates(prior_set, corps, vocabulary, design)) as model:
        # What the articles claim: hazard ratios, else equal, and the reference profile's risk over the study.
        log_ratio = claimed("log_hazard_ratio", prior_set.hazard_ratios, dim="quantity")
        log_drift = claimed("log_drift", prior_set.drifts, dim="drift")
        log_reference = claimed("log_reference_hazard", [prior_set.reference_risk])

        # What they are silent on: how far groups vary about what is claimed, and how effects rise level by level.
        spread = spreads(prior_set)
        shape = {each.name: monotonic_shape(each, prior_set) for each in vocabulary.attributes if each.ordered}
        unknown = Unknown(log_ratio, log_drift, spread, shape)

        # Log hazard ratio of each cell to the reference profile, at the mean of the periods.
        table = sum(effect(attribute, prior_set, vocabulary, unknown) for attribute in vocabulary.attributes)
        log_relative = pm.Deterministic("log_relative_hazard", table, dims=vocabulary.names)

        # Log monthly hazard of the reference profile; summed over the study it is the risk that is claimed.
        months = vocabulary.timeline.months(vocabulary.timeline.window)
        log_walk = random_walk(prior_set, vocabulary, unknown)
        baseline = pm.Deterministic(
            "baseline", log_reference + log_walk - pt.log(pt.exp(log_walk) @ months), dims="period"
        )

        # How effects move from period to period: courses of the monthly hazard, one for every combination of levels
        # that move, and the course that each cell takes.
        moves = [over_time(vocabulary[name], prior_set, vocabulary, unknown) for name in moving(prior_set, vocabulary)]
        monthly = pt.exp(sum(moves, start=baseline)).reshape((-1, len(months)))
        course = courses(moving(prior_set, vocabulary), vocabulary)

        # Who serves: heads of each class, shares of the communities in it, and of the levels within a community.
        table = pm.Deterministic("cell_heads", heads(prior_set, corps, vocabulary), dims=vocabulary.names)
        relative, cell_heads = pt.exp(log_relative).ravel(), table.ravel()

        # On the scales that one reads: hazard ratios, and each cell's risk over the study.
        pm.Deterministic("hazard_ratio", pt.exp(log_ratio), dims="quantity")
        risk = -pt.expm1(-relative * (monthly @ months)[course])
        pm.Deterministic("risk", risk.reshape(vocabulary.shape), dims=vocabulary.names)

        # Of those who serve at the start, the men who still do on each date in each group of cells that a row counts;
        # a list of defectors names those more readily who are news.
        who, elapsed = design.musters, monthly @ design.months.T
        news = newsworthiness(prior_set, vocabulary)[who.cell] if who.named.any() else 0.0
        log_survival = -relative[who.cell] * elapsed[course[who.cell], who.date]
        men = pt.exp(pt.log(cell_heads)[who.cell] + log_survival + who.named * news)
        serving = pt.zeros(who.count)[who.muster].inc(men)

        # Counts among all who serve, and shares of a stated total or of the forces: within bounds.
        for name, rows, expected, scale in (
            ("men", design.men, counted, pt.log),
            ("shares", design.shares, expected_share, pm.math.logit),
        ):
            if rows.ids:
                found = pm.Deterministic(f"expected_{name}", expected(serving, rows), dims=rows.dim)
                bounded(name, scale(found), rows)

        # The same with small counts out of a stated total: binomial.
        if design.small_counts.ids:
            share = expected_share(serving, design.small_counts)
            pm.Deterministic("expected_small_counts", share, dims="small_count")
            small_counts("small_counts", share, design.small_counts)

        # Lists of defectors: Dirichlet-multinomial, each worth fewer draws than names.
        if design.lists.ids:
            concentration = pm.LogNormal("list_concentration", *prior_set.count_concentration, dims="list")
            share = expected_list(serving, design.lists)
            pm.Deterministic("expected_lists", share, dims=("list", "place"))
            lists("lists", concentration[:, None] * share, design.lists)

        # Officers one by one: piecewise exponential (Holford 1980) where the day is known, else by their window.
        if design.officers.count:
            one_by_one(relative[:, None] * monthly[course], design.officers)
    return model


@dataclass(frozen=True)
class Unknown:
    """Variables that effects are made of.

    Attributes
    ----------
    log_ratio, log_drift : variable, shape (quantity,), (drift,)
    spread : mapping of str to variable
        By the name of the spread.
    shape : mapping of str to variable, shape (level,)
        How the effect of each ordered attribute rises, by its name.
    """

    log_ratio: Any
    log_drift: Any
    spread: Mapping[str, Any]
    shape: Mapping[str, Any]


def claimed(name: str, priors: Sequence[Prior], dim: str | None = None) -> Any:
    """Return quantities that claims speak of, on the log, or a single one: each author's normal, weighted and mixed."""
    if not priors:
        return pt.zeros(0)
    parts = np.array([[(each.weight, each.mean, each.sd) for each in prior.components] for prior in priors])
    parts = parts if dim else parts[0]
    weight, mean, sd = (given(f"{name}_{part}", parts[..., i]) for i, part in enumerate(("weight", "mean", "sd")))
    if parts.shape[-2] == 1:
        return pm.Normal(name, mean[..., 0], sd[..., 0], dims=dim)
    return pm.NormalMixture(name, weight, mean, sd, dims=dim)


def spreads(prior_set: PriorSet) -> dict[str, Any]:
    """Return how far groups vary about what is claimed of them, by name."""
    if not prior_set.spreads:
        return {}
    sigma = pm.HalfNormal("spread", np.array([spread.sigma for spread in prior_set.spreads]), dims="spread_of")
    return {group.name: sigma[place] for place, group in enumerate(prior_set.spreads)}


def effect(attribute: Attribute, prior_set: PriorSet, vocabulary: Vocabulary, unknown: Unknown) -> Any:
    """Return what an attribute adds to the log hazard, to be broadcast over the table of cells."""
    if not attribute.ordered:
        return along(level_effect(attribute, prior_set, unknown), attribute.name, vocabulary)
    shape = along(unknown.shape[attribute.name], attribute.name, vocabulary)
    quantities = [prior.quantity for prior in prior_set.hazard_ratios]
    place, quantity = next((i, each) for i, each in enumerate(quantities) if each.attribute == attribute.name)
    if quantity.varies_by is None or quantity.spread is None:
        return unknown.log_ratio[place] * shape
    by, name = quantity.varies_by, f"{attribute.name}_by_{quantity.varies_by}"
    offset = pm.ZeroSumNormal(f"{name}_offset", dims=by)
    deviation = pm.Deterministic(name, unknown.spread[quantity.spread] * offset, dims=by)
    return along(unknown.log_ratio[place] + deviation, by, vocabulary) * shape


def random_walk(prior_set: PriorSet, vocabulary: Vocabulary, unknown: Unknown) -> Any:
    """Return the log hazard of the reference profile against its level, held to what is claimed, shape (period,)."""
    course = walk(prior_set, vocabulary.timeline)
    held = unknown.log_ratio @ course.held
    if not len(course.steps):
        return held
    return (
        held + unknown.spread[str(prior_set.baseline.spread)] * pm.Normal("baseline_step", dims="step") @ course.steps
    )


def over_time(attribute: Attribute, prior_set: PriorSet, vocabulary: Vocabulary, unknown: Unknown) -> Any:
    """Return what is added to the log hazard in each period, to be broadcast over cells; nothing at the reference.

    The span of an ordered attribute, and the ratio of each level of another to its reference, deviate in each period;
    deviations sum to zero over the study and are shrunk. A drift is a ratio that is multiplied by a claimed one from
    a period on.
    """
    name, moved = attribute.name, pt.zeros((len(attribute.names), len(vocabulary.timeline.periods)))
    if name in prior_set.over_time:
        scale = unknown.spread[prior_set.over_time[name]]
        if attribute.ordered:
            moved += unknown.shape[name][:, None] * (
                scale * pm.ZeroSumNormal(f"{name}_over_time_offset", dims="period")
            )
        else:
            offset = pm.ZeroSumNormal(f"{name}_over_time_offset", dims=(f"{name}_compared", "period"))
            others = np.array([np.equal(attribute.names, each) for each in compared(attribute)], dtype=float)
            moved += scale * (others.T @ offset)
    for place, prior in enumerate(prior_set.drifts):
        if prior.quantity.attribute == name:
            step = np.outer(membership(prior.quantity, attribute), since(prior.quantity, vocabulary.timeline))
            moved += unknown.log_drift[place] * step
    return along(pm.Deterministic(f"{name}_over_time", moved, dims=(name, "period")), name, vocabulary)


def level_effect(attribute: Attribute, prior_set: PriorSet, unknown: Unknown) -> Any:
    """Return the log hazard ratio of each level of an unordered attribute to its reference.

    A level has the claimed ratio; where a claim is about several levels, each varies about their typical member.
    """
    quantities = [prior.quantity for prior in prior_set.hazard_ratios]
    by_level = unknown.log_ratio @ np.array([membership(quantity, attribute) for quantity in quantities])
    for quantity in quantities:
        if quantity.attribute == attribute.name and quantity.spread is not None:
            offset = pm.Normal(f"{quantity.spread}_offset", dims=quantity.spread)
            members = np.array([np.equal(attribute.names, level) for level in quantity.levels], dtype=float)
            by_level += unknown.spread[quantity.spread] * (offset @ members)
    return pm.Deterministic(f"{attribute.name}_effect", by_level, dims=attribute.name)


def monotonic_shape(attribute: Attribute, prior_set: PriorSet) -> Any:
    """Return a shape that rises from 0 at the lowest level to 1 at the highest (Buerkner & Charpentier 2020)."""
    dim = f"{attribute.name}_step"
    concentration = np.full(len(attribute.names) - 1, prior_set.step_concentration)
    steps = simplex(f"{attribute.name}_steps", concentration, dim)
    return pm.Deterministic(f"{attribute.name}_shape", pt.concatenate([[0.0], pt.cumsum(steps)]), dims=attribute.name)


def simplex(name: str, concentration: Any, dim: str) -> Any:
    """Return shares of a whole by a Dirichlet; one share alone is the whole, and nothing random."""
    return pm.Dirichlet(name, concentration, dims=dim) if len(concentration) > 1 else pt.ones(1)


def along(values: Any, attribute: str, vocabulary: Vocabulary) -> Any:
    """Return values by the levels of an attribute, with or without periods, laid along its axis of the table of cells.

    The last dimension is that of the levels; or of the periods, where that of the levels comes before it.
    """
    axes = [len(vocabulary[name].names) if name == attribute else 1 for name in vocabulary.names]
    periods = values.shape[1:] if values.ndim > 1 else ()
    return values.reshape((*axes, *periods))


def given(name: str, values: Any) -> Any:
    """Return prior parameters as data: other ones make another fit of the same compiled model."""
    values = np.asarray(values, dtype=float)
    return pm.Data(name, values, shape=values.shape)


def heads(prior_set: PriorSet, corps: Corps, vocabulary: Vocabulary) -> Any:
    """Return how many men serve in each cell when the study begins, as a table of cells."""
    low, high = np.log(corps.heads).T
    of_class = pm.LogNormal("heads", (low + high) / 2, (high - low) / 2 / NORMAL_90, dims="service_class")
    community = vocabulary.community.name
    share = pt.stack([class_share(name, prior_set, corps, vocabulary) for name in corps.classes])
    pm.Deterministic(f"{community}_share", share, dims=("service_class", community))
    of_cell = np.indices(vocabulary.shape)[0].ravel()
    found = of_class[corps.class_of] * share[corps.class_of, of_cell]
    for table, level in zip(corps.tables, np.indices(vocabulary.shape)[1:], strict=True):
        found *= table_share(table, level.ravel())
    return found.reshape(vocabulary.shape)


def table_share(table: Table, level: IntArray) -> Any:
    """Return the share of each cell's level, given by cell, in its row of a table of who serves, shape (cell,).

    The expected shares, each by a factor that is as uncertain as if so many men had been counted as the table's
    strength says, and made shares again.
    """
    row, stated = np.nonzero(table.shares)
    offset = pm.Normal(f"{table.attribute}_table_offset", dims=f"{table.attribute}_entry")
    weight = table.shares[row, stated] * pt.exp(offset / np.sqrt(table.strength))
    whole = weight @ np.equal.outer(row, np.arange(len(table.shares))).astype(float)
    entry = np.zeros(table.shares.shape, dtype=int)
    entry[row, stated] = np.arange(len(row))
    return weight[entry[table.row, level]] / whole[table.row]


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


def newsworthiness(prior_set: PriorSet, vocabulary: Vocabulary) -> Any:
    """Return the log of how much more readily a list names a man of each cell than one at the lowest level, by cell.

    Each step up an attribute multiplies the odds by the same factor.
    """
    log_weight: Any = pt.zeros(vocabulary.shape)
    for name, mean, sd in prior_set.newsworthiness:
        step = pm.Normal(f"log_{name}_newsworthiness", mean, sd)
        weight = step * np.arange(len(vocabulary[name].names))
        pm.Deterministic(f"{name}_newsworthiness", pt.exp(weight), dims=name)
        log_weight += along(weight, name, vocabulary)
    return log_weight.ravel()


def counted(serving: Any, rows: Counted) -> Any:
    """Return how many men each row speaks of: those who leave in its window, or serve at its start."""
    return SMALLEST_SHARE + serving[rows.start] - rows.leaves * serving[rows.end]


def expected_share(serving: Any, rows: Counted) -> Any:
    """Return the share that each row speaks of: of its whole, those who leave in its window or serve at its start."""
    return within(counted(serving, rows) / (2 * SMALLEST_SHARE + serving[rows.whole]))


def expected_list(serving: Any, rows: Lists) -> Any:
    """Return the share of each place in its list: of those who leave, the part that the place counts."""
    left = rows.used * (serving[rows.start] - serving[rows.end])
    placed = left * (1 - rows.remainder)
    left = placed + rows.remainder * (left - placed.sum(axis=1, keepdims=True))
    return SMALLEST_SHARE + left / (SMALLEST_SHARE + left.sum(axis=1, keepdims=True))


def one_by_one(hazard: Any, officers: Officers) -> None:
    """Add officers of whom each is known, given the monthly hazard of a cell in a period."""
    dated_defections("dated_officers", pt.log(hazard), officers.events, officers.exposure, dims=("cell", "period"))
    gone = -pt.expm1(-(hazard[officers.undated_cells] * officers.undated_months).sum(axis=1))
    left = pm.Data("undated_officers_reported", officers.undated_counts, dims="undated_window")
    pm.Binomial("undated_officers", officers.undated_at_risk, gone, observed=left, dims="undated_window")


def within(share: Any) -> Any:
    """Return a share kept from 0 and 1."""
    return SMALLEST_SHARE + (1 - 2 * SMALLEST_SHARE) * share


def compared(attribute: Attribute) -> list[str]:
    """Return the levels of an attribute that are set against its reference."""
    return [level for level in attribute.names if level != attribute.reference]


def entries(table: Table, vocabulary: Vocabulary) -> list[str]:
    """Return what the shares of a table are called: the number of their row, from one, and their level."""
    names = vocabulary[table.attribute].names
    return [f"row {row + 1}, {names[level]}" for row, level in zip(*np.nonzero(table.shares), strict=True)]


def coordinates(prior_set: PriorSet, corps: Corps, vocabulary: Vocabulary, design: Design) -> dict[str, Any]:
    """Return the names along every dimension."""
    quantities = [prior.quantity for prior in prior_set.hazard_ratios]
    community, attributes = vocabulary.community, vocabulary.attributes
    return {
        **{attribute.name: attribute.names for attribute in attributes},
        **{f"{attribute.name}_step": attribute.names[1:] for attribute in attributes if attribute.ordered},
        **{f"{attribute.name}_compared": compared(attribute) for attribute in attributes if not attribute.ordered},
        "cell": [" ".join(cell) for cell in vocabulary.cells],
        "period": vocabulary.timeline.period_names,
        "quantity": [quantity.name for quantity in quantities],
        "drift": [prior.quantity.name for prior in prior_set.drifts],
        "spread_of": [spread.name for spread in prior_set.spreads],
        **{each.spread: each.levels for each in quantities if each.spread and each.levels},
        "step": [f"step {place + 1}" for place in range(len(walk(prior_set, vocabulary.timeline).steps))],
        "service_class": corps.classes,
        **{f"{table.attribute}_entry": entries(table, vocabulary) for table in corps.tables},
        **{
            f"rest_of_{name}_{community.name}": np.delete(
                community.names, [] if prior.claimed is None else prior.claimed
            ).tolist()
            for name, prior in zip(corps.classes, prior_set.community_shares, strict=True)
        },
        **design.coordinates,
    }
