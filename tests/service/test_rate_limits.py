"""Each client has its rate: told what is left, told when to come back, counted together where there is a Redis."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from service import Settings, create_app
from service.security.keys import KeyFile, Scope
from service.security.rate_limits import RateLimits, client_of
from tests.support.servers import free_port

NOW = datetime(2026, 11, 21, tzinfo=UTC)
PASSWORD = "kanarienvogel"  # noqa: S105 - of a Redis that lives for one test


def made(settings: Settings, rate: str, **more: Any) -> FlaskClient:
    """Return a client of a service with a rate."""
    return create_app(Settings(home=settings.home, rate_limit=rate, **more)).test_client()


def test_a_client_that_asks_too_often_is_told_when_to_come_back(settings: Settings) -> None:
    """Three are answered, each with what is left; the fourth is a 429 problem with Retry-After."""
    client = made(settings, "3/hour")
    answers = [client.get("/v1/vocabulary") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert {answer.headers["RateLimit-Limit"] for answer in answers} == {"3"}
    refused = answers[-1]
    assert refused.content_type == "application/problem+json"
    assert refused.headers["Retry-After"] == refused.headers["RateLimit-Reset"]
    assert 3590 <= int(refused.headers["Retry-After"]) <= 3600


def test_the_window_ends(settings: Settings) -> None:
    """After the seconds that were named a client is let in again."""
    client = made(settings, "1/second")
    client.get("/v1/vocabulary")
    refused = client.get("/v1/vocabulary")
    assert refused.status_code == 429
    time.sleep(int(refused.headers["Retry-After"]) + 0.1)
    assert client.get("/v1/vocabulary").status_code == 200


def test_a_clock_that_goes_back_shuts_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the clock on the wall is set back by a day, windows do not last for that day."""
    now = [1_800_000_000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    limits = RateLimits("2/minute")
    assert [limits.take("a").allowed for _ in range(3)] == [True, True, False]
    now[0] -= 86_400
    allowances = [limits.take("a") for _ in range(3)]
    assert [each.allowed for each in allowances] == [True, True, False]
    assert max(each.reset for each in allowances) <= 60


def test_the_health_checks_have_no_limit(settings: Settings) -> None:
    """A client over its limit does not make the service look dead."""
    client = made(settings, "1/hour")
    assert [client.get(path).status_code for path in ("/v1/model", "/v1/model", "/livez", "/readyz", "/metrics")] == [
        200, 429, 200, 200, 200,
    ]  # fmt: skip
    assert "RateLimit-Limit" not in client.get("/livez").headers


def test_keys_are_counted_apart_from_each_other(settings: Settings, tmp_path: Path) -> None:
    """Two keys from one address have a limit each, and so has whoever shows none."""
    file = KeyFile(tmp_path / "keys.json")
    tokens = [file.add(name, Scope.ASSESS, now=NOW) for name in ("a", "b")]
    client = made(settings, "2/hour", key_file=file.path)

    def ask(token: str) -> int:
        return client.get("/v1/vocabulary", headers={"Authorization": f"Bearer {token}"}).status_code

    assert [ask(tokens[0]) for _ in range(3)] == [200, 200, 429]
    assert [ask(tokens[1]) for _ in range(3)] == [200, 200, 429]
    assert [ask("guess") for _ in range(3)] == [401, 401, 429]


@pytest.mark.parametrize(
    ("name", "address", "client"),
    [
        ("a", "192.0.2.1", "key:a"),
        (None, "192.0.2.1", "address:192.0.2.1"),
        (None, "2001:db8:1:2:3:4:5:6", "address:2001:db8:1:2::"),
        (None, "::ffff:192.0.2.1", "address:::ffff:192.0.2.1"),
        (None, None, "address:unknown"),
        (None, "", "address:unknown"),
        (None, "not an address\r\n", "address:unknown"),
    ],
)
def test_who_a_client_is(name: str | None, address: str | None, client: str) -> None:
    """A key counts before its address; of an IPv6 address the network counts; what is none is one client."""
    assert client_of(key_name=name, address=address) == client


def test_addresses_cannot_be_made_up(settings: Settings) -> None:
    """A client does not get another limit by another X-Forwarded-For."""
    client = made(settings, "1/hour")
    status = [
        client.get("/v1/vocabulary", headers={"X-Forwarded-For": f"192.0.2.{number}"}).status_code
        for number in range(3)
    ]
    assert status == [200, 429, 429]


class Redis:
    """A real Redis on a free port of this machine, gone with the test."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.address = f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"
        self._folder = folder
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        import redis  # noqa: PLC0415 - only here

        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        command += ["--requirepass", PASSWORD, "--dir", str(self._folder), "--logfile", str(self._folder / "log")]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        with redis.Redis.from_url(self.address) as probe:
            for _ in range(200):
                try:
                    if probe.ping():
                        return
                except redis.exceptions.ConnectionError:
                    time.sleep(0.02)
        pytest.fail("redis-server did not answer")

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[Redis]:
    """Return a running Redis; its absence is a failure where the tests decide about a change."""
    if shutil.which("redis-server") is None:
        hint = "redis-server is not installed: apt-get install redis-server"
        if os.environ.get("CI"):
            pytest.fail(hint)
        pytest.skip(hint)
    server = Redis(tmp_path)
    try:
        yield server
    finally:
        server.stop()


def test_workers_count_together_in_redis(settings: Settings, redis_server: Redis) -> None:
    """Two workers that share a Redis share the limit; two that do not have one each."""
    first, second = (made(settings, "4/hour", limit_storage=redis_server.address) for _ in range(2))
    status = [client.get("/v1/vocabulary").status_code for client in (first, second) * 3]
    assert status == [200, 200, 200, 200, 429, 429]
    apart = [made(settings, "4/hour") for _ in range(2)]
    assert {client.get("/v1/vocabulary").status_code for client in apart * 3} == {200}


def test_a_redis_that_goes_away_takes_nobody_with_it(redis_server: Redis, caplog: pytest.LogCaptureFixture) -> None:
    """Without its Redis a worker counts for itself at once, says so without the password, and goes back to it later."""
    now = [0.0]
    limits = RateLimits("2/hour", redis_server.address, clock=lambda: now[0])
    assert limits.take("a").remaining == 1
    redis_server.stop()
    start = time.monotonic()
    with caplog.at_level(logging.WARNING):
        assert [limits.take("a").allowed for _ in range(3)] == [True, True, False]
    assert time.monotonic() - start < 2
    assert len(caplog.records) == 1
    assert PASSWORD not in caplog.text
    redis_server.start()
    assert not limits.take("a").allowed
    now[0] += 6
    assert limits.take("a").remaining == 1


def test_a_redis_that_never_answers_costs_little(caplog: pytest.LogCaptureFixture) -> None:
    """A service whose Redis is not there starts, and answers."""
    with caplog.at_level(logging.WARNING):
        limits = RateLimits("2/hour", f"redis://127.0.0.1:{free_port()}/0")
        start = time.monotonic()
        assert [limits.take("a").allowed for _ in range(3)] == [True, True, False]
    assert time.monotonic() - start < 2
