"""How good a forecast was, once it is known what came: proper scores of draws (Gneiting & Raftery 2007)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.risk.summaries import standard_error

Array = NDArray[np.float64]

COVERED = 0.9
"""The probability that an interval of a forecast is to hold."""


def log_score(log_likelihood: Array) -> tuple[float, float]:
    """Return the log of the probability that a forecast gave to what came, and its Monte Carlo standard error.

    Parameters
    ----------
    log_likelihood : ndarray, shape (term, draw)
        Log probability of what each row that stands alone, or list, reports, draw by draw.

    Notes
    -----
    The sum over terms of the log of the mean of the probabilities; its error is by the delta method.
    """
    highest = log_likelihood.max(axis=1, keepdims=True)
    likelihood = np.exp(log_likelihood - highest)
    means = likelihood.mean(axis=1, keepdims=True)
    return float((np.log(means) + highest).sum()), standard_error((likelihood / means).sum(axis=0))


def covers(forecast: Array, lowest: float, highest: float) -> bool:
    """Return whether the central interval of a forecast holds something that the bounds of a row allow.

    Parameters
    ----------
    forecast : ndarray, shape (draw,)
    lowest, highest : float
        The bounds; equal where what came is known exactly.
    """
    lower, upper = np.quantile(forecast, [(1 - COVERED) / 2, (1 + COVERED) / 2])
    return bool(lower <= highest and upper >= lowest)


def crps(forecast: Array, lowest: float, highest: float) -> float:
    """Return the continuous ranked probability score of draws; the lower, the better.

    Parameters
    ----------
    forecast : ndarray, shape (draw,)
    lowest, highest : float
        The bounds of what came; a draw between them is right, any other is off by its distance from the nearer one.

    Notes
    -----
    E|x - y| - E|x - x'| / 2, which is in the unit of what is forecast and for a forecast of one value its absolute
    error (Gneiting & Raftery 2007, eq. 21). Of what came only bounds may be known, and the score is that of the
    distance beyond them, in which what came is zero: the threshold-weighted score whose weight is zero between the
    bounds (Gneiting & Ranjan 2011).
    """
    off = np.sort(np.minimum(forecast - lowest, 0.0) + np.maximum(forecast - highest, 0.0))
    rank = np.arange(1, len(off) + 1)
    between = 2 * ((2 * rank - len(off) - 1) * off).sum() / len(off) ** 2
    return float(np.abs(off).mean() - between / 2)


def mean(values: list[Any]) -> float | None:
    """Return the mean; None of nothing."""
    return float(np.mean(values)) if values else None
