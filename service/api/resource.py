"""A resource: its routes, each with what the specification says of it; and how a question in a body is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, cast

from flask import Blueprint, Response, current_app, request
from marshmallow import Schema

from model.archive import CURRENT
from priors.study import Study
from service.api.bodies import read_body
from service.api.faults import BODY, QUERY, understood
from service.api.responses import encoded, uncached
from service.api.schemas import VersionQuestionSchema
from service.api.turns import Turns
from service.errors import BusyError, NoSuchVersionError
from service.observability import metrics
from service.observability.requests import canonical_digest, note_answer, note_question
from service.served import Served
from service.versions import Versions

JSON: Final = "application/json"
HTML: Final = "text/html"

type Asked = Mapping[str, Any]
type Answering = Callable[[Asked, Served], dict[str, Any]]
type View = Callable[[], Response]


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is known of a question in a body.

    Attributes
    ----------
    takes : type of Schema
        Makes what is asked of the body.
    answer : callable
        Makes the answer of what is asked, from one version.
    example : callable
        Makes a body that can be sent, in the words of a study.
    size : callable
        How many officers, pairs or groups it is about.
    is_large : callable
        Whether answering takes so much that it has to take its turn.
    risks : callable
        The median risks in an answer, which are counted.
    """

    takes: type[Schema]
    answer: Answering
    example: Callable[[Study], dict[str, Any]]
    size: Callable[[Asked], int]
    is_large: Callable[[Asked], bool]
    risks: Callable[[dict[str, Any]], Iterable[float]]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """What is said of a route besides its path, its method and the docstring of its view.

    Attributes
    ----------
    tag : str
        Under which heading it stands.
    gives : type of Schema or str
        The schema of its answer in JSON, or the media type of another.
    asks : type of Schema, optional
        The schema of its query.
    refuses : tuple of int
        Statuses besides those that follow from the rest.
    cacheable : bool
        Whether it has an ETag.
    question : Question, optional
        What it takes in its body.
    """

    tag: str
    gives: type[Schema] | str
    asks: type[Schema] | None = None
    refuses: tuple[int, ...] = ()
    cacheable: bool = True
    question: Question | None = None


class Resource(Blueprint):
    """The routes of one resource.

    Attributes
    ----------
    operations : dict
        What is said of each, by the path and the name of the view.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name, __name__)
        self.operations: dict[tuple[str, str], Operation] = {}

    def document[Shown: View](self, path: str, **said: Any) -> Callable[[Shown], Shown]:
        """Return a decorator that makes a view of GET `path`; the rest is of `Operation`."""

        def decorated(view: Shown) -> Shown:
            self.operations[path, view.__name__] = Operation(**said)
            self.get(path)(view)
            return view

        return decorated

    def question(
        self,
        path: str,
        *,
        takes: type[Schema],
        gives: type[Schema],
        example: Callable[[Study], dict[str, Any]],
        size: Callable[[Asked], int],
        is_large: Callable[[Asked], bool],
        risks: Callable[[dict[str, Any]], Iterable[float]] = lambda _: (),
        refuses: tuple[int, ...] = (),
    ) -> Callable[[Answering], Answering]:
        """Return a decorator that has POST `path` give what a function answers; the rest is of `Question`."""

        def decorated(answer: Answering) -> Answering:
            asked = Question(takes=takes, answer=answer, example=example, size=size, is_large=is_large, risks=risks)
            self.operations[path, answer.__name__] = Operation(
                tag="Questions", gives=gives, refuses=refuses, cacheable=False, question=asked
            )

            @wraps(answer)
            def view() -> Response:
                return _answered(asked)

            self.post(path)(view)
            return answer

        return decorated


def _answered(question: Question) -> Response:
    """Answer the request from one version: body, version, words and days, turn, answer, note.

    Raises
    ------
    ProblemError
        If the body holds no question, or no version can answer it, or too many large ones are being asked.
    """
    body = read_body(request)
    note_question(canonical_digest(body))
    asked, served = asked_of_version(question.takes, body, versions().served, example=question.example)
    try:
        # Encoding is part of it: an answer about thousands is dearest while it is both a tree and a text.
        with cast("Turns", current_app.extensions["turns"]).taken(large=question.is_large(asked)):
            answer = question.answer(asked, served)
            content = encoded(answer)
    except BusyError:
        metrics.count_refusal("busy")
        raise
    note_answer(version=served.table.version, count=question.size(asked), risks=question.risks(answer))
    return uncached(content)


def asked_of_version(
    takes: type[Schema],
    stated: Any,
    served_as: Callable[[str], Served],
    *,
    remedy: str = BODY,
    example: Callable[[Study], Any] | None = None,
) -> tuple[Asked, Served]:
    """Return what a body, or a query, asks, and the version that is to answer, in whose words it is understood.

    Parameters
    ----------
    served_as : callable
        Returns the version that goes by a name.

    Raises
    ------
    NoModelError
        If no version can answer.
    NoSuchVersionError
        If no version goes by the name that it gives.
    InvalidQuestionError
        If it cannot be understood.
    """
    name = stated.get("version", CURRENT) if isinstance(stated, dict) else CURRENT
    refusal = None
    try:
        served = served_as(name if isinstance(name, str) else CURRENT)
    except NoSuchVersionError as error:
        served, refusal = served_as(CURRENT), error  # in whose words the rest of it can be found wrong too
    asked = understood(takes, stated, served, remedy=remedy, example=example)
    if refusal is not None:
        raise refusal
    return asked, served


def asked_by_query(takes: type[Schema] = VersionQuestionSchema) -> tuple[Asked, Served]:
    """Return what the query of the request asks, and the version that is to answer, as `asked_of_version` does."""
    # A parameter that is repeated is no string.
    stated = {name: values[0] if len(values) == 1 else values for name, values in request.args.lists()}
    return asked_of_version(takes, stated, versions().served, remedy=QUERY)


def versions() -> Versions:
    """Return the versions of the application answering."""
    return cast("Versions", current_app.extensions["versions"])
