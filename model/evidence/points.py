"""What the bounds of a row allow: an interval on the log or the logit, or the counts that are summed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.evidence.rows import COMPILER, SOURCE, EvidenceRow, RowGroup

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Bounds = tuple[float, float]

SMALL_COUNT = 50
"""Rows of so many men at most, out of a total that their source states, are interval-censored binomials."""

MOST_POINTS = 2_000
"""At most so many count vectors of one list are summed over; wider bounds are thinned evenly."""

IMPOSSIBLE = -1e9
"""Log weight of the padding of ragged arrays."""

LOGISTIC_SD = float(np.pi / np.sqrt(3))
"""Standard deviation of the logistic distribution of scale one."""

COMPILERS_FACTOR = 3.0
"""Nine times in ten what a compiler's bound stands for is within this factor of it, either way."""

COMPILERS_SOFTNESS = float(np.log(COMPILERS_FACTOR) / np.log(0.95 / 0.05))
SOURCES_SOFTNESS = 0.05
"""A source's bound is taken as stated, to the two digits that such figures have: a sampler needs a slope."""


def logit(share: Any) -> Any:
    """Return the log odds of a share."""
    return np.log(share) - np.log1p(-share)


@dataclass(frozen=True)
class Interval:
    """What a row reports: that a quantity lies between two bounds, told with a logistic error.

    Attributes
    ----------
    lower, upper : float
        On the log of a number of men or the logit of a share; minus and plus infinity where there is no bound.
    softness : float
        Scale of the logistic error: of sampling, and where the bounds are the compiler's of these.
    """

    lower: float
    upper: float
    softness: float


def is_small_count(row: EvidenceRow) -> bool:
    """Whether few are counted, or few of the total are not: the logit of such a share is far from any one shape."""
    if row.total is None or row.counts_shares or row.bound_by != SOURCE:
        return False
    return min(row.count_high, row.total[1] - row.count_low) <= SMALL_COUNT


def men_interval(row: EvidenceRow) -> Interval:
    """Return what a count among all who serve reports, on the log of the number of men.

    Bounds lie half a man outside the counts. Sampling has the variance of the log of a Poisson count, by the delta
    method, at the geometric middle of the bounds.
    """
    half = 0.5
    lower = np.log(row.count_low - half) if row.count_low >= 1 else -np.inf
    upper = np.log(row.count_high + half)
    middle = np.sqrt(max(row.count_low, half) * (row.count_high + half))
    return Interval(float(lower), float(upper), _softness(1 / middle, row))


def share_interval(row: EvidenceRow) -> Interval:
    """Return what a count out of a stated total, or a share, reports, on the logit of the share.

    It runs from the lowest count over the highest total to the highest count over the lowest total, half a case
    outside. Sampling has the variance of a binomial's logit, by the delta method, in the middle.
    """
    if row.counts_shares:
        return Interval(float(logit(row.count_low)), float(logit(row.count_high)), _softness(0.0, row))
    half, (least, most) = 0.5, row.total or (np.nan, np.nan)
    lower, upper = (row.count_low - half) / most, (row.count_high + half) / least
    total = (least + most) / 2
    count = min(max((row.count_low + row.count_high) / 2, half), total - half)
    return Interval(
        float(logit(lower)) if lower > 0 else -np.inf,
        float(logit(upper)) if upper < 1 else np.inf,
        _softness(1 / count + 1 / (total - count), row),
    )


def log_interval(location: Any, lower: Any, upper: Any, softness: Any) -> Any:
    """Return the log probability that a logistic variable lies between two bounds.

    The difference of two logistic distribution functions is the product of the chance of being above the lower and of
    that of being below the upper bound, times a constant, which is steady however far the location lies from both.

    Parameters
    ----------
    location, lower, upper, softness : ndarray or float
        Of the variable, on one scale; broadcast against each other. A bound may be infinite.
    """
    above, below = (location - lower) / softness, (upper - location) / softness
    return -np.logaddexp(0, -above) - np.logaddexp(0, -below) + np.log(-np.expm1((lower - upper) / softness))


def _softness(sampling: float, row: EvidenceRow) -> float:
    """Return the scale of the logistic error of a row whose sampling has a variance."""
    scale = np.sqrt(sampling) / LOGISTIC_SD
    owner = COMPILERS_SOFTNESS if row.bound_by == COMPILER else SOURCES_SOFTNESS
    return float(np.hypot(scale, owner))


@dataclass(frozen=True)
class Grid:
    """The counts that rows' bounds allow, as points: each a choice among a few counts of every place, and a total.

    Attributes
    ----------
    low, width : ndarray of int, shape (row, place)
        The lowest count of each place and how many its bounds allow; width zero where nothing is reported.
    implied : ndarray of int, shape (row, place)
        One at the place that takes what the others leave of the total.
    offset : ndarray of int, shape (row, place, choice)
        What the points add to the lowest count; at the implied place, what they take from the total and then lack
        of the others' lowest counts.
    total : ndarray of int, shape (row, choice)
        The totals that points have.
    chosen : ndarray, shape (row, point, (place + 1) x choice)
        One at the count of each place, then at the total, that a point chooses.
    log_weight : ndarray, shape (row, point)
        Log probability of the point's total; that of padding is next to impossible.
    total_low, total_high : ndarray of int, shape (row,)
        The lowest and the highest total that can hold the counts.
    """

    low: IntArray
    width: IntArray
    implied: IntArray
    offset: IntArray
    total: IntArray
    chosen: FloatArray
    log_weight: FloatArray
    total_low: IntArray
    total_high: IntArray


