"""Assessments as the bytes that are sent, each profile encoded once, and the short questions that keep coming back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Final

from model.risk.assessment import assess
from service.questions import Question, headed
from service.registry import Served
from service.responses import encoded

QUESTIONS_KEPT: Final = 2048
SHORT: Final = 1024
"""Bytes of a body that is worth remembering."""

SMALL: Final = 4096
"""Bytes of an answer that is: a version in memory holds no more than 8 MB of them."""


@dataclass(frozen=True)
class Reply:
    """An answer as it is sent, and the median risks in it."""

    content: bytes
    risks: tuple[float, ...] = ()


@dataclass(frozen=True)
class Understood:
    """A question that was read from a body, and the digest of the body."""

    question: Any
    digest: str


def reply(question: Question, served: Served) -> Reply:
    """Return the answer to a question from one version: the bytes of `questions.answer`, without its detour."""
    terms, told, elements, risks = question.terms, {}, [], []
    for officer in question.officers:
        profile = tuple(officer.profile.items())
        if profile not in told:
            found = assess(served.table, officer.profile, window=terms.window, intervals=terms.intervals)
            told[profile] = encoded(found.as_dict()), found.standing.risk.median
        element, risk = told[profile]
        elements.append(element if officer.id is None else _identified(officer.id, element))
        risks.append(risk)
    head = encoded(headed(served, terms))
    return Reply(b'%b,"assessments":[%b]}' % (head[:-1], b",".join(elements)), tuple(risks))


def place(read: Hashable, content: bytes) -> Hashable | None:
    """Return under what a question is remembered, which gives no body away; None for one that is too long.

    Parameters
    ----------
    read : callable
        What makes a question of the body.
    content : bytes
        The body.
    """
    return (read, hashlib.sha256(content).digest()) if len(content) <= SHORT else None


def is_nameless(question: Any) -> bool:
    """Whether a question is one about officers that holds nothing of its caller's own: then others will ask it too."""
    return isinstance(question, Question) and all(officer.id is None for officer in question.officers)


def _identified(given: str, element: bytes) -> bytes:
    return b'{"id":%b,%b' % (json.dumps(given).encode("ascii"), element[1:])
