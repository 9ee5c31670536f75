"""Request ids: the caller's where it is well-formed, one of our own where not."""

from __future__ import annotations

import random
import re

from flask import Flask, Response, g, request

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,64}")


def init_app(app: Flask) -> None:
    """Give every request an id, and every answer the id of its request."""
    app.before_request(_take)
    app.after_request(_give)


def request_id() -> str:
    """Return the id of the request being answered."""
    known: str | None = g.get("request_id")
    if known is None:
        given = request.headers.get(HEADER, "")
        g.request_id = known = given if WELL_FORMED.fullmatch(given) else _fresh()
    return known


def _fresh() -> str:
    # Ids tell requests apart and keep nothing secret; Python seeds each worker anew when it is forked.
    return f"{random.getrandbits(128):032x}"


def _take() -> None:
    request_id()


def _give(response: Response) -> Response:
    response.headers[HEADER] = request_id()
    return response
