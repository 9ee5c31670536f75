"""Every error is a small problem document that keeps the headers of its status and echoes nothing."""

from __future__ import annotations

import json
import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from service import Settings, create_app
from service.api.problems import LARGEST, MOST_FAULTS, document
from service.errors import Fault

CANARY = "kanarienvogel"


@pytest.mark.parametrize("path", ["/v1", f"/{CANARY}", "/v1/assessments/", f"/v1/assessments/{CANARY}", "/%00%ff"])
def test_an_unknown_path_is_404(client: FlaskClient, path: str) -> None:
    """A path that is no resource is a problem document without the path."""
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.json["status"] == 404
    assert CANARY not in answer.text


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        ("/v1/assessments", "GET", {"POST", "OPTIONS"}),
        ("/v1/assessments", "DELETE", {"POST", "OPTIONS"}),
        ("/v1/vocabulary", "POST", {"GET", "HEAD", "OPTIONS"}),
        ("/v1/model", "PUT", {"GET", "HEAD", "OPTIONS"}),
        ("/livez", "PATCH", {"GET", "HEAD", "OPTIONS"}),
        ("/report", CANARY.upper(), {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_a_wrong_method_is_405_with_allow(client: FlaskClient, path: str, method: str, allowed: set[str]) -> None:
    """A method that a resource does not take is answered with those it takes."""
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.content_type) == (405, "application/problem+json")
    assert set(answer.headers["Allow"].split(", ")) == allowed
    assert answer.json["title"] == "Method Not Allowed"


@pytest.mark.parametrize("status", [411, 413, 415, 422, 400])
def test_problems_are_not_kept(client: FlaskClient, status: int) -> None:
    """A problem document says its status, and is not for caches."""
    requests = {
        411: {"headers": {"Transfer-Encoding": "chunked"}, "content_type": "application/json"},
        413: {"data": b" " * (3 << 20), "content_type": "application/json"},
        415: {"data": b"{}"},
        422: {"json": {}},
        400: {"data": b"{", "content_type": "application/json"},
    }
    answer = client.post("/v1/assessments", **requests[status])  # type: ignore[arg-type]
    assert answer.status_code == answer.json["status"] == status
    assert answer.json["type"] == "about:blank"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.fixture
def failing(settings: Settings) -> Flask:
    """Return an application with a resource that fails, quoting what it was given."""
    app = create_app(settings)

    @app.get("/fails")
    def fail() -> str:
        raise RuntimeError(CANARY)

    return app


def test_a_failure_of_ours_is_500_and_quotes_nothing(failing: Flask, caplog: pytest.LogCaptureFixture) -> None:
    """What nobody foresaw is a 500; the log has kind, place and request id, and neither has the message."""
    with caplog.at_level(logging.ERROR):
        answer = failing.test_client().get("/fails", headers={"X-Request-ID": "r-1"})
    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")
    assert answer.headers["X-Request-ID"] == "r-1"
    assert "RuntimeError" in caplog.text
    assert "r-1" in caplog.text
    assert "in fail" in caplog.text
    assert CANARY not in answer.text + caplog.text


@given(
    st.lists(
        st.builds(
            Fault,
            st.text(max_size=300),
            st.text(max_size=300),
            st.lists(st.text(max_size=300), max_size=8).map(tuple),
        ),
        max_size=40,
    )
)
def test_a_document_stays_small(faults: list[Fault]) -> None:
    """However many faults there are and however long, at most twenty are listed and 8 KiB are not reached."""
    content = document(422, "Unprocessable Content", "A sentence.", faults)
    assert len(content) < LARGEST
    assert len(json.loads(content).get("errors", [])) <= MOST_FAULTS


def test_nothing_of_a_profile_is_logged(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    """Neither a good nor a bad question leaves a trace of its officers in the log."""
    with caplog.at_level(logging.DEBUG):
        client.post("/v1/assessments", json={"officers": [{"id": CANARY, "sect": "sunni"}]})
        client.post("/v1/assessments", json={"officers": [{"sect": CANARY}]})
        client.post("/v1/assessments", data=CANARY, content_type="application/json")
    assert CANARY not in caplog.text
    assert "sunni" not in caplog.text
