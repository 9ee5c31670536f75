"""The moves of an outlook: what those that a body states mean to the version that answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from model.outlook.contagion import Contagion
from model.outlook.moves import Move, Moves
from model.outlook.numbers import Number
from priors.moves import NUMBERS, Selection
from service.served import Served


def moves(stated: Mapping[str, Any], served: Served, opens: date) -> Moves:
    """Return the moves that a question states, in the numbers of the version that answers.

    Parameters
    ----------
    opens : date
        First day of the window.
    """
    contagion = None if "contagion" not in stated else _contagion(stated["contagion"], served)
    listed = [
        (name, each)
        for name in NUMBERS
        if name in stated
        for each in (stated[name] if name == "offers" else [stated[name]])
    ]
    return Moves(contagion, tuple(_move(name, each, served, opens) for name, each in listed))


def _contagion(stated: Mapping[str, Any], served: Served) -> Contagion:
    study, already = served.study, Counter[str]()
    for each in stated["already"]:
        already[each[study.vocabulary.community.name]] += each["count"]
    options = {name: stated[name] for name in ("months", "against", "services_weight")} | {"already": dict(already)}
    if "ratio" in stated:
        spreading = study.spreading
        return Contagion.stated(stated["ratio"], services=spreading.services, claims=spreading.claims, **options)
    return Contagion.from_prior(served.manifest, study.spreading, stated.get("prior_set"), **options)


def _move(name: str, stated: Mapping[str, Any], served: Served, opens: date) -> Move:
    drawn, scales = served.elicited.get(name, {}), NUMBERS[name]
    numbers = {
        number: Number.stated(number, stated[number], scale) if number in stated else drawn[number]
        for number, scale in scales.items()
    }
    options = {member: value for member, value in stated.items() if member not in scales}
    if "of" in options:
        options["of"] = _selection(options["of"])
    return replace(Move.of_study(name, served.study, numbers, opens), **options)


def _selection(stated: Mapping[str, Any]) -> Selection:
    """Return whom words, or the levels of a profile, select."""
    return {name: [words] if isinstance(words, str) else words for name, words in stated.items()}
