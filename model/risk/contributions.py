"""By what factor each attribute takes the risk of all the forces to that of a profile: Shapley values of its log."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.risk.draws import Draws
from priors.timeline import Window
from priors.vocabulary import Profile

Coalition = tuple[int, ...]
"""The attributes known in it, as axes in order."""

CoalitionRisks = Mapping[Coalition, NDArray[np.float32]]
"""For each coalition the risk at every level of its attributes, shape (level, ..., draw)."""

Marginals = Mapping[Coalition, NDArray[np.float64]]
"""For each coalition the shares of the forces at every level of its attributes, shape (level, ..., draw)."""

SMALLEST = float(np.finfo(np.float32).tiny)
"""The least risk that another is divided by: a hazard may be too small for its risk to be told from 0."""


@cache
def coalitions(axes: Coalition) -> tuple[Coalition, ...]:
    """Return every set of some attributes, the fullest first."""
    return tuple(each for size in reversed(range(len(axes) + 1)) for each in combinations(axes, size))


def coalition_risks(draws: Draws, window: Window) -> CoalitionRisks:
    """Return the risk in a window when only some attributes are known, and the others are as in all the forces.

    Notes
    -----
    `v(S)(x) = sum over cells c of share(c) x risk(x_S, c_not-S)`: the interventional value function of Janzing,
    Minorics and Bloebaum (2020). With no attribute known it is the risk of the forces, with all that of a cell; these
    two are left out.
    """
    everything, shape = draws.selection({}), draws.vocabulary.shape
    axes, draw = tuple(range(len(shape))), len(shape)
    values = {
        coalition: np.empty((*(shape[axis] for axis in coalition), draws.count), np.float32)
        for coalition in coalitions(axes)[1:-1]
    }
    for part in draws.parts():
        exposure = draws.exposures((window,), part=part)[0]
        risks = -np.expm1(-np.exp(draws.hazards(everything, part)) * exposure)
        marginals = _marginals(draws.shares(everything, part), axes)
        for coalition, value in values.items():
            rest = tuple(axis for axis in axes if axis not in coalition)
            value[..., part] = np.einsum(risks, [*axes, draw], marginals[rest], [*rest, draw], [*coalition, draw])
    return values


def contributions(
    draws: Draws, values: CoalitionRisks, profile: Profile, *, risk: NDArray[np.float64], corps: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the Shapley values of the log of a profile's expected risk, and of its log risk in each draw.

    Each says by what factor knowing an attribute multiplies the risk, over all orders in which the attributes may
    become known. They sum to the log of the risk of the profile over that of the forces. What a profile leaves open
    has a part in that too: its men are not spread over the other attributes as all the forces are.

    Parameters
    ----------
    values : mapping of coalition to ndarray
        From `coalition_risks` of the same draws in the same window.
    profile : mapping of str to str
        Attributes in the names of their levels; any may be missing.
    risk, corps : ndarray, shape (draw,)
        The risk of the profile, and of all the forces, in that window.

    Returns
    -------
    tuple of ndarray, shapes (attribute,) and (attribute, draw)
    """
    axes = tuple(range(len(draws.vocabulary.shape)))
    if not profile:
        # Averaged over all the forces the value of a coalition is that of its complement, so every gain in the sum
        # below meets its loss: exactly nothing, which floating point would only come near.
        return np.zeros(len(axes)), np.zeros((len(axes), draws.count))
    risks = {axes: risk, (): corps} | {coalition: np.empty(draws.count) for coalition in values}
    for part in draws.parts(draws.selection(profile)):
        for coalition, value in _of_profile(draws, values, profile, part).items():
            risks[coalition][part] = value
    return (
        shapley({coalition: np.log(max(float(each.mean()), SMALLEST)) for coalition, each in risks.items()}, len(axes)),
        shapley({coalition: np.log(np.maximum(each, SMALLEST)) for coalition, each in risks.items()}, len(axes)),
    )


def shapley(values: Mapping[Coalition, Any], attributes: int) -> NDArray[np.float64]:
    """Return the Shapley value of each attribute, from the value of every coalition."""
    gains = [
        sum(weight * (values[joined] - values[coalition]) for coalition, joined, weight in _gains(axis, attributes))
        for axis in range(attributes)
    ]
    return np.array(gains)


def _of_profile(
    draws: Draws, values: CoalitionRisks, profile: Profile, part: slice
) -> dict[Coalition, NDArray[np.float64]]:
    """Return the mean of every coalition's risk over the cells that agree with a profile, each of shape (draw,)."""
    selection = draws.selection(profile)
    heads = draws.serving(selection, part)
    axes, draw = tuple(range(len(selection))), len(selection)
    marginals = _marginals(heads / heads.sum(axis=axes), axes)
    found = {}
    for coalition, value in values.items():
        chosen = value[*(selection[axis] for axis in coalition), part]
        found[coalition] = np.einsum(marginals[coalition], [*coalition, draw], chosen, [*coalition, draw], [draw])
    return found


def _marginals(shares: NDArray[np.float64], axes: Coalition) -> dict[Coalition, NDArray[np.float64]]:
    """Return the sums of shares over those of some attributes outside each coalition, shape (level, ..., draw)."""
    full, *others = coalitions(axes)
    marginals = {full: shares}
    for coalition in others:
        missing = next(axis for axis in full if axis not in coalition)
        larger = tuple(sorted((*coalition, missing)))
        marginals[coalition] = marginals[larger].sum(axis=larger.index(missing))
    return marginals


@cache
def _gains(axis: int, attributes: int) -> tuple[tuple[Coalition, Coalition, float], ...]:
    """Return the coalitions that an attribute may join, before and after, and the weight of each.

    The weight is the share of the orderings of the attributes in which those of the coalition come just before it.
    """
    others = tuple(other for other in range(attributes) if other != axis)
    return tuple(
        (coalition, tuple(sorted((*coalition, axis))), _weight(len(coalition), attributes))
        for coalition in coalitions(others)
    )


def _weight(size: int, attributes: int) -> float:
    return factorial(size) * factorial(attributes - 1 - size) / factorial(attributes)
