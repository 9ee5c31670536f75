"""What the bounds of a row allow: a normal on the logit, or the counts that are summed over, with their weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from model.evidence.rows import EvidenceRow, RowGroup

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Bounds = tuple[float, float]

SMALL_COUNT = 50
"""Rows whose counts stay at or below this are interval-censored binomials; above, normals on the logit."""

MOST_POINTS = 2_000
"""At most so many count vectors of one list are summed over; wider bounds are thinned evenly."""

NORMAL_90 = 1.6448536269514722
"""Standard deviations from the middle to either end of a normal's central 90 %."""

IMPOSSIBLE = -1e9
"""Log weight of the padding of ragged arrays."""


def logit_normal(row: EvidenceRow) -> tuple[float, float]:
    """Return the mean and standard deviation, on the logit, whose central 90 % is a row's interval of shares.

    The interval runs from the lowest count over the highest total to the highest count over the lowest total, half
    a case inside 0 and 1. For counts, a binomial's sampling variance (delta method) is added.
    """
    if row.counts_shares:
        return _normal(row.count_low, row.count_high)
    half = 0.5
    lower = min(max(row.count_low, half), row.total_high - half) / row.total_high
    upper = max(min(row.count_high, row.total_low - half), half) / row.total_low
    count, total = (row.count_low + row.count_high) / 2, (row.total_low + row.total_high) / 2
    count = min(max(count, half), total - half)
    location, scale = _normal(min(lower, upper), max(lower, upper))
    return location, float(np.sqrt(scale**2 + 1 / count + 1 / (total - count)))


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
        totals = _integers(max(row.total_low, row.count_low), row.total_high, most=MOST_POINTS // (SMALL_COUNT + 1))
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
    total_high = group.rows[0].total_high if group.has_remainder else min(group.rows[0].total_high, most_counted)
    stated = [row for place, row in enumerate(group.rows) if place != implied]
    most = max(2, int(MOST_POINTS ** (1 / (len(stated) + 1))))
    totals = _integers(max(group.rows[0].total_low, least), total_high, most=most)
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


def _normal(lower: float, upper: float) -> tuple[float, float]:
    low, high = (float(np.log(bound / (1 - bound))) for bound in (lower, upper))
    return (low + high) / 2, (high - low) / 2 / NORMAL_90


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
