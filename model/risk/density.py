"""The density of a quantity over draws, for a picture of it: a Gaussian kernel on a fine histogram."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.risk.summaries import rounded

BINS_IN_BANDWIDTH: Final = 8
"""Of the histogram: so narrow that the curve is that of the draws themselves."""

MOST_BINS: Final = 4096

POINTS: Final = 64
"""Of a grid, for each distribution that it shows."""

OUTSIDE: Final = 0.0005
"""Share of the draws beyond each end of a grid, but for the reach of the kernel."""

REACH: Final = 3.0
"""Bandwidths that a grid goes beyond the draws."""

SMALLEST_BANDWIDTH: Final = 1e-3
"""Where all draws are alike there would be none."""


def bandwidth(values: NDArray[np.float64]) -> float:
    """Return the standard deviation of the kernel: Silverman's rule of thumb.

    Notes
    -----
    `0.9 x min(sd, interquartile range / 1.34) x n ** (-1 / 5)`: Silverman (1986), Density Estimation for Statistics and
    Data Analysis, equation 3.31.
    """
    lower, upper = np.quantile(values, (0.25, 0.75))
    spread = min(float(values.std(ddof=1)), float(upper - lower) / 1.34)
    return max(0.9 * spread * math.pow(len(values), -0.2), SMALLEST_BANDWIDTH)


def common_grid(distributions: Sequence[NDArray[np.float64]], *, most: float) -> NDArray[np.float64]:
    """Return points at which to show several distributions of one quantity together.

    Parameters
    ----------
    distributions : sequence of ndarray, shape (draw,)
    most : float
        What the quantity cannot exceed.

    Returns
    -------
    ndarray, shape (point,)
        Ascending; as many points to each distribution, evenly over its own range, so that a narrow one is drawn as
        finely as a wide one.
    """
    spans = []
    for values in distributions:
        lower, upper = np.quantile(values, (OUTSIDE, 1 - OUTSIDE))
        reach = REACH * bandwidth(values)
        spans.append(np.linspace(lower - reach, min(upper + reach, most), POINTS))
    return np.unique([rounded(float(point)) for point in np.concatenate(spans)])


def density(values: NDArray[np.float64], grid: NDArray[np.float64], *, most: float) -> NDArray[np.float64]:
    """Return the density of a distribution at the points of a grid.

    Parameters
    ----------
    values : ndarray, shape (draw,)
    grid : ndarray, shape (point,)
        Ascending.
    most : float
        What the quantity cannot exceed: what the kernel would put beyond it is folded back.

    Returns
    -------
    ndarray, shape (point,)
        Integrates to 1 over the grid by the trapezoidal rule.

    Notes
    -----
    Kernel density estimate on binned data: Wand (1994), Fast Computation of Multivariate Kernel Estimators, Journal of
    Computational and Graphical Statistics 3; reflection at a bound: Silverman (1986), section 2.10.
    """
    width = bandwidth(values)
    bins = math.ceil(BINS_IN_BANDWIDTH * float(np.ptp(values)) / width)
    counts, edges = np.histogram(values, bins=min(max(bins, 1), MOST_BINS))
    centres = (edges[1:] + edges[:-1]) / 2
    distances = np.stack([grid[:, None] - centres, grid[:, None] - (2 * most - centres)]) / (width * math.sqrt(2))
    curve = np.exp(-np.square(distances)).sum(axis=0) @ counts
    return np.asarray(curve / np.trapezoid(curve, grid))
