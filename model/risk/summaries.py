"""How draws become the numbers of an answer: mean, median, named intervals, six significant digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.reweighting import weighted_quantiles
from model.risk.errors import IntervalError

SIGNIFICANT_DIGITS = 6


@dataclass(frozen=True)
class Interval:
    """The equal-tailed interval that holds a probability."""

    probability: float
    lower: float
    upper: float

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        return {"kind": "eti", "probability": self.probability, "lower": self.lower, "upper": self.upper}


@dataclass(frozen=True)
class Summary:
    """The mean, the median and the intervals of a quantity over draws, rounded as every number of an answer is."""

    mean: float
    median: float
    intervals: tuple[Interval, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return median and intervals as they stand in an answer."""
        return {"median": self.median, "intervals": [interval.as_dict() for interval in self.intervals]}


@dataclass(frozen=True)
class Expected(Summary):
    """A summary that leads with the mean, and says how exactly the draws give it."""

    monte_carlo_error: float

    @classmethod
    def of(cls, by_draw: NDArray[np.float64], intervals: tuple[float, ...]) -> Expected:
        """Return the summary of a quantity over draws, shape (draw,)."""
        (found,) = summarise(by_draw[None], intervals)
        return cls(found.mean, found.median, found.intervals, standard_error(by_draw))

    @classmethod
    def weighted(
        cls, by_draw: NDArray[np.float64], weights: NDArray[np.float64], intervals: tuple[float, ...]
    ) -> Expected:
        """Return the summary of a quantity over weighted draws, both of shape (draw,), whose weights sum to one."""
        mean = float(weights @ by_draw)
        found = _summary(mean, weighted_quantiles(by_draw, weights, _tails(intervals)), intervals)
        # What each draw adds to a self-normalised mean (Owen 2013, section 9.2).
        error = standard_error(len(weights) * weights * (by_draw - mean))
        return cls(found.mean, found.median, found.intervals, error)

    def as_dict(self) -> dict[str, Any]:
        """Return mean, its standard error, median and intervals as they stand in an answer."""
        return {"mean": self.mean, "monte_carlo_error": self.monte_carlo_error, **super().as_dict()}


@dataclass(frozen=True)
class Relative(Summary):
    """A summary of the ratio of two risks over draws that leads with the ratio of the expected risks."""

    ratio: float

    @classmethod
    def of(cls, ratio: float, by_draw: NDArray[np.float64], intervals: tuple[float, ...]) -> Relative:
        """Return the ratio of two expected risks with the summary of their ratio over draws, shape (draw,)."""
        (found,) = summarise(by_draw[None], intervals)
        return cls(found.mean, found.median, found.intervals, rounded(ratio))

    def as_dict(self) -> dict[str, Any]:
        """Return ratio, median and intervals as they stand in an answer."""
        return {"ratio": self.ratio, **super().as_dict()}


def rounded(value: float) -> float:
    """Return a number to six significant digits: every number that leaves the program passes here."""
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


def checked_intervals(probabilities: Sequence[float]) -> tuple[float, ...]:
    """Return the probabilities of the intervals asked for.

    Raises
    ------
    IntervalError
        If one does not lie between 0 and 1.
    """
    if not all(0 < probability < 1 for probability in probabilities):
        raise IntervalError("intervals: every probability must lie between 0 and 1; nearest: 0.01 or 0.99")
    return tuple(float(probability) for probability in probabilities)


def summarise(quantities: NDArray[np.float64], intervals: tuple[float, ...]) -> tuple[Summary, ...]:
    """Return the summary of each quantity.

    Parameters
    ----------
    quantities : ndarray, shape (quantity, draw)
    intervals : tuple of float
        Probabilities of the equal-tailed intervals.
    """
    quantiles = np.quantile(quantities, _tails(intervals), axis=1, method="linear").T
    means = quantities.mean(axis=1)
    return tuple(_summary(float(mean), row, intervals) for mean, row in zip(means, quantiles, strict=True))


def _tails(intervals: tuple[float, ...]) -> list[float]:
    """Return the probabilities below the median and below both ends of each interval."""
    return [0.5, *(tail for p in intervals for tail in ((1 - p) / 2, (1 + p) / 2))]


def interval(by_draw: NDArray[np.float64], probability: float) -> Interval:
    """Return the equal-tailed interval of a quantity over draws, shape (draw,)."""
    lower, upper = np.quantile(by_draw, [(1 - probability) / 2, (1 + probability) / 2], method="linear")
    return Interval(probability, rounded(float(lower)), rounded(float(upper)))


def _summary(mean: float, quantiles: NDArray[np.float64], intervals: tuple[float, ...]) -> Summary:
    median, *bounds = (rounded(float(value)) for value in quantiles)
    named = zip(intervals, bounds[::2], bounds[1::2], strict=True)
    return Summary(rounded(mean), median, tuple(Interval(*interval) for interval in named))


def standard_error(by_draw: NDArray[np.float64]) -> float:
    """Return the Monte Carlo standard error of a mean over draws, of which those near each other may be alike.

    What varies from draw to draw includes what was simulated in each, so that one formula serves every method.

    Notes
    -----
    By the means of as many batches as a batch has draws (Flegal & Jones 2010), which for independent draws comes to
    the standard deviation over the root of their number.
    """
    batches = max(int(np.sqrt(len(by_draw))), 2)
    size = len(by_draw) // batches
    if size == 0:
        return 0.0
    means = by_draw[: batches * size].reshape(batches, size).mean(axis=1)
    return rounded(float(np.std(means, ddof=1) / np.sqrt(batches)))
