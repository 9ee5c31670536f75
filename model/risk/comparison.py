"""Two profiles against each other, in the same draws: which is the riskier, by how much, and how surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from model.risk.assessment import DEFAULT_INTERVALS, IN_WORDS_INTERVAL, scale_of
from model.risk.summaries import Expected, Relative, checked_intervals, interval, rounded
from model.risk.table import RiskTable
from model.risk.words import Scale
from priors.timeline import Window
from priors.vocabulary import Described, Profile

SMALLEST: Final = float(np.finfo(float).tiny)
"""The least risk that another is divided by: a hazard may be too small for its risk to be told from 0."""


@dataclass(frozen=True)
class Side:
    """One of two profiles, and its risk."""

    described: Described
    risk: Expected

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        return {**self.described.as_dict(), "risk": self.risk.as_dict()}


@dataclass(frozen=True)
class Comparison:
    """All that is said of two profiles.

    Attributes
    ----------
    first, second : Side
    probability_first_riskier : float
        Share of the draws in which the risk of the first is the higher; equal risks count for neither.
    risk_ratio : Relative
    risk_difference : Expected
        Risk of the first over, and less, that of the second.
    in_words : str
        Both risks and their difference, in natural frequencies on one scale.
    """

    first: Side
    second: Side
    probability_first_riskier: float
    risk_ratio: Relative
    risk_difference: Expected
    in_words: str

    def as_dict(self) -> dict[str, Any]:
        """Return one element of the "comparisons" of an answer, without the caller's id."""
        return {
            "first": self.first.as_dict(),
            "second": self.second.as_dict(),
            "probability_first_riskier": self.probability_first_riskier,
            "risk_ratio": self.risk_ratio.as_dict(),
            "risk_difference": self.risk_difference.as_dict(),
            "in_words": self.in_words,
        }


def compare(
    table: RiskTable,
    first: Profile,
    second: Profile,
    *,
    window: Window,
    intervals: Sequence[float] = DEFAULT_INTERVALS,
) -> Comparison:
    """Compare the risks of two profiles in one window.

    Both risks come from the same draws: what is uncertain of both alike, such as the baseline, cancels. Comparing two
    assessments by their intervals would count it twice.

    Parameters
    ----------
    table : RiskTable
    first, second : mapping of str to str
        Attributes in the names of their levels; what is missing is averaged over the armed forces.
    window : Window
        Inside the study.
    intervals : sequence of float
        Probabilities of the equal-tailed intervals.

    Raises
    ------
    WindowError, IntervalError, UnknownWordError
        If the window, a probability or a level is not an allowed one.
    """
    pair = (tuple(sorted(first.items())), tuple(sorted(second.items())))

    def compute() -> Comparison:
        one, other = table.vocabulary.described(first), table.vocabulary.described(second)
        checked = table.vocabulary.timeline.checked(window.start, window.end)
        return _compared(table, one, other, checked, checked_intervals(intervals))

    return table.cache.get(("comparison", *pair, window, tuple(intervals)), compute)


def in_words(scale: Scale, first: float, second: float, lower: float, upper: float) -> str:
    """Return two risks and their difference as natural frequencies.

    Parameters
    ----------
    scale : Scale
    first, second : float
        The expected shares.
    lower, upper : float
        The 90 % interval of the first less the second.

    Examples
    --------
    >>> in_words(Scale(100), 0.31, 0.028, -0.013, 0.41)
    'about 31 in 100 of the first and 2.8 in 100 of the second: 28 more in 100 (90 % interval: 1.3 fewer to 41 more in 100)'
    """  # noqa: E501 - one sentence
    return (
        f"{scale.about(first)} of the first and {scale.told(second)} of the second: {scale.more(first - second)} "
        f"(90 % interval: {scale.more_between(lower, upper)})"
    )


def _compared(
    table: RiskTable, first: Described, second: Described, window: Window, intervals: tuple[float, ...]
) -> Comparison:
    risk, other = table.profile_risk(first.profile, window), table.profile_risk(second.profile, window)
    difference = risk - other
    likely = interval(difference, IN_WORDS_INTERVAL)
    one, two = (Side(each, Expected.of(by_draw, intervals)) for each, by_draw in ((first, risk), (second, other)))
    words = in_words(scale_of([one.risk, two.risk]), one.risk.mean, two.risk.mean, likely.lower, likely.upper)
    return Comparison(
        one,
        two,
        rounded(float((difference > 0).mean())),
        Relative.of(risk.mean() / max(other.mean(), SMALLEST), risk / np.maximum(other, SMALLEST), intervals),
        Expected.of(difference, intervals),
        words,
    )
