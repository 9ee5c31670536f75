"""Once there is a key file, /v1, /report and /metrics are shut to whoever shows no key that opens them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service import Settings, create_app
from service.security.access import needed_scope
from service.security.keys import KeyFile, Scope

NOW = datetime(2026, 11, 21, tzinfo=UTC)
GUARDED = [
    ("POST", "/v1/assessments"), ("POST", "/v1/comparisons"), ("GET", "/v1/vocabulary"), ("GET", "/v1/claims"),
    ("GET", "/v1/model"), ("GET", "/v1/model/diagnostics"), ("HEAD", "/v1/model"), ("DELETE", "/v1/model"),
    ("GET", "/v1/"), ("GET", "/v1"), ("GET", "/v1/nothing"), ("GET", "/v1/assessments"), ("GET", "/%76%31/model"),
    ("GET", "/report"), ("HEAD", "/report"), ("GET", "/%72eport"),
]  # fmt: skip
CANARY = "kanarienvogel"


@pytest.fixture
def file(tmp_path: Path) -> KeyFile:
    """Return an empty folder's key file."""
    return KeyFile(tmp_path / "keys.json")


@pytest.fixture
def tokens(file: KeyFile) -> dict[Scope, str]:
    """Return a key of each scope."""
    return {scope: file.add(scope.value, scope, now=NOW) for scope in Scope}


@pytest.fixture
def guarded(settings: Settings, file: KeyFile, tokens: dict[Scope, str]) -> FlaskClient:
    """Return a client of a service that asks for keys."""
    assert tokens
    return create_app(Settings(home=settings.home, key_file=file.path)).test_client()


def bearing(token: str) -> dict[str, str]:
    """Return the header that shows a key."""
    return {"Authorization": f"Bearer {token}"}


def test_routes_are_guarded_by_their_beginning(app: Flask) -> None:
    """Every route under /v1 and the reports need a key, /metrics one of an administrator, those of tomorrow too."""
    for rule in (rule.rule for rule in app.url_map.iter_rules()):
        assessing = rule.startswith(("/v1/", "/report"))
        assert needed_scope(rule) == (Scope.ASSESS if assessing else Scope.ADMIN if rule == "/metrics" else None)


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_without_a_key_it_is_401(guarded: FlaskClient, method: str, path: str) -> None:
    """Whether there is anything at a path or not, without a key nobody learns it."""
    answer = guarded.open(path, method=method)
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="defection-risk"'


@pytest.mark.parametrize(
    "shown",
    [
        "", "Bearer", "Bearer ", "Basic dTpw", "Basic %%%", "Token x", "bearer", 'Bearer a="b"', "Digest x", "=",
        "\xff",
    ],
)  # fmt: skip
def test_what_is_no_bearer_key_is_none(guarded: FlaskClient, shown: str) -> None:
    """Another scheme, or no key after the scheme, is as if none was shown."""
    answer = guarded.get("/v1/model", headers={"Authorization": shown})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="defection-risk"')


@pytest.mark.parametrize("shown", [CANARY, "drk_" + "A" * 43, "x" * 7000, "\xe9\xe8", "a.b/c+d=="])
def test_a_key_that_is_none_is_401_and_not_echoed(guarded: FlaskClient, shown: str) -> None:
    """An unknown key is told so, and does not come back."""
    answer = guarded.get("/v1/model", headers=bearing(shown))
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    assert CANARY not in answer.text + str(answer.headers)


def test_each_scope_opens_its_own(guarded: FlaskClient, tokens: dict[Scope, str]) -> None:
    """A key to assess opens /v1 and the report, and not the metrics; an administrator's opens all."""
    paths = ("/v1/model", "/report", "/metrics")
    found = {
        scope: [guarded.get(path, headers=bearing(token)).status_code for path in paths]
        for scope, token in tokens.items()
    }
    assert found == {Scope.ASSESS: [200, 200, 403], Scope.ADMIN: [200, 200, 200]}
    refused = guarded.get("/metrics", headers=bearing(tokens[Scope.ASSESS]))
    assert 'error="insufficient_scope"' in refused.headers["WWW-Authenticate"]
    assert refused.json["detail"].startswith("This needs a key of scope admin")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_has_no_case(guarded: FlaskClient, tokens: dict[Scope, str], scheme: str) -> None:
    """A scheme is matched as HTTP matches it."""
    headers = {"Authorization": f"{scheme} {tokens[Scope.ASSESS]}"}
    answer = guarded.post("/v1/assessments", json={"officers": [{}]}, headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/openapi.json", "/docs", "/"])
def test_what_holds_no_numbers_needs_no_key(guarded: FlaskClient, path: str) -> None:
    """Health, contract and page are open."""
    assert guarded.get(path).status_code == 200


def test_a_body_is_not_read_before_the_key(guarded: FlaskClient) -> None:
    """A body that would be refused is 401 first: strangers cannot have it parsed."""
    assert guarded.post("/v1/assessments", data=b"[" * 20_000, content_type="application/json").status_code == 401


def test_revoked_is_revoked(guarded: FlaskClient, file: KeyFile, tokens: dict[Scope, str]) -> None:
    """A key opens until it is revoked, without a restart; a new one opens at once."""
    headers = bearing(tokens[Scope.ASSESS])
    assert guarded.get("/v1/model", headers=headers).status_code == 200
    file.revoke("assess")
    assert guarded.get("/v1/model", headers=headers).status_code == 401
    token = file.add("assess", Scope.ASSESS, now=NOW)
    assert guarded.get("/v1/model", headers=bearing(token)).status_code == 200


def test_keys_that_cannot_be_read_let_nobody_in(guarded: FlaskClient, file: KeyFile, tokens: dict[Scope, str]) -> None:
    """A damaged key file is 503 with when to ask again, names no path, and leaves the health checks alone."""
    file.path.write_text("{")
    answer = guarded.get("/v1/model", headers=bearing(tokens[Scope.ADMIN]))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert str(file.path) not in answer.text
    assert guarded.get("/v1/model").status_code == 401
    assert guarded.get("/readyz").status_code == 200


def test_no_key_is_asked_for_without_a_key_file(client: FlaskClient) -> None:
    """A service on loopback without keys takes whatever comes, a key that means nothing too."""
    answers: list[Any] = [client.get("/v1/model", headers=headers) for headers in ({}, bearing("x"))]
    assert [answer.status_code for answer in answers] == [200, 200]
