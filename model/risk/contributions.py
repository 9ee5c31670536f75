"""What each attribute adds to the log hazard of a profile: Shapley values against the average of the armed forces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

from model.risk.draws import Draws
from priors.timeline import Window
from priors.vocabulary import Profile

Coalition = tuple[int, ...]
"""The attributes known in it, as axes in order."""

CoalitionValues = Mapping[Coalition, NDArray[np.float32]]
"""For each coalition its value at every level of its attributes, shape (level, ..., draw)."""

Marginals = Mapping[Coalition, NDArray[np.float64]]
"""For each coalition the shares of the forces at every level of its attributes, shape (level, ..., draw)."""


@cache
def coalitions(axes: Coalition) -> tuple[Coalition, ...]:
    """Return every set of some attributes, the fullest first."""
    return tuple(each for size in reversed(range(len(axes) + 1)) for each in combinations(axes, size))


def coalition_values(draws: Draws) -> CoalitionValues:
    """Return what is expected of the log relative hazard when only some attributes are known.

    Notes
    -----
    `v(S)(x) = sum over cells c of share(c) x L(x_S, c_not-S)`, `L` the log cumulative hazard: the interventional value
    function of Janzing, Minorics and Bloebaum (2020). It is linear in `L`, the sum of the log relative hazard and the
    log exposure. The first part depends on no window, so that a table works it out once, here; the second depends on
    the attributes that move alone, and `exposure_values` works it out for each window. The full coalition's value of
    the first part is the log relative hazard itself, and is left out.
    """
    everything, shape = draws.selection({}), draws.vocabulary.shape
    axes = tuple(range(len(shape)))
    values = _empty(draws, coalitions(axes)[1:])
    for part in draws.parts():
        marginals = _marginals(draws.shares(everything, part), axes)
        _fill(values, draws.hazards(everything, part), marginals, axes, part)
    return values


def exposure_values(draws: Draws, window: Window) -> CoalitionValues:
    """Return what is expected of the log exposure in a window when only some of the attributes that move are known.

    It is less its mean over levels, which all coalitions share, so that single precision is enough.
    """
    everything, moving = draws.selection({}), draws.moving
    still = tuple(axis for axis in range(len(everything)) if axis not in moving)
    values = _empty(draws, coalitions(moving))
    for part in draws.parts():
        exposure = np.log(draws.exposures((window,), part=part)[0].squeeze(axis=still))
        exposure -= exposure.mean(axis=tuple(range(len(moving))))
        marginals = _marginals(draws.shares(everything, part).sum(axis=still), moving)
        _fill(values, exposure, marginals, moving, part)
    return values


def contributions(
    draws: Draws, values: CoalitionValues, exposures: CoalitionValues, profile: Profile
) -> NDArray[np.float64]:
    """Return the Shapley values of the log cumulative hazard of a profile.

    A profile that leaves attributes open has the mean, weighted by the forces, of the values of its cells; so all
    attributes have one, and they sum to the expected log hazard given the profile less that of the armed forces.

    Parameters
    ----------
    values, exposures : mapping of coalition to ndarray
        From `coalition_values` and `exposure_values` of the same draws, the latter in the window asked about.
    profile : mapping of str to str
        Attributes in the names of their levels; any may be missing.

    Returns
    -------
    ndarray, shape (attribute, draw)
    """
    result = np.zeros((len(draws.vocabulary.shape), draws.count))
    if not profile:
        # Averaged over all the forces the value of a coalition is that of its complement, so every gain in the sum
        # below meets its loss: exactly nothing, which floating point would only come near.
        return result
    for part in draws.parts(draws.selection(profile)):
        expected = _expected(draws, values, exposures, profile, part)
        for axis, coalition, joined, weight in _gains(len(result)):
            result[axis, part] += weight * (expected[joined] - expected[coalition])
    return result


def _expected(
    draws: Draws, values: CoalitionValues, exposures: CoalitionValues, profile: Profile, part: slice
) -> dict[Coalition, NDArray[np.float64]]:
    """Return the mean of every coalition's value over the cells that agree with a profile, each of shape (draw,)."""
    selection = draws.selection(profile)
    heads = draws.serving(selection, part)
    draw = len(selection)
    axes = tuple(range(draw))
    marginals = _marginals(heads / heads.sum(axis=axes), axes)

    def expected(coalition: Coalition, value: NDArray[np.floating]) -> NDArray[np.float64]:
        return np.asarray(np.einsum(marginals[coalition], [*coalition, draw], value, [*coalition, draw], [draw]))

    def chosen(from_values: CoalitionValues, coalition: Coalition) -> NDArray[np.floating]:
        return from_values[coalition][*(selection[axis] for axis in coalition), part]

    full, *others = coalitions(axes)
    relative = {full: expected(full, draws.hazards(selection, part))}
    relative |= {coalition: expected(coalition, chosen(values, coalition)) for coalition in others}
    exposed = {coalition: expected(coalition, chosen(exposures, coalition)) for coalition in coalitions(draws.moving)}
    # Of the log exposure an attribute that does not move tells nothing.
    return {
        coalition: value + exposed[tuple(axis for axis in coalition if axis in draws.moving)]
        for coalition, value in relative.items()
    }


def _empty(draws: Draws, of: Iterable[Coalition]) -> dict[Coalition, NDArray[np.float32]]:
    shape = draws.vocabulary.shape
    return {coalition: np.empty((*(shape[axis] for axis in coalition), draws.count), np.float32) for coalition in of}


def _fill(
    values: Mapping[Coalition, NDArray[np.float32]],
    hazards: NDArray[np.float64],
    marginals: Marginals,
    axes: Sequence[int],
    part: slice,
) -> None:
    """Write what each coalition of some attributes is to expect of hazards by their levels, in some draws."""
    draw = max(axes, default=-1) + 1
    for coalition, value in values.items():
        rest = tuple(axis for axis in axes if axis not in coalition)
        value[..., part] = np.einsum(hazards, [*axes, draw], marginals[rest], [*rest, draw], [*coalition, draw])


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
def _gains(attributes: int) -> tuple[tuple[int, Coalition, Coalition, float], ...]:
    """Return each attribute that may join a coalition, the coalition before and after, and the weight of that.

    The weight is the share of the orderings of the attributes in which those of the coalition come just before it.
    """
    axes = tuple(range(attributes))
    return tuple(
        (axis, coalition, tuple(sorted((*coalition, axis))), _weight(len(coalition), attributes))
        for axis in axes
        for coalition in coalitions(axes)
        if axis not in coalition
    )


def _weight(size: int, attributes: int) -> float:
    return factorial(size) * factorial(attributes - 1 - size) / factorial(attributes)
