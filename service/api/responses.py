"""JSON answers: the same payload is always the same bytes."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import orjson
from flask import Response, request

from service.errors import PreconditionError


def encoded(payload: Any) -> bytes:
    """Return a payload as JSON in UTF-8: members in their own order, nothing between them, no clock and no chance.

    NaN would become null: that there is none is what a version is tried for before it is served.
    """
    return orjson.dumps(payload)


def uncached(content: bytes) -> Response:
    """Return JSON that is encoded already as an answer that is not to be kept by others."""
    response = _plain(content, "application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def cacheable(content: bytes, media_type: str) -> Response:
    """Return content that a caller may keep, and need not be sent again while it is the same."""
    response = _plain(content, media_type)
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    if response.status_code == HTTPStatus.PRECONDITION_FAILED:
        raise PreconditionError("What is here is not what If-Match asks for; ask without it.")
    return response


def _plain(content: bytes, media_type: str) -> Response:
    return Response(content, content_type=media_type, headers={"X-Content-Type-Options": "nosniff"})
