"""Browsers are told to trust nothing, other names of the host are refused, other sites are let in only where stated."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from service import Settings, create_app

CANARY = "kanarienvogel.example"
SITE = "https://site.example"


def made(settings: Settings, **more: Any) -> FlaskClient:
    """Return a client of a service with other settings."""
    return create_app(Settings(home=settings.home, **more)).test_client()


@pytest.mark.parametrize("path", ["/v1/vocabulary", "/livez", "/report", "/nothing", "/openapi.json", "/docs"])
def test_every_answer_has_the_headers(client: FlaskClient, path: str) -> None:
    """A browser guesses no type, runs no script but ours, frames nothing and tells no other site."""
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"
    policy = headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(policy)
    assert not any("http" in each for each in policy)
    assert all(re.fullmatch(r"script-src 'sha256-\S+'", each) for each in policy if each.startswith("script-src"))


def test_problems_have_them_too(client: FlaskClient) -> None:
    """A refusal is no exception."""
    assert client.post("/v1/assessments", data=b"{").headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "localhost:8000", "127.0.0.1:1", "[::1]:99"])
def test_loopback_names_are_ours(client: FlaskClient, host: str) -> None:
    """Whatever the port, the names of this machine are answered."""
    assert client.get("/livez", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [CANARY, "localhost.example", "127.0.0.1.example", "10.0.0.1", "a b", "", "x" * 300, "<b>", "localhost@x", "\xe9"],
)
def test_other_names_are_not(client: FlaskClient, host: str) -> None:
    """A name that was made to lead here is a 400 that says where names are stated, and does not echo it."""
    answer = client.get("/v1/vocabulary", headers={"Host": host})
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert "DEFECTION_RISK_TRUSTED_HOSTS" in answer.json["detail"]
    assert CANARY not in answer.text


def test_names_that_are_stated_are_ours(settings: Settings) -> None:
    """A stated name, and all below one that begins with a full stop, are answered beside loopback."""
    client = made(settings, trusted_hosts=("risk.example", ".inner.example"))
    status = {
        host: client.get("/livez", headers={"Host": host}).status_code
        for host in ("risk.example", "a.inner.example:80", "localhost", "a.risk.example", "other.example")
    }
    assert list(status.values()) == [200, 200, 200, 400, 400]
    assert made(settings, trusted_hosts=("*",)).get("/livez", headers={"Host": CANARY}).status_code == 200


def test_no_other_site_is_let_in(client: FlaskClient) -> None:
    """Unless configured there is not one header of CORS, preflight or not."""
    for answer in (
        client.get("/v1/vocabulary", headers={"Origin": SITE}),
        client.options("/v1/assessments", headers={"Origin": SITE, "Access-Control-Request-Method": "POST"}),
    ):
        assert not any(name.lower().startswith("access-control") for name in answer.headers.keys())  # noqa: SIM118 - headers are a multi-dictionary


def test_a_stated_site_is_let_in_and_no_other(settings: Settings) -> None:
    """A configured origin is named back, whole; what merely looks like it is not; caches are told of the difference."""
    client = made(settings, cors_origins=(SITE,))
    preflight = client.options("/v1/assessments", headers={"Origin": SITE, "Access-Control-Request-Method": "POST"})
    assert preflight.headers["Access-Control-Allow-Origin"] == SITE
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
    assert client.get("/v1/model", headers={"Origin": SITE}).headers["Access-Control-Allow-Origin"] == SITE
    for other in (f"{SITE}.evil.example", "null", "http://site.example", f"{SITE}:444", SITE.upper(), ""):
        answer = client.get("/v1/model", headers={"Origin": other})
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Origin" in answer.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in preflight.headers


def test_a_header_of_a_proxy_counts_only_where_there_is_one(settings: Settings) -> None:
    """Without a stated proxy the client's address is its own; with one it is what the proxy says, and no more."""
    headers = {"X-Forwarded-For": "192.0.2.1, 198.51.100.7"}
    for proxies, expected in ((0, "127.0.0.1"), (1, "198.51.100.7"), (2, "192.0.2.1")):
        app = create_app(Settings(home=settings.home, proxies=proxies))
        seen: list[str | None] = []
        app.before_request(lambda seen=seen: seen.append(_address()))
        app.test_client().get("/livez", headers=headers)
        assert seen == [expected]


def _address() -> str | None:
    from flask import request  # noqa: PLC0415 - of the request being answered

    return request.remote_addr
