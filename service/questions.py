"""From a request body to a question the risk table can answer, and to its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from typing import Any, Final

from marshmallow import ValidationError

from model.risk.assessment import assess
from priors.errors import PriorsError, UnknownWordError, WindowError
from priors.study import Study, Window
from priors.vocabulary import ATTRIBUTES, Profile, Vocabulary
from service.errors import Fault, InvalidQuestionError
from service.fields import ENOUGH_FAULTS
from service.registry import Served
from service.rules import MOST_NEAREST, faults
from service.schemas import AssessmentSchema

WORDS: Final = (*ATTRIBUTES, "unit")
DETAIL: Final = "The body is not a question that can be answered; `errors` says where and why, GET /v1/vocabulary how."


@dataclass(frozen=True)
class Officer:
    """Whom a question is about: the caller's id, if any, and the profile in the names of the levels."""

    id: str | None
    profile: Profile


@dataclass(frozen=True)
class Question:
    """What an assessment is asked for."""

    officers: tuple[Officer, ...]
    window: Window
    intervals: tuple[float, ...]


def read_question(body: Any, vocabulary: Vocabulary) -> Question:
    """Return the question that a body asks.

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
    try:
        loaded = AssessmentSchema().load(body)
    except ValidationError as error:
        raise InvalidQuestionError(DETAIL, faults(error.messages)) from None
    start = loaded["window"].get("start", vocabulary.study.window.start)
    end = loaded["window"].get("end", vocabulary.study.window.end)
    found = chain(_window_faults(start, end, vocabulary.study), _all_word_faults(loaded["officers"], vocabulary))
    if broken := tuple(islice(found, ENOUGH_FAULTS)):
        raise InvalidQuestionError(DETAIL, broken)
    officers = tuple(Officer(words.get("id"), vocabulary.profile(_words(words))) for words in loaded["officers"])
    return Question(officers, Window(start, end), tuple(sorted(loaded["intervals"])))


def answer(question: Question, served: Served) -> dict[str, Any]:
    """Return the answer to a question from one version, as the design lays it out."""
    return {
        "model": served.summary,
        "window": {"from": str(question.window.start), "to": str(question.window.end)},
        "assessments": [
            _identified(officer)
            | assess(served.table, officer.profile, window=question.window, intervals=question.intervals).as_dict()
            for officer in question.officers
        ],
    }


def _identified(officer: Officer) -> dict[str, Any]:
    return {} if officer.id is None else {"id": officer.id}


def _words(officer: Mapping[str, str]) -> dict[str, str]:
    return {name: officer[name] for name in WORDS if name in officer}


def _window_faults(start: date, end: date, study: Study) -> Iterator[Fault]:
    try:
        study.checked(start, end)
    except WindowError:
        first, last = study.window.start, study.window.end
        outside = {name: day for name, day in (("from", start), ("to", end)) if not first <= day <= last}
        for name, day in outside.items():
            nearest = str(min(max(day, first), last))
            yield Fault(f"/window/{name}", f"must lie in the study, {study.window}", (nearest,))
        if not outside:
            yield Fault("/window/to", "must come after `from`", (str(last),) if start < last else ())


def _all_word_faults(officers: Sequence[Mapping[str, str]], vocabulary: Vocabulary) -> Iterator[Fault]:
    for index, officer in enumerate(officers):
        try:
            vocabulary.profile(_words(officer))
        except PriorsError:
            yield from _word_faults(f"/officers/{index}", _words(officer), vocabulary)


def _word_faults(pointer: str, words: Mapping[str, str], vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield a fault for each word that is wrong, not only for the first; else for what two say together."""
    unknown = False
    for name, word in words.items():
        try:
            vocabulary.profile({name: word})
        except UnknownWordError as error:
            unknown = True
            yield Fault(f"{pointer}/{name}", "must be a word of the vocabulary", error.nearest[:MOST_NEAREST])
    if not unknown:
        eliteness = vocabulary.unit_eliteness(words["unit"])
        yield Fault(f"{pointer}/eliteness", "must be what `unit` stands for, or be left out", (eliteness,))
