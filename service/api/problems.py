"""Problem documents (RFC 9457): every error says what to do, echoes nothing and stays small."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Final

from flask import Flask, Response, current_app, request
from marshmallow import fields, validate
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, NotFound, RequestEntityTooLarge

from service.api.faults import MOST_FAULTS, MOST_NEAREST
from service.api.responses import encoded
from service.api.schemas import Answer, optional
from service.errors import Fault, ProblemError
from service.observability.requests import request_id

MEDIA_TYPE: Final = "application/problem+json"
LARGEST: Final = 8192
"""Bytes of a problem document, at most."""

# Werkzeug's own sentences may name what was asked for; these never do.
DETAILS: Final[Mapping[type[HTTPException], str]] = {
    NotFound: "There is nothing here; GET /docs says what there is, GET /v1/vocabulary lists the words.",
    MethodNotAllowed: "This resource does not take this method; the Allow header names those it takes.",
    RequestEntityTooLarge: "The body is too large; split the officers over several requests.",
    InternalServerError: "The service failed to answer; it was not your request. Tell the operator its X-Request-ID.",
}


class FaultSchema(Answer):
    """A rule that a body breaks, where, and the nearest allowed values; never the value that breaks it."""

    pointer = fields.String(metadata={"description": "A JSON pointer (RFC 6901) into the body, or the query's object."})
    rule = fields.String()
    nearest = fields.List(fields.String(), validate=validate.Length(max=MOST_NEAREST))


class ProblemSchema(Answer):
    """A problem document (RFC 9457)."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    errors = fields.List(
        fields.Nested(FaultSchema), validate=validate.Length(max=MOST_FAULTS), metadata=optional("The first twenty.")
    )
    example = fields.Dict(metadata=optional("A body that can be sent, where the one sent lacks its members."))


def init_app(app: Flask) -> None:
    """Turn every error of an application into a problem document."""
    app.register_error_handler(ProblemError, _refusal)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unforeseen)


def document(status: int, title: str, detail: str, faults: Iterable[Fault] = (), *, example: Any = None) -> bytes:
    """Return a problem document.

    Parameters
    ----------
    status : int
        The HTTP status.
    title : str
        Its phrase, as RFC 9457 asks of problems without a type of their own.
    detail : str
        What to do about it.
    faults : iterable of Fault
        The rules broken; only as many are listed as fit, and no more than twenty.
    example : object, optional
        A body that can be sent.
    """
    problem: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    problem |= {} if example is None else {"example": example}
    listed = [
        {"pointer": fault.pointer, "rule": fault.rule, "nearest": list(fault.nearest)}
        for fault in islice(faults, MOST_FAULTS)
    ]
    content = encoded(problem | {"errors": listed} if listed else problem)
    while len(content) >= LARGEST and listed:
        listed.pop()
        content = encoded(problem | {"errors": listed})
    return content


def _refusal(error: ProblemError) -> Response:
    content = document(error.status, error.status.phrase, error.detail, error.faults, example=error.example)
    response = Response(content, status=error.status, content_type=MEDIA_TYPE)
    response.headers.update(error.headers)
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return _uncached(response)


def _http_error(error: HTTPException) -> Response:
    # Starting from Werkzeug's own response keeps the headers that belong to a status: Allow, Retry-After.
    response = Response(status=error.code, headers=list(error.get_response(request.environ).headers))
    response.data = document(
        response.status_code, error.name, DETAILS.get(type(error), "This request cannot be read; send it anew.")
    )
    response.content_type = MEDIA_TYPE
    return _uncached(response)


def _unforeseen(error: Exception) -> Response:
    # Where it happened and what kind it is; its message could quote a profile.
    frames = "".join(traceback.format_tb(error.__traceback__))
    current_app.logger.error("request %s failed: %s\n%s", request_id(), type(error).__name__, frames)
    return _http_error(InternalServerError())


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
