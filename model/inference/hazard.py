"""From parameters to hazards: the definition, over arrays of draws or, for samplers that differentiate it, JAX arrays.

    log hazard[cell, period] = baseline[period] + sect[s] + rank_effect * m_rank[r]
                               + (eliteness_effect + eliteness_by_sect[s]) * m_eliteness[e]
                               + (proximity_effect + proximity_by_sect[s]) * m_proximity[p]

The `m_*` are monotonic: 0 at the lowest level, 1 at the highest, the steps a simplex (Buerkner & Charpentier 2020).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.inference.namespaces import Namespace
from priors.elicitation import PriorSet
from priors.vocabulary import Vocabulary

Array = Any
"""A NumPy array or a JAX one; leading dimensions, if any, are draws."""

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Parameters:
    """What is sampled; every other value of the model follows from it.

    Attributes
    ----------
    quantities : (..., quantity)
        Log hazard ratios, and the log cumulative hazard of the reference profile, of the fitted quantities.
    scales : (..., scale)
        Spreads of the groups about the claimed values, in log hazard.
    deviations : (..., deviation)
        Standard normal: smaller communities, then eliteness and proximity by sect, then steps of the baseline.
    simplex_parts : (..., simplex_part)
        Independent gammas of unit rate; normalised within a simplex they are Dirichlet.
    log_count_concentration : (...)
        Log of the Dirichlet-multinomial concentration of counted lists.
    """

    quantities: Array
    scales: Array
    deviations: Array
    simplex_parts: Array
    log_count_concentration: Array


@dataclass(frozen=True)
class Layout:
    """The constant arrays that say which part of the parameters is what.

    Attributes
    ----------
    sect_of_cell, rank_of_cell, eliteness_of_cell, proximity_of_cell : ndarray of int, shape (cell,)
    quantity_to_sect, minority_to_sect : ndarray, shapes (quantity, sect) and (minority, sect)
        Which claimed effect, and which deviation, a sect takes.
    zero_sum : ndarray, shape (sect - 1, sect)
        Orthonormal rows that sum to zero: standard normals times it are a ZeroSumNormal.
    simplex_of_part : ndarray, shape (simplex, simplex_part)
        One where a part belongs to a simplex.
    to_rank, to_eliteness, to_proximity : ndarray, shape (simplex_part, level)
        One where a step lies below a level.
    to_rest : tuple of ndarray, shape (simplex_part, sect)
        For each class: where the shares of the sects that no claim speaks of go.
    claimed : tuple of (ndarray of shape (sect,), int, int)
        For each class: the sect with a claimed share, the part that is its share, the part that is the rest.
    period_months : ndarray, shape (period,)
    """

    quantity_names: tuple[str, ...]
    scale_names: tuple[str, ...]
    deviation_names: tuple[str, ...]
    simplex_part_names: tuple[str, ...]
    sect_of_cell: NDArray[np.intp]
    rank_of_cell: NDArray[np.intp]
    eliteness_of_cell: NDArray[np.intp]
    proximity_of_cell: NDArray[np.intp]
    quantity_to_sect: FloatArray
    minority_to_sect: FloatArray
    zero_sum: FloatArray
    simplex_of_part: FloatArray
    to_rank: FloatArray
    to_eliteness: FloatArray
    to_proximity: FloatArray
    to_rest: tuple[FloatArray, ...]
    claimed: tuple[tuple[FloatArray, int, int], ...]
    period_months: FloatArray

    @property
    def steps(self) -> int:
        """The number of steps of the three monotonic effects together."""
        return sum(part.shape[1] - 1 for part in (self.to_rank, self.to_eliteness, self.to_proximity))


@dataclass(frozen=True)
class Hazards:
    """The effects and tables that a set of parameters amounts to.

    Attributes
    ----------
    sect : (..., sect)
        Log hazard ratio to the reference sect.
    rank, eliteness, proximity : (..., level)
        Monotonic shape, 0 at the lowest level and 1 at the highest.
    eliteness_by_sect, proximity_by_sect : (..., sect)
        Deviation of a sect's effect from the typical one; sums to zero.
    baseline : (..., period)
        Log monthly hazard of the reference profile.
    log_relative_hazard : (..., cell)
        Log hazard ratio of each cell to the reference profile.
    sect_shares : tuple of (..., sect)
        Shares of the sects among officers and among the enlisted.
    """

    sect: Array
    rank: Array
    eliteness: Array
    proximity: Array
    eliteness_by_sect: Array
    proximity_by_sect: Array
    baseline: Array
    log_relative_hazard: Array
    sect_shares: tuple[Array, ...]


def make_layout(vocabulary: Vocabulary, prior_set: PriorSet, scale_names: tuple[str, ...]) -> Layout:
    """Return the constants of the model for a vocabulary and the quantities of a prior set."""
    sects = vocabulary["sect"].names
    quantities = prior_set.fitted
    minorities = next(prior.quantity.levels for prior in quantities if prior.quantity.name == "minority_ratio")
    of_cell = np.indices(vocabulary.shape).reshape(len(vocabulary.shape), -1)
    sizes, part_names = _simplexes(vocabulary)
    starts = np.cumsum([0, *sizes])
    return Layout(
        quantity_names=tuple(prior.quantity.name for prior in quantities),
        scale_names=scale_names,
        deviation_names=_deviation_names(minorities, sects),
        simplex_part_names=part_names,
        sect_of_cell=of_cell[0],
        rank_of_cell=of_cell[1],
        eliteness_of_cell=of_cell[2],
        proximity_of_cell=of_cell[3],
        quantity_to_sect=np.array([[float(sect in prior.quantity.levels) for sect in sects] for prior in quantities]),
        minority_to_sect=np.array([[float(sect == name) for sect in sects] for name in minorities]),
        zero_sum=_zero_sum_basis(len(sects)),
        simplex_of_part=np.repeat(np.eye(len(sizes)), sizes, axis=1),
        to_rank=_steps_below(starts[0], sizes[0], starts[-1]),
        to_eliteness=_steps_below(starts[1], sizes[1], starts[-1]),
        to_proximity=_steps_below(starts[2], sizes[2], starts[-1]),
        to_rest=tuple(
            _rest(starts[4 + 2 * row], share.claimed, len(sects), starts[-1])
            for row, share in enumerate(prior_set.sect_shares)
        ),
        claimed=tuple(
            (np.eye(len(sects))[share.claimed], int(starts[3 + 2 * row]), int(starts[3 + 2 * row]) + 1)
            for row, share in enumerate(prior_set.sect_shares)
        ),
        period_months=vocabulary.study.months(vocabulary.study.window),
    )


def hazards(parameters: Parameters, layout: Layout, xp: Namespace) -> Hazards:
    """Return the effects and the hazard table of parameters.

    Parameters
    ----------
    parameters : Parameters
        Vectors (NumPy or JAX), or arrays whose leading dimension is draws (NumPy).
    xp : Namespace
        The functions of the arrays given.
    """
    quantity = {name: parameters.quantities[..., i, None] for i, name in enumerate(layout.quantity_names)}
    scale = {name: parameters.scales[..., i, None] for i, name in enumerate(layout.scale_names)}
    sects, minorities = layout.zero_sum.shape[1], layout.minority_to_sect.shape[0]
    cuts = np.cumsum([minorities, sects - 1, sects - 1])
    deviations = parameters.deviations
    sect = (
        parameters.quantities @ layout.quantity_to_sect
        + (scale["minority_scale"] * deviations[..., : cuts[0]]) @ layout.minority_to_sect
    )
    eliteness_by_sect = (scale["eliteness_by_sect_scale"] * deviations[..., cuts[0] : cuts[1]]) @ layout.zero_sum
    proximity_by_sect = (scale["proximity_by_sect_scale"] * deviations[..., cuts[1] : cuts[2]]) @ layout.zero_sum
    parts = parameters.simplex_parts
    simplexes = parts / ((parts @ layout.simplex_of_part.T) @ layout.simplex_of_part)
    rank, eliteness, proximity = (
        simplexes @ steps for steps in (layout.to_rank, layout.to_eliteness, layout.to_proximity)
    )
    log_relative_hazard = (
        sect[..., layout.sect_of_cell]
        + (quantity["rank_ratio"] * rank)[..., layout.rank_of_cell]
        + (quantity["eliteness_ratio"] + eliteness_by_sect)[..., layout.sect_of_cell]
        * eliteness[..., layout.eliteness_of_cell]
        + (quantity["proximity_ratio"] + proximity_by_sect)[..., layout.sect_of_cell]
        * proximity[..., layout.proximity_of_cell]
    )
    baseline = _baseline(quantity, scale["baseline_scale"] * deviations[..., cuts[2] :], layout, xp)
    sect_shares = tuple(
        simplexes[..., one, None] * claimed + simplexes[..., rest, None] * (simplexes @ to_rest)
        for (claimed, one, rest), to_rest in zip(layout.claimed, layout.to_rest, strict=True)
    )
    return Hazards(
        sect, rank, eliteness, proximity, eliteness_by_sect, proximity_by_sect, baseline, log_relative_hazard,
        sect_shares,
    )  # fmt: skip


def _baseline(quantity: dict[str, Array], steps: Array, layout: Layout, xp: Namespace) -> Array:
    """Return the log baseline hazard, shape (..., period).

    A random walk about the level of 2012, pinned by the claimed ratios of the first and the last period, with the
    year 2013 a bridge between; the level is set so that the reference profile's cumulative hazard over the study
    is the quantity that the claims speak of.
    """
    half, bridge = steps[..., 0, None] / 2, steps[..., 1, None] / np.sqrt(2)
    last = quantity["decline_ratio"]
    shape = xp.concatenate([quantity["onset_ratio"], -half, half, (half + last) / 2 + bridge, last], axis=-1)
    cumulative = (xp.exp(shape) @ layout.period_months)[..., None]
    return quantity["reference_risk"] + shape - xp.log(cumulative)


def _simplexes(vocabulary: Vocabulary) -> tuple[list[int], tuple[str, ...]]:
    """Return the size of each simplex and the names of its parts: three ways up, then two for each class."""
    names: list[list[str]] = [
        [f"{attribute} to {level}" for level in vocabulary[attribute].names[1:]]
        for attribute in ("rank", "eliteness", "proximity")
    ]
    others = len(vocabulary["sect"].names) - 1
    for service_class in ("officers", "enlisted"):
        names.append([f"{service_class} claimed", f"{service_class} rest"])
        names.append([f"{service_class} rest {index + 1}" for index in range(others)])
    return [len(part) for part in names], tuple(name for part in names for name in part)


def _deviation_names(minorities: tuple[str, ...], sects: tuple[str, ...]) -> tuple[str, ...]:
    contrasts = range(1, len(sects))
    return (
        *minorities,
        *(f"eliteness by sect {i}" for i in contrasts),
        *(f"proximity by sect {i}" for i in contrasts),
        "baseline within 2012",
        "baseline at 2013",
    )


def _zero_sum_basis(size: int) -> FloatArray:
    """Return Helmert contrasts: orthonormal rows that sum to zero, shape (size - 1, size)."""
    basis = np.tril(np.ones((size, size)), -1)[1:] - np.diag(np.arange(size, dtype=float))[1:]
    scaled: FloatArray = basis / np.linalg.norm(basis, axis=1, keepdims=True)
    return scaled


def _steps_below(start: int, size: int, parts: int) -> FloatArray:
    """Return the matrix that sums the steps below each level, shape (part, level)."""
    matrix = np.zeros((parts, size + 1))
    matrix[start : start + size] = np.triu(np.ones((size, size + 1)), 1)
    return matrix


def _rest(start: int, claimed: int, sects: int, parts: int) -> FloatArray:
    matrix = np.zeros((parts, sects))
    matrix[start : start + sects - 1] = np.delete(np.eye(sects), claimed, axis=0)
    return matrix
