"""From parameters to the hazard table and the corps shares, and from their gradient back to the parameters'."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from model.inference.kernel.arrays import compiled, times, times_transposed


class Table(NamedTuple):
    """Hazards, who serves, and what the way back needs to know of the way there.

    Attributes
    ----------
    log_relative, cell_shares : (cell,)
    log_baseline : (period,)
    weights : (period,)
        The share of each period in the cumulative hazard of the study.
    simplexes, totals : (simplex_part,)
        Parts over the sum of their simplex, and that sum.
    rank, eliteness, proximity : (level,)
    eliteness_slope, proximity_slope : (sect,)
        Effect of the highest level in each sect.
    rest : (class, sect)
        Shares of the sects that no claim speaks of, of the rest.
    """

    log_relative: Any
    cell_shares: Any
    log_baseline: Any
    weights: Any
    simplexes: Any
    totals: Any
    rank: Any
    eliteness: Any
    proximity: Any
    eliteness_slope: Any
    proximity_slope: Any
    rest: Any


class Slopes(NamedTuple):
    """The gradient of the log-likelihood with respect to the table.

    Attributes
    ----------
    of_relative, of_shares : (cell,)
        With respect to log relative hazards and corps shares.
    of_baseline : (period,)
        With respect to log baseline hazards.
    """

    of_relative: Any
    of_shares: Any
    of_baseline: Any


@compiled
def table_of(point: Any, structure: Any) -> Table:
    """Return what the parameters amount to; `model.inference.hazard.hazards` in loops."""
    quantities, scales, simplex_parts = point.quantities, point.scales, point.simplex_parts
    minority, by_eliteness, by_proximity, steps = _parts(point.deviations, structure)
    scale, place = structure.scale_place, structure.quantity_place
    sect = times(quantities, structure.quantity_to_sect) + scales[scale[0]] * times(
        minority, structure.minority_to_sect
    )
    eliteness_slope = quantities[place[1]] + scales[scale[1]] * times(by_eliteness, structure.zero_sum)
    proximity_slope = quantities[place[2]] + scales[scale[2]] * times(by_proximity, structure.zero_sum)
    simplexes, totals = np.empty_like(simplex_parts), np.empty_like(simplex_parts)
    for first, last in zip(structure.simplex_start[:-1], structure.simplex_start[1:]):  # noqa: B905 - not in Numba
        totals[first:last] = simplex_parts[first:last].sum()
        simplexes[first:last] = simplex_parts[first:last] / totals[first]
    rank = times(simplexes, structure.to_rank)
    eliteness = times(simplexes, structure.to_eliteness)
    proximity = times(simplexes, structure.to_proximity)
    rest = np.empty_like(structure.claimed_sect)
    shares = np.empty_like(structure.claimed_sect)
    for group in range(len(shares)):
        one, other = structure.claimed_part[group]
        rest[group] = times(simplexes, structure.to_rest[group])
        shares[group] = simplexes[one] * structure.claimed_sect[group] + simplexes[other] * rest[group]
    log_relative, cell_shares = np.empty(len(structure.sect_of_cell)), np.empty(len(structure.sect_of_cell))
    for cell in range(len(log_relative)):
        s = structure.sect_of_cell[cell]
        log_relative[cell] = (
            sect[s]
            + quantities[place[0]] * rank[structure.rank_of_cell[cell]]
            + eliteness_slope[s] * eliteness[structure.eliteness_of_cell[cell]]
            + proximity_slope[s] * proximity[structure.proximity_of_cell[cell]]
        )
        cell_shares[cell] = (
            shares[0, s] * structure.within_sect[0, cell] + shares[1, s] * structure.within_sect[1, cell]
        )
    shape = _baseline_shape(quantities[place[3]], quantities[place[4]], scales[scale[3]] * steps)
    weights = np.exp(shape) * structure.period_months
    cumulative = weights.sum()
    return Table(
        log_relative, cell_shares, quantities[place[5]] + shape - np.log(cumulative), weights / cumulative,
        simplexes, totals, rank, eliteness, proximity, eliteness_slope, proximity_slope, rest,
    )  # fmt: skip


@compiled
def pulled_back(point: Any, table: Any, structure: Any, slopes: Any) -> Any:
    """Return the gradient with respect to the four vectors of parameters, given that with respect to the table.

    Parameters
    ----------
    slopes : Slopes
    """
    quantities, scales, deviations = point.quantities, point.scales, point.deviations
    of_relative, of_shares, of_baseline = slopes.of_relative, slopes.of_shares, slopes.of_baseline
    scale, place = structure.scale_place, structure.quantity_place
    sects = structure.zero_sum.shape[1]
    of_sect, of_eliteness_slope, of_proximity_slope = np.zeros(sects), np.zeros(sects), np.zeros(sects)
    of_rank, of_eliteness = np.zeros_like(table.rank), np.zeros_like(table.eliteness)
    of_proximity = np.zeros_like(table.proximity)
    of_class = np.zeros_like(structure.claimed_sect)
    for cell in range(len(of_relative)):
        s, slope = structure.sect_of_cell[cell], of_relative[cell]
        e, p = structure.eliteness_of_cell[cell], structure.proximity_of_cell[cell]
        of_sect[s] += slope
        of_rank[structure.rank_of_cell[cell]] += slope
        of_eliteness_slope[s] += slope * table.eliteness[e]
        of_eliteness[e] += slope * table.eliteness_slope[s]
        of_proximity_slope[s] += slope * table.proximity[p]
        of_proximity[p] += slope * table.proximity_slope[s]
        of_class[0, s] += of_shares[cell] * structure.within_sect[0, cell]
        of_class[1, s] += of_shares[cell] * structure.within_sect[1, cell]

    of_quantities = times_transposed(structure.quantity_to_sect, of_sect)
    of_quantities[place[0]] += (of_rank * table.rank).sum()
    of_quantities[place[1]] += of_eliteness_slope.sum()
    of_quantities[place[2]] += of_proximity_slope.sum()
    of_scales, of_deviations = np.zeros_like(scales), np.zeros_like(deviations)
    minority, by_eliteness, by_proximity, steps = _parts(deviations, structure)
    of_minority, of_by_eliteness, of_by_proximity, of_steps = _parts(of_deviations, structure)
    for number, own, of_own, per_unit in (
        (0, minority, of_minority, times_transposed(structure.minority_to_sect, of_sect)),
        (1, by_eliteness, of_by_eliteness, times_transposed(structure.zero_sum, of_eliteness_slope)),
        (2, by_proximity, of_by_proximity, times_transposed(structure.zero_sum, of_proximity_slope)),
    ):
        of_scales[scale[number]] += (own * per_unit).sum()
        of_own[:] = scales[scale[number]] * per_unit

    of_simplexes = (
        times_transposed(structure.to_rank, quantities[place[0]] * of_rank)
        + times_transposed(structure.to_eliteness, of_eliteness)
        + times_transposed(structure.to_proximity, of_proximity)
    )
    for group in range(len(of_class)):
        one, other = structure.claimed_part[group]
        of_simplexes[one] += (of_class[group] * structure.claimed_sect[group]).sum()
        of_simplexes[other] += (of_class[group] * table.rest[group]).sum()
        of_simplexes += table.simplexes[other] * times_transposed(structure.to_rest[group], of_class[group])
    of_parts = np.empty_like(of_simplexes)
    for first, last in zip(structure.simplex_start[:-1], structure.simplex_start[1:]):  # noqa: B905 - not in Numba
        mean = (of_simplexes[first:last] * table.simplexes[first:last]).sum()
        of_parts[first:last] = (of_simplexes[first:last] - mean) / table.totals[first]

    total = of_baseline.sum()
    of_quantities[place[5]] += total
    of_shape = of_baseline - total * table.weights
    of_quantities[place[3]] += of_shape[0]
    of_quantities[place[4]] += of_shape[3] / 2 + of_shape[4]
    of_half, of_bridge = (of_shape[2] + of_shape[3] / 2 - of_shape[1]) / 2, of_shape[3] / np.sqrt(2)
    of_scales[scale[3]] += steps[0] * of_half + steps[1] * of_bridge
    of_steps[0], of_steps[1] = scales[scale[3]] * of_half, scales[scale[3]] * of_bridge
    return of_quantities, of_scales, of_deviations, of_parts


@compiled
def _parts(deviations: Any, structure: Any) -> Any:
    """Return the deviations of smaller communities, of eliteness and of proximity by sect, and of the baseline."""
    minorities, contrasts = len(structure.minority_to_sect), len(structure.zero_sum)
    second, third = minorities + contrasts, minorities + 2 * contrasts
    return deviations[:minorities], deviations[minorities:second], deviations[second:third], deviations[third:]


@compiled
def _baseline_shape(onset: Any, decline: Any, steps: Any) -> Any:
    half, bridge = steps[0] / 2, steps[1] / np.sqrt(2)
    return np.array([onset, -half, half, (half + decline) / 2 + bridge, decline])
