"""What is written down of a request: enough to follow it, and nothing of what it says."""

from __future__ import annotations

import hashlib
import json
import logging
import socket
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from model.archive import Archive
from service import Settings, create_app
from service.errors import NoModelError
from service.observability.logs import JSONLines
from service.observability.requests import canonical_digest
from service.security.keys import KeyFile, Scope
from tests.service.publishing import publish
from tests.support.servers import running

CANARY = "canary-2f9d"
BODY = {"officers": [{"rank": "colonel", "sect": "druze"}, {}], "intervals": [0.5]}


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Return the log, with what the service says of each request."""
    caplog.set_level(logging.INFO, logger="service")
    return caplog


def lines(log: pytest.LogCaptureFixture, event: str) -> list[dict[str, object]]:
    """Return the lines of one kind, as they would be written."""
    written = [json.loads(JSONLines().format(record)) for record in log.records]
    return [line for line in written if line["event"] == event]


def test_each_request_is_one_line(client: FlaskClient, log: pytest.LogCaptureFixture) -> None:
    """A line has time, level, id, method, route, status, seconds, bytes and client."""
    answer = client.post("/v1/assessments", json=BODY, headers={"X-Request-ID": "r-1"})
    (line,) = lines(log, "request")
    assert str(line.pop("time")).endswith("Z")
    assert 0 < float(str(line.pop("seconds"))) < 10
    assert line == {
        "level": "info",
        "event": "request",
        "request_id": "r-1",
        "method": "POST",
        "route": "/v1/assessments",
        "status": 200,
        "bytes": len(answer.data),
        "client": "127.0.0.1",
    }


@pytest.mark.parametrize("path", ["/v1/vocabulary", "/nothing", "/livez", "/readyz", "/metrics"])
def test_whatever_is_asked_has_its_line(client: FlaskClient, log: pytest.LogCaptureFixture, path: str) -> None:
    """Health checks and errors are lines too; no audit line comes with them."""
    status = client.get(path).status_code
    assert [line["status"] for line in lines(log, "request")] == [status]
    assert lines(log, "audit") == []


def test_each_assessment_is_audited(app: Flask, settings: Settings, log: pytest.LogCaptureFixture) -> None:
    """The audit line has time, id, key name, version, digest of the canonical body, and count."""
    app.test_client().post("/v1/assessments", json=BODY, headers={"X-Request-ID": "r-2"})
    (line,) = lines(log, "audit")
    assert str(line.pop("time")).endswith("Z")
    canonical = b'{"intervals":[0.5],"officers":[{"rank":"colonel","sect":"druze"},{}]}'
    assert line == {
        "level": "info",
        "event": "audit",
        "request_id": "r-2",
        "key": None,
        "version": Archive(settings.home).current(),
        "digest": hashlib.sha256(canonical).hexdigest(),
        "count": 2,
        "status": 200,
    }


def test_each_comparison_is_audited(client: FlaskClient, settings: Settings, log: pytest.LogCaptureFixture) -> None:
    """A comparison leaves the same line, which counts its pairs."""
    body = {"pairs": [{"first": {"sect": "sunni"}, "second": {"sect": "alawite"}}]}
    assert client.post("/v1/comparisons", json=body).status_code == 200
    (line,) = lines(log, "audit")
    assert (line["count"], line["version"]) == (1, Archive(settings.home).current())
    assert line["digest"] == canonical_digest(body)


@pytest.mark.parametrize("body", [b"{", b'{"officers": []}', b"[" * 99])
def test_a_refused_question_is_audited_too(client: FlaskClient, log: pytest.LogCaptureFixture, body: bytes) -> None:
    """A question that got no answer names no version and no count."""
    client.post("/v1/assessments", data=body, content_type="application/json")
    (line,) = lines(log, "audit")
    assert (line["version"], line["count"]) == (None, None)
    assert line["status"] in {400, 422}


def test_the_name_of_a_key_is_told_and_the_key_is_not(
    settings: Settings, tmp_path: Path, log: pytest.LogCaptureFixture
) -> None:
    """The audit line names the key that was shown; no line and no metric holds a key, good, revoked or wrong."""
    keys = KeyFile(tmp_path / "keys.json")
    now = datetime(2026, 11, 21, tzinfo=UTC)
    good, gone = (keys.add(name, Scope.ADMIN, now=now) for name in ("analyst", "leaver"))
    keys.revoke("leaver")
    client = create_app(replace(settings, key_file=keys.path)).test_client()
    for key in (good, gone, CANARY):
        client.post("/v1/assessments", json=BODY, headers={"Authorization": f"Bearer {key}"})
    assert [(line["key"], line["status"]) for line in lines(log, "audit")] == [
        ("analyst", 200),
        (None, 401),
        (None, 401),
    ]
    metrics = client.get("/metrics", headers={"Authorization": f"Bearer {good}"}).text
    assert 'refusals_total{reason="unknown_key"} 2.0' in metrics
    written = metrics + "".join(JSONLines().format(record) for record in log.records)
    assert not [key for key in (good, gone, CANARY) if key in written]


def test_the_digest_is_of_what_is_said_not_of_how() -> None:
    """Order and spacing do not matter; every word does."""
    same = [json.loads(text) for text in ('{"a": 1, "b": [2, "\\u00e9"]}', '{"b":[2,"é"],"a":1}')]
    assert len({canonical_digest(body) for body in same}) == 1
    assert canonical_digest({"a": 1}) != canonical_digest({"a": 2})


def test_an_error_is_logged_without_its_message(log: pytest.LogCaptureFixture) -> None:
    """What an unforeseen error says could be a profile; what our own say never is."""
    for error in (ValueError(CANARY), NoModelError("no version is current", retry_after=2)):
        try:
            raise error
        except (ValueError, NoModelError):
            logging.getLogger("service").exception("failed")
    first, second = lines(log, "failed")
    assert first["error"] == "ValueError"
    assert CANARY not in json.dumps(first)
    assert "test_observation.py" in str(first["frames"])
    assert second["message"] == "no version is current"


CLOSING = "Host: 127.0.0.1\r\nConnection: close"
TOLD = (
    "Authorization: Bearer",
    "User-Agent:",
    "Referer:",
    "X-Forwarded-For:",
    "Cookie:",
    "X-Request-ID: no id,",
    "X-Any:",
)
RAW = (
    *(f"GET /{CANARY}?{CANARY} HTTP/1.1\r\n{header} {CANARY}\r\n{CLOSING}\r\n\r\n" for header in TOLD),
    f"GET / HTTP/1.1\r\nHost: {CANARY}\r\nConnection: close\r\n\r\n",
    f"GET /{CANARY} HTTP/1.1\r\nHo st: {CANARY}\r\n\r\n",
    f"GET /{CANARY} {CANARY}\r\n\r\n",
    f"{CANARY.upper().replace('-', '')} / HTTP/1.1\r\n{CLOSING}\r\n\r\n",
    f"{CANARY}\r\n\r\n",
    f"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {CANARY}\r\n\r\n",
    f"GET / HTTP/1.1\r\nHost: x\r\nX-Long: {CANARY * 2000}\r\n\r\n",
    f"GET /{CANARY * 2000} HTTP/1.1\r\nHost: x\r\n\r\n",
    f"POST /v1/assessments HTTP/1.1\r\nExpect: {CANARY}\r\nContent-Length: 2\r\n{CLOSING}\r\n\r\n{{}}",
    f"POST /v1/assessments HTTP/1.1\r\nContent-Type: {CANARY}\r\nContent-Length: 2\r\n{CLOSING}\r\n\r\n{{}}",
)


def sent_raw(port: int, data: bytes) -> bytes:
    """Send bytes, and return all that comes back."""
    with socket.create_connection(("127.0.0.1", port), 10) as sock:
        sock.sendall(data)
        return b"".join(iter(lambda: sock.recv(65536), b""))


def test_nothing_a_caller_says_leaks(tmp_path: Path) -> None:
    """Canaries in bodies, keys, headers, methods and paths, well-formed and not, over a real socket: none is found
    in a log line, an audit line, a metric or an error; and every line on standard error is JSON.
    """
    archive = Archive(tmp_path / "home")
    publish(archive)
    bodies = (
        {"officers": [{"id": CANARY}]},
        {"officers": [{"sect": CANARY, "unit": CANARY}]},
        {CANARY: CANARY},
        {"officers": [{CANARY: 1}], "window": {"from": CANARY}},
    )
    with running(archive.home, log=tmp_path / "log") as server:
        for body in bodies:
            for path in ("/v1/assessments", "/v1/comparisons", f"/v1/assessments?{CANARY}"):
                status, content = server.ask("POST", path, json.dumps(body).encode(), Authorization=CANARY)
                assert status < 500
                assert status == 200 or CANARY.encode() not in content
        for raw in RAW:
            answer = sent_raw(server.port, raw.encode())
            assert answer.startswith(b"HTTP/1.1 "), raw
            assert CANARY.encode() not in answer.lower()
            assert b"application/problem+json" in answer
        assert CANARY not in server.ask("GET", "/metrics")[1].decode().lower()
    assert CANARY not in server.log.read_text(encoding="utf-8").lower()
    assert {"request", "audit"} <= {line["event"] for line in server.lines()}
    assert all(line["time"] and line["level"] for line in server.lines())
