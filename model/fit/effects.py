"""What a study declares of its hazards, as the matrices that lead from quantities to levels and to periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from priors.claims import Quantity
from priors.elicitation import PriorSet
from priors.timeline import Timeline
from priors.vocabulary import Attribute, Vocabulary

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Walk:
    """The log hazard of each period against the level: a random walk held to the claimed ratios between periods.

    Attributes
    ----------
    held : ndarray, shape (quantity, period)
        What each claimed ratio adds to each period.
    steps : ndarray, shape (step, period)
        What each standard normal step adds to each period, times the spread of the walk.
    """

    held: FloatArray
    steps: FloatArray


def membership(quantity: Quantity, attribute: Attribute) -> FloatArray:
    """Return one at the levels of an attribute that a claimed ratio is the effect of, shape (level,)."""
    own = quantity.levels if quantity.attribute == attribute.name else ()
    return np.isin(attribute.names, own).astype(float)


def moving(prior_set: PriorSet, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the attributes whose effect moves over time, in order."""
    drifting = {prior.quantity.attribute for prior in prior_set.drifts}
    return tuple(name for name in vocabulary.names if name in prior_set.over_time or name in drifting)


def courses(moving: Sequence[str], vocabulary: Vocabulary) -> NDArray[np.int64]:
    """Return which course over time each cell takes: one for every combination of levels that move, shape (cell,)."""
    shape = [len(each.names) if each.name in moving else 1 for each in vocabulary.attributes]
    places = np.arange(int(np.prod(shape))).reshape(shape)
    return np.broadcast_to(places, vocabulary.shape).ravel()


def since(quantity: Quantity, timeline: Timeline) -> FloatArray:
    """Return one in the periods from which on a drift applies, shape (period,)."""
    names = timeline.period_names
    return (np.arange(len(names)) >= names.index(str(quantity.since))).astype(float)


def walk(prior_set: PriorSet, timeline: Timeline) -> Walk:
    """Return how the baseline moves from period to period.

    The periods that set the level step about their own mean, which is zero. A period with a claimed ratio is held to
    it. Any other lies on a Brownian bridge between its neighbours, or walks on from the only one it has. A step has
    the walk's spread as its standard deviation.
    """
    names, quantities = timeline.period_names, [prior.quantity for prior in prior_set.hazard_ratios]
    held = np.array([[float(each.period == name) for name in names] for each in quantities]).reshape(-1, len(names))
    level = [names.index(name) for name in prior_set.baseline.level]
    stepped = np.tril(np.ones((len(level), len(level))), -1)[:, :-1]
    steps = np.zeros((len(level) - 1, len(names)))
    steps[:, level] = (stepped - stepped.mean(axis=0)).T
    known = {*level, *np.flatnonzero(held.any(axis=0)).tolist()}
    for period in sorted(set(range(len(names))) - known):
        neighbours, variance = _bridge(period, known)
        for part in (held, steps):
            part[:, period] = sum(weight * part[:, other] for other, weight in neighbours.items())
        steps = np.vstack([steps, np.sqrt(variance) * np.eye(len(names))[period]])
        known.add(period)
    return Walk(held, steps)


def _bridge(period: int, known: set[int]) -> tuple[dict[int, float], float]:
    """Return the weights of the known periods in the mean of one that is not known, and its variance in steps."""
    before, after = [other for other in known if other < period], [other for other in known if other > period]
    if not before or not after:
        only = max(before) if before else min(after)
        return {only: 1.0}, abs(period - only)
    first, last = max(before), min(after)
    weight = (last - period) / (last - first)
    return {first: weight, last: 1 - weight}, (period - first) * (last - period) / (last - first)
