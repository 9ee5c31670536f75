"""What browsers are told, and which names of the host are ours: nothing is open to other sites unless it was asked for.

No library: Flask's own list of trusted hosts cannot name an IPv6 address (Werkzeug 3.1 cuts it off at its first colon),
Flask-Talisman is no longer kept up, and origins are compared whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Final

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from service.errors import UnknownHostError
from service.settings import ANY_HOST, Settings

LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""Always ours: no page of another site can be loaded under these names, whatever its own resolves to."""

HOST_AND_PORT: Final = re.compile(r"(\[[0-9a-f:.]+\]|[^:]+)(:[0-9]+)?")

NOTHING: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
STYLED: Final = f"{NOTHING}; style-src 'unsafe-inline'; img-src data:; font-src data:"
"""For the report, which carries its styles and pictures in itself, and no script."""

HEADERS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ALLOWED_HEADERS: Final = "Authorization, Content-Type, If-None-Match, X-Request-ID"
READABLE_HEADERS: Final = "ETag, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-ID"


def init_app(app: Flask, settings: Settings) -> None:
    """Set the headers of every answer, and turn away requests for hosts that are not ours."""
    app.before_request(partial(_check_host, frozenset(settings.trusted_hosts)))
    app.after_request(_set_headers)
    if settings.cors_origins:
        app.after_request(partial(_open_to, frozenset(settings.cors_origins)))
    if settings.proxies:
        # Only then: from anyone else these headers are the caller's own word.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]


def is_trusted(host: str, stated: frozenset[str]) -> bool:
    """Whether the Host of a request is a name of the loopback interface or a stated one, or any will do.

    By default only the first: so a site whose name was made to resolve to this machine cannot have a visitor's browser
    ask the service.

    Parameters
    ----------
    host : str
        With or without a port; empty where the request has none.
    stated : frozenset of str
        Names, those that begin with a full stop standing for all below them, `*` for any.
    """
    if ANY_HOST in stated:
        return True
    parts = HOST_AND_PORT.fullmatch(host.lower())
    if parts is None:
        return False
    name = parts[1]
    return name in LOOPBACK_NAMES | stated or any(name.endswith(each) for each in stated if each.startswith("."))


def _check_host(stated: frozenset[str]) -> None:
    # HTTP/1.1 asks for a 400 where there is none; what Werkzeug puts in its place, our own address, is always trusted.
    named = "Host" in request.headers or request.environ.get("SERVER_PROTOCOL") != "HTTP/1.1"
    if not named or not is_trusted(request.host, stated):
        raise UnknownHostError(
            "The Host header names no host of this service; DEFECTION_RISK_TRUSTED_HOSTS lists them."
        )


def _set_headers(response: Response) -> Response:
    # Looking for each in turn goes through all the headers each time, which is felt where an answer takes so little.
    headers = response.headers
    present = {name.lower() for name, _ in headers}
    for name, value in HEADERS.items():
        if name.lower() not in present:
            headers.add(name, value)
    if "content-security-policy" not in present:
        headers.add("Content-Security-Policy", STYLED if f"{request.path}/".startswith("/report/") else NOTHING)
    return response


def _open_to(origins: frozenset[str], response: Response) -> Response:
    response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin in origins:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = READABLE_HEADERS
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, POST"
            response.headers["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
            response.headers["Access-Control-Max-Age"] = "600"
    return response
