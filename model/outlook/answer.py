"""An outlook: what a force as a whole is to expect over a window, by the joint posterior, and what levers change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.outlook.force import Force, selected
from model.outlook.levers import Levers
from model.outlook.scenarios import TOTAL, OutlookQuestion, Scenario, foreseen, levered, limited
from model.risk.assessment import DEFAULT_INTERVALS
from model.risk.errors import OutlookError
from model.risk.summaries import checked_intervals, rounded, standard_error
from model.risk.table import RiskTable
from priors.people import people_in_words
from priors.study import Selection
from priors.timeline import Window
from priors.vocabulary import Vocabulary

SEED: Final = 20120802
"""Of all that is simulated, unless another is stated."""

AT_LEAST: Final = (1, 10, 100, 1_000, 10_000, 100_000)
IN_WORDS_INTERVAL: Final = 0.9
DIGITS_IN_WORDS: Final = 2
LEAST_IN_WORDS: Final = 0.01
LEAST_PROBABILITY_IN_WORDS: Final = 0.001


@dataclass(frozen=True, eq=False)
class Outlook:
    """All that is said of a force.

    Attributes
    ----------
    question : OutlookQuestion
    plain : Scenario
        Without levers.
    pulled : Scenario or None
        With the levers in force, if any is.
    used : ndarray of int
        Which draws of the plain scenario the other was simulated with.
    """

    question: OutlookQuestion
    plain: Scenario
    pulled: Scenario | None
    used: NDArray[np.int64]
    vocabulary: Vocabulary

    def as_dict(self) -> dict[str, Any]:
        """Return the answer: what is asked for, and where levers are in force, what it would be without."""
        question = self.question
        asked = self.plain if self.pulled is None else self.pulled
        answer: dict[str, Any] = {
            "force": question.force.as_dict(),
            "decisive_are": [{name: list(words) for name, words in each.items()} for each in question.decisive],
            "seed": question.seed,
            "in_words": _in_words(asked, question, self.vocabulary),
        } | asked.as_dict(question, self.vocabulary)
        if self.pulled is not None:
            answer["levers"] = {
                "in_force": question.levers.as_list(),
                "changed": self._changed(self.pulled),
                "without": self.plain.as_dict(question, self.vocabulary),
            }
        return answer

    def _changed(self, pulled: Scenario) -> dict[str, Any]:
        """Return with less without, draw by draw, so that what is uncertain of both alike cancels."""
        before, after = self.plain.counts[TOTAL], pulled.counts[TOTAL]
        expected = before.expected[self.used]
        tails = zip(self.question.at_least, after.at_least, before.at_least, strict=True)
        return {
            "defections": _difference(after.expected, expected)
            | {"ratio": rounded(float(after.expected.mean() / max(expected.mean(), np.finfo(float).tiny)))},
            "at_least": [{"count": least} | _difference(now, then[self.used]) for least, now, then in tails],
            "decisive": _difference(pulled.decisive, self.plain.decisive[self.used]),
        }


def outlook(
    table: RiskTable,
    force: Force,
    *,
    window: Window,
    intervals: Sequence[float] = DEFAULT_INTERVALS,
    at_least: Sequence[int] | None = None,
    decisive_are: Sequence[Selection] | None = None,
    levers: Levers | None = None,
    seed: int = SEED,
) -> Outlook:
    """Return what a force is to expect over a window.

    Each draw of the posterior gives every group its risk at once, so that what we do not know moves them together;
    given a draw, those of a group defect independently. What a profile leaves open is drawn from the forces for each
    member. Without levers the distributions are exact where that is cheap, else simulated; the answer says which, and
    gives standard errors over draws. With levers the force is simulated forward by month.

    Parameters
    ----------
    table : RiskTable
    force : Force
    window : Window
        Inside the study; all of the force still serve at its start.
    intervals : sequence of float
        Probabilities of the equal-tailed intervals.
    at_least : sequence of int, optional
        Of which the probability of at least so many is wanted; by default the powers of ten up to the total.
    decisive_are : sequence of Selection, optional
        Whose leaving counts as decisive; by default those of whom the study says so.
    levers : Levers, optional
        None by default.
    seed : int
        Of all that is simulated.

    Raises
    ------
    WindowError, IntervalError, UnknownWordError
        If the window, a probability or a word is not an allowed one.
    OutlookError
        If a number of defections is less than one, or reprisal falls on those alike in what is no attribute.
    """
    vocabulary = table.vocabulary
    numbers = tuple(sorted(set(at_least or [least for least in AT_LEAST if least <= force.total])))
    if numbers[0] < 1:
        raise OutlookError("at_least: must be whole numbers of at least 1; nearest: 1")
    question = OutlookQuestion(
        force=force,
        window=vocabulary.timeline.checked(window.start, window.end),
        intervals=checked_intervals(intervals),
        at_least=numbers,
        decisive=tuple(decisive_are) if decisive_are is not None else table.study.decisive,
        levers=(levers or Levers()).among(vocabulary.names),
        seed=seed,
    )
    selected(question.decisive, vocabulary)
    draws = limited(table.posterior, question)
    plain = foreseen(draws, question)
    if not question.levers.as_list():
        return Outlook(question, plain, None, np.arange(draws.count), vocabulary)
    pulled, used = levered(draws, question, plain)
    return Outlook(question, plain, pulled, used, vocabulary)


def _difference(after: NDArray[np.float64], before: NDArray[np.float64]) -> dict[str, Any]:
    by_draw = after - before
    return {"difference": rounded(float(by_draw.mean())), "monte_carlo_error": standard_error(by_draw)}


def _in_words(scenario: Scenario, question: OutlookQuestion, vocabulary: Vocabulary) -> str:
    total = scenario.counts[TOTAL]
    tails = (0.5, (1 - IN_WORDS_INTERVAL) / 2, (1 + IN_WORDS_INTERVAL) / 2)
    half, lower, upper = (_number(total.quantile(tail)) for tail in tails)
    expected = float(total.expected.mean())
    about = f"about {_number(expected)}" if expected >= LEAST_IN_WORDS else f"fewer than {LEAST_IN_WORDS}"
    return (
        f"{about} of {question.force.total:,} defect; as likely as not {half} or fewer "
        f"(90 % interval: {lower} to {upper}); {_decisive_in_words(scenario, question, vocabulary)}"
    )


def _decisive_in_words(scenario: Scenario, question: OutlookQuestion, vocabulary: Vocabulary) -> str:
    """Return how probable a decisive defection is, or why there can be none."""
    if question.has_decisive(vocabulary):
        chance = float(scenario.decisive.mean())
        told = f"{chance:.2g}" if chance >= LEAST_PROBABILITY_IN_WORDS else f"below {LEAST_PROBABILITY_IN_WORDS}"
        return f"at least one decisive defection has probability {told}"
    stated = [
        {name: [level for word in words for level in vocabulary.levels(name, word)] for name, words in each.items()}
        for each in question.decisive
    ]
    missing = " and ".join(f"no {people_in_words(each, vocabulary)}" for each in stated)
    return f"a decisive defection cannot happen here: {missing} among them"


def _number(count: float) -> str:
    """Return a count to two significant digits, without a power of ten."""
    return f"{float(f'{count:.{DIGITS_IN_WORDS}g}'):,.15g}"