def count_grid(rows: Sequence[EvidenceRow]) -> Grid:
    """Return the grid of small counts, one row each, with those who are not counted as the implied second place.

    Totals are equally likely within their bounds; a wide range of them is thinned evenly.
    """
    points = []
    for row in rows:
        least, highest = row.total or (np.nan, np.nan)
        totals = _integers(max(least, row.count_low), highest, most=MOST_POINTS // (SMALL_COUNT + 1))
        offsets = np.arange(row.count_high - row.count_low + 1)
        chosen, offset = (each.ravel() for each in np.meshgrid(np.arange(len(totals)), offsets, indexing="ij"))
        total = np.array(totals)[chosen]
        points.append(np.column_stack([offset, total - offset, total, np.log(_trapezoid(totals))[chosen]]))
    bounds = [[(row.count_low, row.count_high), None] for row in rows]
    return _grid(bounds, [1] * len(rows), points)


def list_grid(groups: Sequence[RowGroup]) -> Grid:
    """Return the grid of lists, one row a list.

    The last place (the remainder, or else the row with the widest bounds) takes what the total leaves; the others
    run through their bounds, thinned evenly where there are too many.
    """
    bounds = [_list_bounds(group) for group in groups]
    widths = [[np.inf if bound is None else bound[1] - bound[0] for bound in each] for each in bounds]
    implied = [int(np.argmax(each)) for each in widths]
    points = [_list_points(group, place) for group, place in zip(groups, implied, strict=True)]
    return _grid(bounds, implied, points)


def _list_bounds(group: RowGroup) -> list[Bounds | None]:
    """Return the bounds of each place of a list; of a remainder nothing is reported."""
    return [(row.count_low, row.count_high) for row in group.rows] + [None] * group.has_remainder


def _list_points(group: RowGroup, implied: int) -> FloatArray:
    """Return the points of one list, shape (point, place + 2): offsets, total, log weight."""
    least, most_counted = group.count_bounds
    total_low, total_high = group.total
    total_high = total_high if group.has_remainder else min(total_high, most_counted)
    stated = [row for place, row in enumerate(group.rows) if place != implied]
    most = max(2, int(MOST_POINTS ** (1 / (len(stated) + 1))))
    totals = _integers(max(total_low, least), total_high, most=most)
    grid = np.array(list(product(totals, *(_integers(0, row.count_high - row.count_low, most=most) for row in stated))))
    total, offsets = grid[:, 0], grid[:, 1:]
    offsets = np.insert(offsets, implied, total - offsets.sum(axis=1), axis=1)
    return np.column_stack([offsets, total, np.full(len(grid), -np.log(len(totals)))])


def _grid(bounds: Sequence[Sequence[Bounds | None]], implied: Sequence[int], points: Sequence[FloatArray]) -> Grid:
    """Return a grid, padded to the most places, and to powers of two so that like rows share a shape."""
    places = max((len(each) for each in bounds), default=1)
    size = _power_of_two(max((len(each) for each in points), default=1))
    distinct = [[np.unique(column, return_inverse=True) for column in each[:, :-1].T] for each in points]
    choices = _power_of_two(max((len(values) for each in distinct for values, _ in each), default=1))
    number, shape = len(points), (len(points), places)
    low, width = np.zeros(shape, dtype=int), np.zeros(shape, dtype=int)
    offset, total = np.zeros((*shape, choices), dtype=int), np.zeros((number, choices), dtype=int)
    chosen = np.zeros((number, size, places + 1, choices))
    log_weight = np.full((number, size), IMPOSSIBLE)
    for at, allowed in enumerate(points):
        point = np.arange(len(allowed))
        log_weight[at, point] = allowed[:, -1]
        *by_place, (values, choice) = distinct[at]
        total[at, : len(values)], chosen[at, point, places, choice] = values, 1.0
        for place, (values, choice) in enumerate(by_place):
            offset[at, place, : len(values)], chosen[at, point, place, choice] = values, 1.0
            if (bound := bounds[at][place]) is not None:
                low[at, place], width[at, place] = bound[0], bound[1] - bound[0] + 1
    taken = (np.arange(places) == np.array(implied, dtype=int).reshape(-1, 1)).astype(int)
    total_low, total_high = (np.array([end(each[:, -2]) for each in points], dtype=int) for end in (np.min, np.max))
    by_point = chosen.reshape(number, size, (places + 1) * choices)
    return Grid(low, width, taken, offset, total, by_point, log_weight, total_low, total_high)


def _power_of_two(size: int) -> int:
    return 1 << (size - 1).bit_length()


def _integers(low: float, high: float, *, most: int) -> list[float]:
    """Return the whole numbers from low to high, or `most` of them evenly spread with both ends."""
    count = int(high) - int(np.ceil(low)) + 1
    return [float(n) for n in np.unique(np.linspace(np.ceil(low), int(high), min(count, most)).round())]


def _trapezoid(values: list[float]) -> FloatArray:
    """Return the probability that each of some evenly spread numbers stands for, of all whole numbers between."""
    if len(values) == values[-1] - values[0] + 1:
        return np.full(len(values), 1 / len(values))
    edges = np.array([values[0] - 0.5, *((np.array(values[1:]) + values[:-1]) / 2), values[-1] + 0.5])
    probabilities: FloatArray = np.diff(edges) / (edges[-1] - edges[0])
    return probabilities
