"""From a request body to a question about a force, or about profiles and their neighbours, and to its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from model.risk.counterfactuals import counterfactuals
from model.risk.errors import OutlookError
from model.risk.outlook import outlook
from model.risk.outlook_force import Force, Selection
from model.risk.outlook_levers import Contagion, Levers, Offer, Reprisal
from priors.errors import UnknownWordError
from priors.vocabulary import ATTRIBUTES, Vocabulary
from service.errors import Fault, InvalidQuestionError
from service.fields import LONGEST_WORD
from service.meaning import words_of
from service.outlook_schemas import (
    MOST_GROUPS,
    MOST_OFFERS,
    MOST_PROFILES,
    MOST_SELECTIONS,
    MOST_WORDS,
    CounterfactualQuestionSchema,
    OutlookQuestionSchema,
)
from service.questions import DETAIL, Question, Terms, answer_of_each, elements, headed, officers_asked, understood
from service.registry import Served
from service.rules import MOST_NEAREST


@dataclass(frozen=True)
class OutlookQuestion:
    """What an outlook is asked for; levers as they were stated, since what they mean may depend on the version."""

    force: Force
    terms: Terms
    at_least: tuple[int, ...] | None
    decisive: tuple[Selection, ...] | None
    levers: Mapping[str, Any]
    seed: int

    @property
    def size(self) -> int:
        """How many groups the force is of."""
        return len(self.force.groups)

    @property
    def is_large(self) -> bool:
        """Whether answering it takes so much that it has to take its turn: none takes little."""
        return True


def read_outlook(body: Any, vocabulary: Vocabulary) -> OutlookQuestion:
    """Return the question about a force that a body asks; parameters and errors are those of `read_question`."""
    levers = _member(body, "levers", {})
    contagion = _member(levers, "contagion", {})
    already = elements(contagion, "already", MOST_SELECTIONS)
    profiles = chain(
        ((f"/force/{index}", group) for index, group in elements(body, "force", MOST_GROUPS)),
        ((f"/levers/contagion/already/{index}", _only_sect(each)) for index, each in already),
    )
    selections = chain(
        ((f"/decisive/{index}", each) for index, each in elements(body, "decisive", MOST_SELECTIONS)),
        (
            (f"/levers/incentives/{index}/for", _member(each, "for", {}))
            for index, each in elements(levers, "incentives", MOST_OFFERS)
        ),
    )
    found = (fault for pointer, stated in selections for fault in _selection_faults(pointer, stated, vocabulary))
    loaded, terms = understood(body, OutlookQuestionSchema(), profiles, vocabulary, others=found)
    numbers, decisive = loaded.get("at_least"), loaded.get("decisive")
    return OutlookQuestion(
        Force.of(((words_of(group), group["count"]) for group in loaded["force"]), vocabulary),
        terms,
        None if numbers is None else tuple(numbers),
        None if decisive is None else tuple(decisive),
        loaded["levers"],
        loaded["seed"],
    )


def answer_outlook(question: OutlookQuestion, served: Served) -> dict[str, Any]:
    """Return the answer about a force from one version.

    Raises
    ------
    InvalidQuestionError
        If the version does not know what a lever is about.
    """
    terms = question.terms
    found = outlook(
        served.table,
        question.force,
        window=terms.window,
        intervals=terms.intervals,
        at_least=question.at_least,
        decisive_are=question.decisive,
        levers=_levers(question.levers, served),
        seed=question.seed,
    )
    return headed(served, terms) | found.as_dict()


def read_counterfactuals(body: Any, vocabulary: Vocabulary) -> Question:
    """Return the question about profiles that a body asks; parameters and errors are those of `read_question`."""
    return officers_asked(body, CounterfactualQuestionSchema(), vocabulary, most=MOST_PROFILES)


def answer_counterfactuals(question: Question, served: Served) -> dict[str, Any]:
    """Return the answer about profiles and all that differ from each in one attribute, from one version."""
    return answer_of_each(question, served, name="counterfactuals", ask=counterfactuals)


def _levers(stated: Mapping[str, Any], served: Served) -> Levers:
    contagion = None if "contagion" not in stated else _contagion(stated["contagion"], served)
    reprisal = None if "reprisal" not in stated else Reprisal(**stated["reprisal"] | {"same": _attributes(stated)})
    offers = tuple(
        Offer(factor=each["factor"], selection=each["to_whom"], start=each["start"], months=each.get("months"))
        for each in stated.get("incentives", ())
    )
    return Levers(contagion, reprisal, offers)


def _attributes(stated: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in ATTRIBUTES if name in stated["reprisal"]["same"])


def _contagion(stated: Mapping[str, Any], served: Served) -> Contagion:
    options = {name: stated[name] for name in ("months", "against", "intelligence_weight")}
    already: dict[str, int] = {}
    for each in stated["already"]:
        sect = served.table.vocabulary.level("sect", each["sect"])
        already[sect] = already.get(sect, 0) + each["count"]
    if "ratio" in stated and "prior_set" in stated:
        raise _refused("prior_set", "must be left out where a ratio is stated")
    if "ratio" in stated:
        return Contagion.stated(stated["ratio"], already=already, **options)
    try:
        return Contagion.from_prior(served.manifest, stated.get("prior_set"), already=already, **options)
    except OutlookError as error:
        field, _, rule = str(error).partition(": ")
        raise _refused(field, rule) from error


def _refused(field: str, rule: str) -> InvalidQuestionError:
    return InvalidQuestionError(DETAIL, [Fault(f"/levers/contagion/{field}", rule)])


def _selection_faults(pointer: str, stated: Any, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield a fault for every word of a selection that stands for no level and no group of them."""
    for name in ATTRIBUTES:
        for index, word in elements(stated, name, MOST_WORDS):
            if isinstance(word, str) and len(word) <= LONGEST_WORD:
                try:
                    vocabulary.levels(name, word)
                except UnknownWordError as error:
                    rule = "must be a word of the vocabulary, or the name of a group of levels"
                    yield Fault(f"{pointer}/{name}/{index}", rule, error.nearest[:MOST_NEAREST])


def _member(stated: Any, name: str, otherwise: Any) -> Any:
    return stated.get(name, otherwise) if isinstance(stated, Mapping) else otherwise


def _only_sect(stated: Any) -> Any:
    return {"sect": stated["sect"]} if isinstance(stated, Mapping) and "sect" in stated else {}
