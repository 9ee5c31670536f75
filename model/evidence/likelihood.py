"""The likelihood of a row or a list at given expectations, in NumPy alone: what the model's observed nodes say."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.evidence.points import (
    IMPOSSIBLE,
    Grid,
    count_grid,
    is_small_count,
    list_grid,
    log_interval,
    logit,
    men_interval,
    share_interval,
)
from model.evidence.rows import EvidenceRow, RowGroup

Array = NDArray[np.float64]

AT_ONCE = 500
"""Draws of which all points of a grid are worked out together."""

SHIFTED = 8
"""Arguments of the log gamma are raised by so much, where five terms of Stirling's series are exact to rounding."""

STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360)
"""Coefficients of odd powers of 1/x (Abramowitz & Stegun 1964, 6.1.41)."""


def log_likelihood(group: RowGroup, expected: Array, concentration: Array | None = None) -> Array:
    """Return the log likelihood of a row that stands alone, or of a list, shape (draw,), whatever its weight.

    Parameters
    ----------
    expected : ndarray, shape (draw, place)
        The men or the share that the row counts; of a list the share of each row and, where it has one, of the
        remainder.
    concentration : ndarray, shape (draw,), optional
        Of a list.
    """
    if concentration is not None:
        return log_list(expected, concentration, group)
    (row,), (alone,) = group.rows, expected.T
    return log_small_count(alone, row) if is_small_count(row) else log_men_or_share(alone, row)


def log_men_or_share(expected: Array, row: EvidenceRow) -> Array:
    """Return the log likelihood of a row known within bounds, shape (draw,).

    Parameters
    ----------
    expected : ndarray, shape (draw,)
        The men that the row counts or, where it has a total, the share.
    """
    report, location = (
        (men_interval(row), np.log(expected)) if row.total is None else (share_interval(row), logit(expected))
    )
    return np.asarray(log_interval(location, report.lower, report.upper, report.softness))


def log_small_count(share: Array, row: EvidenceRow) -> Array:
    """Return the log likelihood of a small count out of a stated total, shape (draw,): binomial, within its bounds.

    Parameters
    ----------
    share : ndarray, shape (draw,)
        Of those at risk, the share that is counted.
    """
    grid = count_grid([row])
    counts, allowed = _counts(grid)
    log_share = np.log(np.stack([share, 1 - share], axis=1))[:, :, None]
    by_count = np.where(allowed, counts * log_share - log_gamma(np.maximum(counts, 0) + 1.0), IMPOSSIBLE)
    return _log_sum(by_count, np.broadcast_to(log_gamma(grid.total + 1.0), (len(share), grid.total.shape[1])), grid)


def log_list(share: Array, concentration: Array, group: RowGroup) -> Array:
    """Return the log likelihood of a list of those who left, shape (draw,): Dirichlet-multinomial, within its bounds.

    Parameters
    ----------
    share : ndarray, shape (draw, place)
        The share of each row in the list and, where it has one, of the remainder.
    concentration : ndarray, shape (draw,)
    """
    grid = list_grid([group])
    counts, allowed = _counts(grid)
    alpha = (concentration[:, None] * share)[:, :, None]
    whole = alpha.sum(axis=1)
    counts = np.maximum(counts, 0)
    by_count = log_gamma(alpha + counts) - log_gamma(alpha) - log_gamma(counts + 1.0)
    by_total = log_gamma(grid.total + 1.0) + log_gamma(whole) - log_gamma(whole + grid.total)
    return _log_sum(np.where(allowed, by_count, IMPOSSIBLE), by_total, grid)


def log_gamma(values: Any) -> Array:
    """Return the log of the gamma function of positive numbers, by Stirling's series."""
    values = np.asarray(values, dtype=float)
    large = values + SHIFTED
    inverse = 1 / large
    series = sum(term * inverse ** (2 * power + 1) for power, term in enumerate(STIRLING))
    raised = sum(np.log(values + step) for step in range(SHIFTED))
    found: Array = (large - 0.5) * np.log(large) - large + np.log(2 * np.pi) / 2 + series - raised
    return found


def _counts(grid: Grid) -> tuple[Array, NDArray[np.bool_]]:
    """Return the counts that points choose among, shape (place, choice), and which of them the bounds allow."""
    low, width, implied = (each[0] for each in (grid.low, grid.width, grid.implied))
    others = (low * (1 - implied)).sum()
    counts = np.where(implied, -others, low)[:, None] + grid.offset[0]
    above = counts - low[:, None]
    within = (above >= 0) & (above < width[:, None])
    return counts.astype(float), (counts >= 0) & (within | (width == 0)[:, None])


def _log_sum(by_count: Array, by_total: Array, grid: Grid) -> Array:
    """Return the log of the sum over the points of a grid, of each the counts and the total that it chooses."""
    joined = np.concatenate([by_count.reshape(len(by_count), -1), by_total], axis=1)
    parts = []
    for start in range(0, len(joined), AT_ONCE):
        by_point = grid.log_weight[0] + joined[start : start + AT_ONCE] @ grid.chosen[0].T
        highest = by_point.max(axis=1)
        parts.append(highest + np.log(np.exp(by_point - highest[:, None]).sum(axis=1)))
    return np.concatenate(parts)
