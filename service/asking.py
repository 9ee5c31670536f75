"""Asking: a question in a body is read, understood, answered in its turn and noted, alike for every route."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Protocol, cast

from flask import Response, current_app
from flask.globals import request_ctx

from model.risk.cache import Cache
from priors.vocabulary import Vocabulary
from service import metrics
from service.bodies import parsed, read_body
from service.errors import BusyError
from service.observation import canonical_digest, note_answer, note_question
from service.questions import Terms
from service.registry import Served
from service.replies import SMALL, Reply, Understood, is_nameless, place
from service.resources import prior_sets, words
from service.responses import encoded, json_bytes
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
    read: Callable[[Any, Vocabulary], Kind], answer: Callable[[Kind, Served], dict[str, Any] | Reply]
) -> Response:
    """Answer the request from one version.

    Parameters
    ----------
    read : callable
        Makes a question of what the body holds.
    answer : callable
        Makes the answer of a question, as a payload or encoded already.

    Raises
    ------
    ProblemError
        If the body holds no question, or no version can answer it, or too many large ones are being asked.
    """
    content = read_body(request_ctx.request)
    key = place(read, content)
    question = _understood(read, content, key)
    served = prior_sets().served(question.terms.priors)
    reply: Reply | None = None if key is None else served.replies.known(key)
    if reply is None:
        reply = _replied(answer, question, served)
        if key is not None and is_nameless(question) and len(reply.content) <= SMALL:
            served.replies.keep(key, reply)
    note_answer(version=served.table.version, count=question.size, risks=reply.risks)
    return json_bytes(reply.content)


def _understood[Kind: Asked](read: Callable[[Any, Vocabulary], Kind], content: bytes, key: Hashable | None) -> Kind:
    """Return the question that a body asks, and note it; a short one that was asked before is not read again."""
    remembered = cast("Cache", current_app.extensions["understood"])
    known: Understood | None = None if key is None else remembered.known(key)
    if known is not None:
        note_question(known.digest)
        return cast("Kind", known.question)
    body = parsed(content)
    digest = canonical_digest(body)
    note_question(digest)
    question = read(body, words())
    if key is not None and is_nameless(question):
        remembered.keep(key, Understood(question, digest))
    return question


def _replied[Kind: Asked](
    answer: Callable[[Kind, Served], dict[str, Any] | Reply], question: Kind, served: Served
) -> Reply:
    try:
        # Encoding is part of it: an answer about thousands is dearest while it is both a tree and a text.
        with _turns().taken(large=question.is_large):
            found = answer(question, served)
            return found if isinstance(found, Reply) else Reply(encoded(found))
    except BusyError:
        metrics.count_refusal("busy")
        raise


def _turns() -> Turns:
    return cast("Turns", current_app.extensions["turns"])
