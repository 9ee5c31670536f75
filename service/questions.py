"""From a request body to a question the risk table can answer, and to its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from types import MappingProxyType
from typing import Any, Final

from marshmallow import Schema, ValidationError

from model.risk.assessment import assess
from model.risk.comparison import compare
from priors.study import Window
from priors.vocabulary import Profile, Vocabulary
from service.errors import Fault, InvalidQuestionError
from service.fields import ENOUGH_FAULTS
from service.meaning import window_faults, word_faults, words_of
from service.registry import Served
from service.rules import faults
from service.schemas import MOST_OFFICERS, MOST_PAIRS, AssessmentQuestionSchema, ComparisonQuestionSchema

SIDES: Final = ("first", "second")
MANY_PROFILES: Final = 20
MANY_OFFICERS: Final = 1_000
MANY_PAIRS: Final = 200
"""More than so many different profiles, officers or pairs take tenths of a second, or megabytes."""

DETAIL: Final = "The body is not a question that can be answered; `errors` says where and why, GET /v1/vocabulary how."


@dataclass(frozen=True)
class Terms:
    """On what terms a question is asked: the window, the probabilities of the intervals in order, the prior set."""

    window: Window
    intervals: tuple[float, ...]
    priors: str | None = None


@dataclass(frozen=True)
class Officer:
    """Whom a question is about: the caller's id, if any, and the profile in the names of the levels."""

    id: str | None
    profile: Profile


@dataclass(frozen=True)
class Question:
    """What an assessment is asked for."""

    officers: tuple[Officer, ...]
    terms: Terms

    @property
    def size(self) -> int:
        """How many officers it is about."""
        return len(self.officers)

    @property
    def is_large(self) -> bool:
        """Whether answering it takes so much that it has to take its turn."""
        if self.size > MANY_OFFICERS:
            return True
        return len({tuple(sorted(officer.profile.items())) for officer in self.officers}) > MANY_PROFILES


@dataclass(frozen=True)
class Pair:
    """Two profiles to compare, and the caller's id, if any."""

    id: str | None
    first: Profile
    second: Profile


@dataclass(frozen=True)
class ComparisonQuestion:
    """What a comparison is asked for."""

    pairs: tuple[Pair, ...]
    terms: Terms

    @property
    def size(self) -> int:
        """How many pairs it is about."""
        return len(self.pairs)

    @property
    def is_large(self) -> bool:
        """Whether answering it takes so much that it has to take its turn."""
        return self.size > MANY_PAIRS


def read_question(body: Any, vocabulary: Vocabulary) -> Question:
    """Return the question about officers that a body asks.

    Parameters
    ----------
    body : object
        What the JSON of the body holds, of whatever type.
    vocabulary : Vocabulary
        The words and the study it is understood by.

    Raises
    ------
    InvalidQuestionError
        If its shape, a word or the window is wrong; it carries a fault for each of the first twenty.
    """
    return officers_asked(body, AssessmentQuestionSchema(), vocabulary, most=MOST_OFFICERS)


def read_comparison(body: Any, vocabulary: Vocabulary) -> ComparisonQuestion:
    """Return the question about pairs that a body asks; parameters and errors are those of `read_question`."""
    profiles = (
        (f"/pairs/{index}/{side}", pair[side])
        for index, pair in elements(body, "pairs", MOST_PAIRS)
        for side in SIDES
        if isinstance(pair, Mapping) and side in pair
    )
    loaded, terms = understood(body, ComparisonQuestionSchema(), profiles, vocabulary)
    pairs = tuple(
        Pair(each.get("id"), *(vocabulary.profile(words_of(each[side])) for side in SIDES)) for each in loaded["pairs"]
    )
    return ComparisonQuestion(pairs, terms)


def answer(question: Question, served: Served) -> dict[str, Any]:
    """Return the answer to a question from one version, as the design lays it out."""
    return answer_of_each(question, served, name="assessments", ask=assess)


def answer_comparison(question: ComparisonQuestion, served: Served) -> dict[str, Any]:
    """Return the answer about pairs from one version, headed like an assessment."""
    terms = question.terms
    return headed(served, terms) | {
        "comparisons": [
            identified(pair.id)
            | compare(served.table, pair.first, pair.second, window=terms.window, intervals=terms.intervals).as_dict()
            for pair in question.pairs
        ],
    }


def answer_of_each(question: Question, served: Served, *, name: str, ask: Callable[..., Any]) -> dict[str, Any]:
    """Return, under a name, what a question to the risk table gives for the profile of each officer."""
    terms = question.terms
    return headed(served, terms) | {
        name: [
            identified(each.id)
            | ask(served.table, each.profile, window=terms.window, intervals=terms.intervals).as_dict()
            for each in question.officers
        ],
    }


def officers_asked(body: Any, schema: Schema, vocabulary: Vocabulary, *, most: int) -> Question:
    """Return the question about `officers`, at most so many, that a body asks; errors are those of `read_question`."""
    profiles = ((f"/officers/{index}", officer) for index, officer in elements(body, "officers", most))
    loaded, terms = understood(body, schema, profiles, vocabulary)
    known: dict[tuple[tuple[str, str], ...], Profile] = {}

    def profile(words: dict[str, str]) -> Profile:
        stated = tuple(words.items())
        if stated not in known:
            known[stated] = MappingProxyType(vocabulary.profile(words))
        return known[stated]

    return Question(tuple(Officer(each.get("id"), profile(words_of(each))) for each in loaded["officers"]), terms)


def understood(
    body: Any,
    schema: Schema,
    profiles: Iterable[tuple[str, Any]],
    vocabulary: Vocabulary,
    *,
    others: Iterable[Fault] = (),
) -> tuple[dict[str, Any], Terms]:
    """Return what a body holds and on what terms it asks, once shape, window and words are all right.

    Parameters
    ----------
    body : object
    schema : Schema
        Of a `TermsSchema`'s kind, or of one that has not all its members.
    profiles : iterable of (str, object)
        Where in the body profiles stand, and what stands there.
    vocabulary : Vocabulary
    others : iterable of Fault
        What else is wrong with the body.

    Raises
    ------
    InvalidQuestionError
        If anything is; it carries the first twenty faults.
    """
    try:
        loaded, wrong = schema.load(body), {}
    except ValidationError as error:
        loaded, wrong = error.valid_data, error.messages_dict
    stated = loaded.get("window", {}) if isinstance(loaded, dict) and "window" not in wrong else {}
    study = vocabulary.study
    window = Window(stated.get("start", study.window.start), stated.get("end", study.window.end))
    in_window = window_faults(window.start, window.end, study)
    found = chain(faults(wrong), in_window, word_faults(profiles, vocabulary), others)
    if broken := tuple(islice(found, ENOUGH_FAULTS)):
        raise InvalidQuestionError(DETAIL, broken)
    return loaded, Terms(window, tuple(sorted(loaded.get("intervals", ()))), loaded.get("priors"))


def elements(body: Any, name: str, most: int) -> Iterator[tuple[int, Any]]:
    """Yield what may be the elements of a list in a body; beyond the most that are allowed none is looked at."""
    elements = body.get(name) if isinstance(body, Mapping) else None
    if isinstance(elements, list) and len(elements) <= most:
        yield from enumerate(elements)


def headed(served: Served, terms: Terms) -> dict[str, Any]:
    """Return what every answer begins with: the model and the window."""
    return {
        "model": served.summary,
        "window": {"from": str(terms.window.start), "to": str(terms.window.end)},
    }


def identified(given: str | None) -> dict[str, Any]:
    """Return the caller's id as it comes back, if one was given."""
    return {} if given is None else {"id": given}
