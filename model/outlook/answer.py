"""An outlook: what a force as a whole is to expect over a window, by the joint posterior, and what moves change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from model.outlook.courses import Courses
from model.outlook.force import Force, selected
from model.outlook.moves import Moves
from model.outlook.numbers import YOURS
from model.outlook.scenarios import TOTAL, OutlookQuestion, Scenario, foreseen, limited
from model.outlook.strength import StrengthTerms
from model.risk.assessment import DEFAULT_INTERVALS
from model.risk.errors import OutlookError
from model.risk.summaries import checked_intervals
from model.risk.table import RiskTable
from priors.moves import Selection
from priors.people import people_in_words
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
        Without moves.
    moved : Scenario or None
        With the moves in force, if any is.
    changed : mapping
        What they change, as it stands in an answer.
    """

    question: OutlookQuestion
    plain: Scenario
    vocabulary: Vocabulary
    moved: Scenario | None = None
    changed: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the answer: what is asked for, and where moves are in force, what it would be without."""
        question = self.question
        asked = self.plain if self.moved is None else self.moved
        answer: dict[str, Any] = {
            "force": question.force.as_dict(),
            "decisive_are": [{name: list(words) for name, words in each.items()} for each in question.decisive],
            "seed": question.seed,
            "in_words": _in_words(asked, question, self.vocabulary),
        } | asked.as_dict(question, self.vocabulary)
        if self.moved is not None:
            answer["moves"] = {
                "in_force": question.moves.as_list(),
                "rests": rests(question.moves),
                "changed": dict(self.changed),
                "without": self.plain.as_dict(question, self.vocabulary),
            }
        return answer


def outlook(
    table: RiskTable,
    force: Force,
    *,
    window: Window,
    intervals: Sequence[float] = DEFAULT_INTERVALS,
    at_least: Sequence[int] | None = None,
    decisive_are: Sequence[Selection] | None = None,
    moves: Moves | None = None,
    strength: StrengthTerms | None = None,
    seed: int = SEED,
) -> Outlook:
    """Return what a force is to expect over a window.

    Each draw of the posterior gives every group its risk at once, so that what we do not know moves them together;
    given a draw, those of a group defect independently. What a profile leaves open is drawn from the forces for each
    member. Without moves the distributions are exact where that is cheap, else simulated; the answer says which, and
    gives standard errors over draws. With moves the force is simulated forward by month, with them and without by the
    same draws, and the answer says what is left to fight with.

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
    moves : Moves, optional
        None by default.
    strength : StrengthTerms, optional
        What is asked of what is left to fight with; where moves are in force, by default as the study has it.
    seed : int
        Of all that is simulated.

    Raises
    ------
    WindowError, IntervalError, UnknownWordError
        If the window, a probability or a word is not an allowed one.
    OutlookError
        If a number of defections is less than one, or punishment falls on those alike in what is no attribute.
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
        moves=(moves or Moves()).opening(window.start, vocabulary.names),
        seed=seed,
    )
    selected(question.decisive, vocabulary)
    draws = limited(table.posterior, question)
    plain = foreseen(draws, question)
    if strength is None and not question.moves:
        return Outlook(question, plain, vocabulary)
    courses = Courses.of(draws, question, strength or StrengthTerms.of(table.study), plain)
    if not question.moves:
        return Outlook(question, replace(plain, strength=courses.strength(question.moves)), vocabulary)
    without, course = courses.course(Moves()), courses.course(question.moves)
    return Outlook(
        question,
        replace(plain, strength=without.strength),
        vocabulary,
        moved=courses.scenario(course),
        changed=course.changed(without, question),
    )


def rests(moves: Moves) -> dict[str, str]:
    """Return which part of an answer is fitted and which is supposed, in sentences."""
    numbers = [number for each in moves.as_list() for number in each["numbers"].values()]
    stated = sum(number["whose"] == YOURS for number in numbers)
    told = "drawn from the study's intervals, each with its basis"
    whose = f"their numbers are {'yours' if stated else told}"
    if 0 < stated < len(numbers):
        whose = f"of their {len(numbers)} numbers {stated} {'is' if stated == 1 else 'are'} yours, the others {told}"
    return {
        "fitted": "Who serves and how fast they defect, by claims and evidence, in a war with much of this in it.",
        "supposed": f"The moves, on top of that: no row of evidence tells their effect; {whose}.",
    }


def _in_words(scenario: Scenario, question: OutlookQuestion, vocabulary: Vocabulary) -> str:
    total = scenario.counts[TOTAL]
    tails = (0.5, (1 - IN_WORDS_INTERVAL) / 2, (1 + IN_WORDS_INTERVAL) / 2)
    half, lower, upper = (_number(total.quantile(tail)) for tail in tails)
    expected = float(total.expected.mean())
    joining = " and those who join them" if any(question.moves.named("intake", "purge")) else ""
    about = f"about {_number(expected)}" if expected >= LEAST_IN_WORDS else f"fewer than {LEAST_IN_WORDS}"
    return (
        f"{about} of {question.force.total:,}{joining} defect; as likely as not {half} or fewer "
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
