"""Who is let in: keys guard /v1, /report and /metrics once there is a key file, and each client has its rate."""

from __future__ import annotations

import logging
from functools import partial
from typing import Final

from flask import Flask, Response, g, request

from service.errors import (
    KeyFileError,
    KeysUnavailableError,
    NoKeyError,
    ProblemError,
    ScopeError,
    TooManyRequestsError,
    UnknownKeyError,
)
from service.observability import metrics
from service.security.keys import Key, KeyRing, Scope
from service.security.rate_limits import Allowance, RateLimits, client_of
from service.settings import Settings

UNCOUNTED: Final = frozenset({"/livez", "/readyz", "/metrics"})
"""What those ask that watch over the service: a limit must not make it look dead."""

SECONDS_TO_WAIT: Final = 5
"""After which to ask again when the keys cannot be read."""


def init_app(app: Flask, settings: Settings) -> None:
    """Let requests to an application pass only as the settings say."""
    ring = None if settings.key_file is None else KeyRing(settings.key_file)
    limits = None if settings.rate_limit is None else RateLimits(settings.rate_limit, settings.limit_storage)
    app.extensions["keys_asked"] = ring is not None
    app.before_request(partial(_admit, ring, limits))
    app.after_request(_tell)


def needed_scope(path: str) -> Scope | None:
    """Return the scope of key that a path asks for, whether or not there is anything at it."""
    if path == "/metrics":
        return Scope.ADMIN
    return Scope.ASSESS if f"{path}/".startswith(("/v1/", "/report/")) else None


def _admit(ring: KeyRing | None, limits: RateLimits | None) -> None:
    path = request.path if request.url_rule is None else request.url_rule.rule
    needed = None if request.method == "OPTIONS" else needed_scope(path)
    refusal: tuple[str, ProblemError] | None = None
    if ring is not None and needed is not None:
        key, refusal = _shown(ring, needed)
        if key is not None:
            g.key_name = key.name
    # Counted before it is turned away, so that guessing has its limit too.
    if limits is not None and path not in UNCOUNTED:
        _count(limits)
    if refusal is not None:
        reason, error = refusal
        metrics.count_refusal(reason)
        raise error


def _shown(ring: KeyRing, needed: Scope) -> tuple[Key | None, tuple[str, ProblemError] | None]:
    """Return the key that a request shows, if it is one, and why it does not open what is asked for, if so."""
    shown = request.authorization
    if shown is None or shown.type != "bearer" or not shown.token:
        return None, ("no_key", NoKeyError("Send a key as Authorization: Bearer KEY; ask the operator for one."))
    try:
        key = ring.find(shown.token)
    except KeyFileError as error:
        logging.getLogger(__name__).error("keys: %s", error)  # noqa: TRY400 - expected, and the message says it all
        detail = "The keys cannot be read, so that nobody is let in; the log tells the operator why."
        return None, ("keys_unreadable", KeysUnavailableError(detail, retry_after=SECONDS_TO_WAIT))
    if key is None:
        return None, ("unknown_key", UnknownKeyError("This key is none, or was revoked; ask the operator for one."))
    if not key.scope.opens(needed):
        return key, ("scope", ScopeError(f"This needs a key of scope {needed}; ask the operator for one."))
    return key, None


def _count(limits: RateLimits) -> None:
    client = client_of(key_name=g.get("key_name"), address=request.remote_addr)
    g.allowance = allowance = limits.take(client)
    if not allowance.allowed:
        metrics.count_refusal("rate")
        detail = "You ask more often than you may; the headers RateLimit-Limit and RateLimit-Reset say how often."
        raise TooManyRequestsError(detail, retry_after=allowance.reset)


def _tell(response: Response) -> Response:
    allowance: Allowance | None = g.get("allowance")
    if allowance is not None:
        response.headers.add("RateLimit-Limit", allowance.limit)
        response.headers.add("RateLimit-Remaining", allowance.remaining)
        response.headers.add("RateLimit-Reset", allowance.reset)
    return response
