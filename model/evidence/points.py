"""What the bounds of a row allow: a normal on the logit, or the counts that are summed over, with their weights."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from model.evidence.rows import EvidenceRow, RowGroup

FloatArray = NDArray[np.float64]

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
    upper = min(row.count_high, row.total_low - half) / row.total_low
    count, total = (row.count_low + row.count_high) / 2, (row.total_low + row.total_high) / 2
    count = min(max(count, half), total - half)
    location, scale = _normal(min(lower, upper), max(lower, upper))
    return location, float(np.sqrt(scale**2 + 1 / count + 1 / (total - count)))


def binomial_points(row: EvidenceRow) -> FloatArray:
    """Return the numbers (defected, stayed) that a small count within bounds allows, each with its log weight.

    Totals and counts are equally likely within their bounds; a wide range of totals is thinned evenly.

    Returns
    -------
    ndarray, shape (point, 3)
        Defected, stayed, log(binomial coefficient x probability of the total).
    """
    totals = _integers(max(row.total_low, row.count_low), row.total_high, most=MOST_POINTS // (SMALL_COUNT + 1))
    points = np.array([
        (count, total - count, weight)
        for total, weight in zip(totals, _trapezoid(totals), strict=True)
        for count in _integers(row.count_low, min(row.count_high, total), most=SMALL_COUNT + 1)
    ])  # fmt: skip
    defected, stayed, weight = points.T
    coefficient = gammaln(defected + stayed + 1) - gammaln(defected + 1) - gammaln(stayed + 1)
    return np.column_stack([defected, stayed, coefficient + np.log(weight)])


def list_points(group: RowGroup) -> tuple[FloatArray, FloatArray]:
    """Return the count vectors that the bounds of a list allow, and the log weight of each.

    The last place (the remainder, or else the row with the widest bounds) takes what the total leaves; the others
    run through their bounds, thinned evenly where there are too many.

    Returns
    -------
    counts : ndarray, shape (point, place)
    weights : ndarray, shape (point,)
        log(multinomial coefficient / number of totals).
    """
    rows = group.rows
    bounds = [(row.count_low, row.count_high) for row in rows]
    least, most_counted = group.count_bounds
    total_low, total_high = max(rows[0].total_low, least), rows[0].total_high
    if group.has_remainder:
        bounds.append((0.0, total_high))
    else:
        total_high = min(total_high, most_counted)
    implied = len(bounds) - 1 if group.has_remainder else int(np.argmax([high - low for low, high in bounds]))
    stated = [bound for place, bound in enumerate(bounds) if place != implied]
    most = max(2, int(MOST_POINTS ** (1 / (len(stated) + 1))))
    axes = [_integers(low, high, most=most) for low, high in [(total_low, total_high), *stated]]
    grid = np.array(list(product(*axes)))
    left = grid[:, 0] - grid[:, 1:].sum(axis=1)
    low, high = bounds[implied]
    kept = (left >= low) & (left <= high)
    counts = np.insert(grid[kept, 1:], implied, left[kept], axis=1)
    weights = gammaln(counts.sum(axis=1) + 1) - gammaln(counts + 1).sum(axis=1) - np.log(len(axes[0]))
    return counts, weights


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
