"""Asking: a question in a body is read, understood, answered in its turn and noted, alike for every route."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, cast

from flask import Response, current_app, request

from priors.vocabulary import Vocabulary
from service import metrics
from service.bodies import parsed, read_body
from service.errors import BusyError
from service.observation import canonical_digest, note_answer, note_question
from service.questions import Terms
from service.registry import Served
from service.resources import prior_sets, words
from service.responses import encoded, uncached
from service.turns import Turns


class Asked(Protocol):
    """A question about so many, on some terms; a large one takes its turn."""

    @property
    def terms(self) -> Terms:
        """On what terms it is asked."""

    @property
    def size(self) -> int:
        """How many officers, pairs or groups it is about."""

    @property
    def is_large(self) -> bool:
        """Whether answering it takes so much that it has to take its turn."""


def answered[Kind: Asked](
    read: Callable[[Any, Vocabulary], Kind], answer: Callable[[Kind, Served], dict[str, Any]]
) -> Response:
    """Answer the request from one version.

    Parameters
    ----------
    read : callable
        Makes a question of what the body holds.
    answer : callable
        Makes the answer of a question.

    Raises
    ------
    ProblemError
        If the body holds no question, or no version can answer it, or too many large ones are being asked.
    """
    body = parsed(read_body(request))
    note_question(canonical_digest(body))
    question = read(body, words())
    served = prior_sets().served(question.terms.priors)
    try:
        # Encoding is part of it: an answer about thousands is dearest while it is both a tree and a text.
        with cast("Turns", current_app.extensions["turns"]).taken(large=question.is_large):
            found = answer(question, served)
            content = encoded(found)
    except BusyError:
        metrics.count_refusal("busy")
        raise
    risks = [each["risk"]["median"] for each in found.get("assessments", ())]
    note_answer(version=served.table.version, count=question.size, risks=risks)
    return uncached(content)
