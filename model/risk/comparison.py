"""Two profiles against each other, in the same draws: which is the riskier, by how much, and how surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from model.risk.assessment import DEFAULT_INTERVALS, IN_WORDS_INTERVAL
from model.risk.summaries import Summary, checked_intervals, rounded, summarise
from model.risk.table import RiskTable
from model.risk.words import difference_in_words
from priors.timeline import Window
from priors.vocabulary import Described, Profile

SMALLEST: Final = float(np.finfo(float).tiny)
"""The least risk that another is divided by: a hazard may be too small for its risk to be told from 0."""


@dataclass(frozen=True)
class Comparison:
    """All that is said of two profiles.

    Attributes
    ----------
    first, second : mapping of str to str
    probability_first_riskier : float
        Share of the draws in which the risk of the first is the higher; equal risks count for neither.
    risk_ratio, risk_difference : Summary
        Risk of the first over, and less, that of the second, draw by draw.
    in_words : str
        The difference, in natural frequencies.
    """

    first: Described
    second: Described
    probability_first_riskier: float
    risk_ratio: Summary
    risk_difference: Summary
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


def _compared(
    table: RiskTable, first: Described, second: Described, window: Window, intervals: tuple[float, ...]
) -> Comparison:
    risk, other = table.profile_risk(first.profile, window), table.profile_risk(second.profile, window)
    difference = risk - other
    ratios, differences = summarise(np.stack([risk / np.maximum(other, SMALLEST), difference]), intervals)
    tails = ((1 - IN_WORDS_INTERVAL) / 2, 0.5, (1 + IN_WORDS_INTERVAL) / 2)
    lower, median, upper = (float(value) for value in np.quantile(difference, tails))
    words = difference_in_words(median, lower, upper)
    return Comparison(first, second, rounded(float((difference > 0).mean())), ratios, differences, words)
