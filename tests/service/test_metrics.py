"""Metrics count what happened, add up across workers, and outlive those who counted."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest
from flask import Flask

from model.archive import Archive
from service import Settings, create_app
from service.observability.metrics import count_refusal
from tests.service.publishing import publish
from tests.support.clients import BODIES
from tests.support.harms import HARMS
from tests.support.ordeal import Ordeal
from tests.support.servers import Server, running

SAMPLE = re.compile(r"(\w+?)(?:\{(.*)\})? (\S+)")


def parsed(text: str) -> dict[str, float]:
    """Return samples by name and labels, without what Prometheus's client adds of its own."""
    found = {}
    for line in text.splitlines():
        if not line.startswith("#") and (match := SAMPLE.fullmatch(line)):
            found[match[1].removeprefix("defection_risk_") + (f"{{{match[2]}}}" if match[2] else "")] = float(match[3])
    return found


def scraped(app: Flask) -> dict[str, float]:
    """Return the samples of an application."""
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return parsed(answer.text)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Return an archive with one version."""
    archive = Archive(tmp_path / "home")
    publish(archive)
    return archive


@pytest.fixture
def app(archive: Archive) -> Flask:
    """Return an application that looks at it as often as it may."""
    return create_app(Settings(home=archive.home, recheck_seconds=0, retry_seconds=0))


def test_requests_are_counted_by_template_and_status(app: Flask) -> None:
    """What a caller put into the path, the query or the method makes no label."""
    client = app.test_client()
    client.post("/v1/assessments", data=BODIES[1], content_type="application/json")
    client.post("/v1/assessments", data=b"{", content_type="application/json")
    client.get("/canary?canary")
    client.open("/livez", method="CANARY")
    found = scraped(app)
    assert found['requests_total{method="POST",route="/v1/assessments",status="200"}'] == 1
    assert found['requests_total{method="POST",route="/v1/assessments",status="400"}'] == 1
    assert found['requests_total{method="GET",route="unmatched",status="404"}'] == 1
    assert sum(value for name, value in found.items() if name.startswith("requests_total")) == 4
    assert found['request_seconds_count{route="/v1/assessments"}'] == 2
    assert not [name for name in found if "canary" in name.lower()]


def test_answers_are_counted_by_size_and_by_risk(app: Flask, archive: Archive) -> None:
    """A batch is counted by its officers, and each of their median risks under the version that gave it."""
    client = app.test_client()
    answer = client.post("/v1/assessments", data=BODIES[2], content_type="application/json").get_json()
    found, version = scraped(app), archive.require_current()
    medians = [each["risk"]["median"] for each in answer["assessments"]]
    assert found['batch_size_sum{route="/v1/assessments"}'] == len(medians) == 5
    assert found[f'served_risk_count{{version="{version}"}}'] == 5
    assert found[f'served_risk_sum{{version="{version}"}}'] == pytest.approx(sum(medians))
    below = sum(median <= 0.01 for median in medians)
    assert found[f'served_risk_bucket{{le="0.01",version="{version}"}}'] == below


def test_what_becomes_of_each_version_is_counted(app: Flask, archive: Archive) -> None:
    """Loads and refusals are counted by outcome; version and time of publication are told."""
    client, old = app.test_client(), archive.require_current()
    client.get("/readyz")
    HARMS["newer format"](archive, 7)
    client.get("/readyz")
    assert scraped(app)["model_refusing_workers"] == 1
    new = publish(archive, seed=3)
    client.get("/readyz")
    found = scraped(app)
    assert found['model_loads_total{outcome="loaded"}'] == 2
    assert found['model_loads_total{outcome="NewerFormatError"}'] >= 1
    assert found["model_refusing_workers"] == 0
    assert found[f'model_workers{{priors="pooled",study="syria",version="{old}"}}'] == 0
    assert found[f'model_workers{{priors="pooled",study="syria",version="{new}"}}'] == 1
    assert 1.7e9 < found["model_created_timestamp_seconds"] < 1e10


def test_refusals_at_the_door_are_counted(app: Flask) -> None:
    """Whoever turns a request away says why in one word."""
    with app.app_context():
        count_refusal("unknown_key")
        count_refusal("unknown_key")
        count_refusal("rate")
    found = scraped(app)
    assert (found['refusals_total{reason="unknown_key"}'], found['refusals_total{reason="rate"}']) == (2, 1)


def test_applications_count_for_themselves(archive: Archive, app: Flask) -> None:
    """Two applications in one process do not meet in their metrics."""
    other = create_app(Settings(home=archive.home))
    app.test_client().get("/livez")
    assert 'requests_total{method="GET",route="/livez",status="200"}' not in scraped(other)


def asked(server: Server) -> float:
    """Return how many assessments were counted, from whichever worker answers."""
    found = parsed(server.ask("GET", "/metrics")[1].decode())
    return found['requests_total{method="POST",route="/v1/assessments",status="200"}']


def test_nothing_is_left_behind(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What workers share stays when one of them ends, and goes with the last."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    with running(archive.home, log=tmp_path / "log") as server:
        Ordeal(server, archive).lose_worker(signal.SIGTERM)
        assert len(list((tmp_path / "tmp").glob("defection-risk-spare-*/current"))) == 1
    assert list((tmp_path / "tmp").iterdir()) == []


def test_workers_add_up_and_the_dead_stay_counted(archive: Archive, tmp_path: Path) -> None:
    """Any worker tells what all of them counted, the killed among them; gauges forget the dead."""
    with running(archive.home, log=tmp_path / "log") as server:
        for number in range(20):
            server.ask("POST", "/v1/assessments", BODIES[number % 2])
        assert {asked(server) for _ in range(6)} == {20}
        ordeal = Ordeal(server, archive)
        ordeal.lose_worker(signal.SIGKILL)
        ordeal.lose_worker(signal.SIGTERM)
        for _ in range(10):
            server.ask("POST", "/v1/assessments", BODIES[0])
        assert {asked(server) for _ in range(6)} == {30}
        ordeal.until(lambda ready: ready["refused"] is None)
        found = parsed(server.ask("GET", "/metrics")[1].decode())
        assert found[f'model_workers{{priors="pooled",study="syria",version="{archive.current()}"}}'] == 2
