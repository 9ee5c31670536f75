"""What each attribute adds to the log hazard of a profile: Shapley values against the average of the armed forces."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

from model.risk.draws import Draws
from priors.vocabulary import Profile

Coalition = tuple[int, ...]
"""The attributes known in it, as axes in order."""

CoalitionValues = Mapping[Coalition, NDArray[np.float32]]
"""For each coalition but the full one its value at every level of its attributes, shape (level, ..., draw)."""


@cache
def coalitions(attributes: int) -> tuple[Coalition, ...]:
    """Return every set of so many attributes, the fullest first."""
    axes = range(attributes)
    return tuple(each for size in reversed(range(attributes + 1)) for each in combinations(axes, size))


def coalition_values(draws: Draws) -> CoalitionValues:
    """Return what is expected of the log hazard when only some attributes are known.

    Notes
    -----
    `v(S)(x) = sum over cells c of share(c) x L(x_S, c_not-S)`, `L` the log relative hazard: the interventional
    value function of Janzing, Minorics and Bloebaum (2020). It depends on neither the window nor the baseline, so a
    table works it out once. The full coalition's value is `L` itself.
    """
    everything, shape = draws.selection({}), draws.vocabulary.shape
    draw = len(shape)
    axes = range(draw)
    values = {
        coalition: np.empty((*(shape[axis] for axis in coalition), draws.count), np.float32)
        for coalition in coalitions(len(shape))[1:]
    }
    for part in draws.parts():
        hazards = draws.hazards(everything, part)
        marginals = _marginals(draws.shares(everything, part))
        for coalition, value in values.items():
            rest = tuple(axis for axis in axes if axis not in coalition)
            value[..., part] = np.einsum(hazards, [*axes, draw], marginals[rest], [*rest, draw], [*coalition, draw])
    return values


def contributions(draws: Draws, values: CoalitionValues, profile: Profile) -> NDArray[np.float64]:
    """Return the Shapley values of the log hazard of a profile.

    A profile that leaves attributes open has the mean, weighted by the forces, of the values of its cells; so all
    attributes have one, and they sum to the expected log hazard given the profile less that of the armed forces.

    Parameters
    ----------
    values : mapping of coalition to ndarray
        From `coalition_values` of the same draws.
    profile : mapping of str to str
        Attributes in the names of their levels; any may be missing.

    Returns
    -------
    ndarray, shape (attribute, draw)
    """
    attributes = len(draws.vocabulary.shape)
    result = np.zeros((attributes, draws.count))
    if not profile:
        # Averaged over all the forces the value of a coalition is that of its complement, so every gain in the sum
        # below meets its loss: exactly nothing, which floating point would only come near.
        return result
    for part in draws.parts():
        expected = _expected(draws, values, profile, part)
        for axis in range(attributes):
            for coalition in coalitions(attributes):
                if axis not in coalition:
                    joined = tuple(sorted((*coalition, axis)))
                    gain = expected[joined] - expected[coalition]
                    result[axis, part] += _weight(len(coalition), attributes) * gain
    return result


def _expected(
    draws: Draws, values: CoalitionValues, profile: Profile, part: slice
) -> dict[Coalition, NDArray[np.float64]]:
    """Return the mean of every coalition's value over the cells that agree with a profile, each of shape (draw,)."""
    selection = draws.selection(profile)
    shares = draws.shares(selection, part)
    draw = len(selection)
    marginals = _marginals(shares / shares.sum(axis=tuple(range(draw))))
    full, *others = coalitions(draw)
    chosen: dict[Coalition, NDArray[np.floating]] = {full: draws.hazards(selection, part)}
    chosen |= {coalition: values[coalition][*(selection[axis] for axis in coalition), part] for coalition in others}
    return {
        coalition: np.einsum(marginals[coalition], [*coalition, draw], value, [*coalition, draw], [draw])
        for coalition, value in chosen.items()
    }


def _marginals(shares: NDArray[np.float64]) -> dict[Coalition, NDArray[np.float64]]:
    """Return the sums of shares over the attributes outside each coalition, shape (level, ..., draw)."""
    full, *others = coalitions(shares.ndim - 1)
    marginals = {full: shares}
    for coalition in others:
        missing = next(axis for axis in full if axis not in coalition)
        larger = tuple(sorted((*coalition, missing)))
        marginals[coalition] = marginals[larger].sum(axis=larger.index(missing))
    return marginals


def _weight(size: int, attributes: int) -> float:
    """Return how many of the orderings of the attributes let a coalition of a size come just before a given other."""
    return factorial(size) * factorial(attributes - 1 - size) / factorial(attributes)
