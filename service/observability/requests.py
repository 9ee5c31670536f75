"""What is written down of a request: its id, one log line, its metrics, an audit line where people were assessed."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import logging
import re
import time
import uuid
from collections.abc import Iterable
from typing import Any, Final

from flask import Flask, Response, current_app, g, request

from service.observability import metrics

HEADER: Final = "X-Request-ID"
WELL_FORMED: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
QUESTIONS: Final = "/v1/"
"""How the routes begin of which each POST asks about people."""

UNMATCHED: Final = "unmatched"
"""The route of a request that no template fits: its path is the caller's text."""

requests_log = logging.getLogger("service.requests")
audit_log = logging.getLogger("service.audit")


def init_app(app: Flask) -> None:
    """Observe every request of an application.

    Must come before all else that hooks into requests: Flask begins with the first and ends with it too.
    """
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> str:
    """Return the id of the request being answered: the caller's where it is well-formed, else one of our own."""
    known: str | None = g.get("request_id")
    if known is None:
        given = request.headers.get(HEADER, "")
        g.request_id = known = given if WELL_FORMED.fullmatch(given) else uuid.uuid4().hex
    return known


def note_question(digest: str) -> None:
    """Note, for the audit line, the digest of the body being answered; the body itself is not kept.

    Parameters
    ----------
    digest : str
        What `canonical_digest` says of the body.
    """
    g.digest = digest


def note_answer(*, version: str, count: int, risks: Iterable[float] = ()) -> None:
    """Note, for audit and metrics, which version answers and for how many.

    Parameters
    ----------
    version : str
        The version that the answer states.
    count : int
        How many officers, or pairs, were asked about.
    risks : iterable of float
        The median risks in the answer.
    """
    g.version, g.count = version, count
    counted = metrics.of(current_app)
    counted.count_batch(route=_route(), size=count)
    counted.count_risks(version, risks)


def canonical_digest(body: Any) -> str:
    """Return the sha256 of a body as JSON in UTF-8 with sorted members and no spaces.

    Notes
    -----
    It shows that two requests asked the same. It hides nothing: who guesses a short body can compute its digest.
    """
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def client_address(text: str | None) -> str | None:
    """Return an address, or None for what is none: behind a proxy it comes from a header."""
    try:
        return str(ipaddress.ip_address(text or ""))
    except ValueError:
        return None


def _begin() -> None:
    g.begun = time.perf_counter()


def _end(response: Response) -> Response:
    seconds = time.perf_counter() - g.begun
    method = request.method if request.method in metrics.KNOWN_METHODS else "other"
    route, status = _route(), response.status_code
    line = {
        "request_id": request_id(),
        "method": method,
        "route": route,
        "status": status,
        "seconds": round(seconds, 6),
        "bytes": response.calculate_content_length(),
        "client": client_address(request.remote_addr),
    }
    metrics.of(current_app).count_request(method=method, route=route, status=status, seconds=seconds)
    requests_log.info("request", extra={"fields": line})
    if route.startswith(QUESTIONS) and method == "POST":
        audit_log.info("audit", extra={"fields": _audited(status)})
    response.headers[HEADER] = request_id()
    return response


def _audited(status: int) -> dict[str, Any]:
    return {
        "request_id": request_id(),
        "key": g.get("key_name"),
        "version": g.get("version"),
        "digest": g.get("digest"),
        "count": g.get("count"),
        "status": status,
    }


def _route() -> str:
    return UNMATCHED if request.url_rule is None else request.url_rule.rule
