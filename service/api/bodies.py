"""The body of a request: held to its limits and its type before anything is read."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final

from flask import Flask, Request, Response, request

from service.api import strict_json
from service.errors import (
    BodyTooLargeError,
    Fault,
    LengthRequiredError,
    MalformedBodyError,
    MediaTypeError,
    StrictJSONError,
)

MEDIA_TYPE: Final = "application/json"
DISCARDED: Final = 32 << 20
"""Bytes that are taken of a body that was refused."""

PART: Final = 1 << 16


def init_app(app: Flask) -> None:
    """Have an application take the rest of the bodies that it refuses."""
    app.after_request(_take_rest)


def read_body(request: Request) -> Any:
    """Return what the JSON in the body of a request holds.

    Raises
    ------
    MediaTypeError, LengthRequiredError, BodyTooLargeError, MalformedBodyError
        If the request does not say that it is JSON, or its body is not of a stated length within the limit, or not
        strict JSON in UTF-8.
    """
    _check_type(request)
    _check_length(request)
    content = request.get_data(cache=False)
    if len(content) < (request.content_length or 0):
        raise MalformedBodyError("The body ends before its Content-Length says so; send it anew.")
    return parsed(content)


def parsed(content: bytes) -> Any:
    """Return what the JSON of a body holds.

    Raises
    ------
    MalformedBodyError
        If it is not strict JSON in UTF-8.
    """
    try:
        return strict_json.loads(content)
    except StrictJSONError as error:
        raise MalformedBodyError("The body is not strict JSON.", [Fault("", str(error))]) from error


def _check_type(request: Request) -> None:
    if request.mimetype != MEDIA_TYPE:
        raise MediaTypeError(f"Send the body as Content-Type: {MEDIA_TYPE}.")
    if request.mimetype_params.get("charset", "utf-8").lower() not in {"utf-8", "utf8"}:
        raise MediaTypeError("Send the body in UTF-8.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise MediaTypeError("Send the body without Content-Encoding: compressed bodies are not read.")


def _check_length(request: Request) -> None:
    # A chunked body has none, and Werkzeug would cut it off at the limit without a word.
    length, limit = request.content_length, request.max_content_length
    if length is None:
        raise LengthRequiredError("State the Content-Length of the body; chunked bodies are not read.")
    if limit is not None and length > limit:
        raise BodyTooLargeError(f"Send a body of at most {limit} bytes; split the officers over several requests.")


def _take_rest(response: Response) -> Response:
    # A client that is reset while it sends misses its answer. Only where the server says that the body ends.
    if response.status_code >= HTTPStatus.BAD_REQUEST and request.environ.get("wsgi.input_terminated"):
        stream, left = request.environ["wsgi.input"], DISCARDED
        with suppress(Exception):  # whatever is wrong with it, it is refused already
            while left > 0 and (part := stream.read(PART)):
                left -= len(part)
    return response
