"""From a request body to a question about cases that did happen, and to its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from model.risk.errors import MissingPriorsError
from model.risk.surprise_by_set import surprise_by_set
from priors.vocabulary import Profile, Vocabulary
from service.errors import Fault, MissingDrawsError
from service.fields import ISO_DAY
from service.meaning import words_of
from service.questions import Terms, elements, identified, understood
from service.registry import Served
from service.surprise_schemas import MOST_CASES, SurpriseQuestionSchema

MANY_CASES: Final = 3
"""More than so many take tenths of a second where little is known of their profiles."""

MISSING: Final = (
    "The version that answers carries no draws of the articles' priors; `defection-risk refit` makes one that does."
)
CAUTION: Final = (
    "A posterior that has a case in its evidence has seen it already: of what the articles made probable only the "
    "priors speak."
)


@dataclass(frozen=True)
class Case:
    """A profile that did defect, the day by which, and the caller's id, if any."""

    id: str | None
    profile: Profile
    by: date


@dataclass(frozen=True)
class SurpriseQuestion:
    """What cases are asked about, and of how many men in all."""

    cases: tuple[Case, ...]
    corps: int
    terms: Terms

    @property
    def size(self) -> int:
        """How many cases it is about."""
        return len(self.cases)

    @property
    def is_large(self) -> bool:
        """Whether answering it takes so much that it has to take its turn."""
        return self.size > MANY_CASES


def read_surprises(body: Any, vocabulary: Vocabulary) -> SurpriseQuestion:
    """Return the question about cases that a body asks; parameters and errors are those of `read_question`."""
    cases = [(f"/cases/{index}", case) for index, case in elements(body, "cases", MOST_CASES)]
    profiles = ((f"{at}/profile", case["profile"]) for at, case in cases if _holds(case, "profile"))
    days = (fault for at, case in cases if _holds(case, "by") for fault in _day_faults(at, case["by"], vocabulary))
    loaded, terms = understood(body, SurpriseQuestionSchema(), profiles, vocabulary, others=days)
    return SurpriseQuestion(
        tuple(
            Case(each.get("id"), vocabulary.profile(words_of(each["profile"])), each["by"]) for each in loaded["cases"]
        ),
        loaded["corps"],
        terms,
    )


def answer_surprises(question: SurpriseQuestion, served: Served) -> dict[str, Any]:
    """Return the answer about cases from one version.

    Raises
    ------
    MissingDrawsError
        If the version carries no draws of the prior sets.
    """
    try:
        found = [
            identified(case.id)
            | surprise_by_set(served.table, case.profile, by=case.by, corps=question.corps).as_dict()
            for case in question.cases
        ]
    except MissingPriorsError as error:
        raise MissingDrawsError(MISSING) from error
    return {"model": served.summary, "corps": question.corps, "surprises": found, "caution": CAUTION}


def _holds(case: Any, name: str) -> bool:
    return isinstance(case, Mapping) and name in case


def _day_faults(pointer: str, stated: Any, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield the fault of a day that lies outside the study; one that is no day is for the schema to complain of."""
    window = vocabulary.study.window
    first, last = str(window.start), str(window.end - timedelta(days=1))
    if isinstance(stated, str) and ISO_DAY.fullmatch(stated) and not first <= stated <= last:
        nearest = first if stated < first else last
        yield Fault(f"{pointer}/by", f"must lie in the study, from {first} to {last}", (nearest,))
