"""The service as it runs: gunicorn on a socket, asked over HTTP, stopped by a signal."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from model.archive import Archive
from service import Settings, create_app
from tests.service.publishing import publish

PROJECT = Path(__file__).parents[2]
SERVE = """
import sys
from pathlib import Path
from service import Settings, create_app
from service.gunicorn_settings import run
settings = Settings(home=Path(sys.argv[1]), recheck_seconds=0.2)
run(settings, host="127.0.0.1", port=int(sys.argv[2]), workers=2)
"""
BODY = json.dumps(
    {"officers": [{"id": "a-17", "sect": "alawite", "rank": "brigadier"}, {}], "intervals": [0.8]}
).encode()


@dataclass(frozen=True)
class Server:
    """A running service: its port, its process and its archive."""

    port: int
    process: subprocess.Popen[bytes]
    archive: Archive

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        """Send one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): text for name, text in headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def send(self, data: bytes) -> bytes:
        """Send raw bytes and return all that comes back until the service closes the connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as sock:
            sock.sendall(data)
            return b"".join(iter(lambda: sock.recv(65536), b""))


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def wait_until_alive(server: Server) -> None:
    """Wait until the service answers at all."""
    for _ in range(200):
        try:
            if server.ask("GET", "/livez")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
        assert server.process.poll() is None, "the service stopped before it answered"
    pytest.fail("the service did not answer")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a running service with a version of its own."""
    archive = Archive(tmp_path_factory.mktemp("gunicorn"))
    publish(archive)
    port = free_port()
    command = [sys.executable, "-c", SERVE, str(archive.home), str(port)]
    with subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.DEVNULL) as process:
        server = Server(port, process, archive)
        try:
            wait_until_alive(server)
            yield server
        finally:
            process.terminate()
            process.wait(30)


def test_the_socket_gives_the_bytes_of_the_test_client(server: Server) -> None:
    """An answer over HTTP is the one the application gives, to the byte."""
    status, content = server.ask("POST", "/v1/assessments", BODY, Content_Type="application/json")
    assert status == 200
    client: FlaskClient = create_app(Settings(home=server.archive.home)).test_client()
    assert client.post("/v1/assessments", data=BODY, content_type="application/json").data == content


def test_a_chunked_body_is_411_on_the_socket(server: Server) -> None:
    """A body in chunks is refused, and the connection is left in order."""
    head = b"POST /v1/assessments HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    head += b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = server.send(head + b"11\r\n" + b'{"officers":[{}]}' + b"\r\n0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 411 ")
    assert b"application/problem+json" in answer


def test_a_body_beyond_the_limit_is_413_on_the_socket(server: Server) -> None:
    """A body that is too large is refused by its length."""
    status, content = server.ask("POST", "/v1/assessments", b" " * (3 << 20), Content_Type="application/json")
    assert status == 413
    assert json.loads(content)["status"] == 413


def test_twenty_thousand_levels_are_400_on_the_socket(server: Server) -> None:
    """A deep body is refused, and the worker lives on."""
    for opening in (b"[", b'{"a":'):
        status, _ = server.ask("POST", "/v1/assessments", opening * 20_000, Content_Type="application/json")
        assert status == 400
    assert server.ask("GET", "/readyz")[0] == 200


def test_a_neighbour_is_not_believed_about_scheme_and_path(server: Server) -> None:
    """Headers that only a proxy may set change nothing, although they come from loopback."""
    for header in ("X-Forwarded-Proto: https", "SCRIPT_NAME: /v1", "PATH_INFO: /metrics", "X-Forwarded-Ssl: on"):
        request = f"GET /docs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{header}\r\n\r\n"
        answer = server.send(request.encode())
        assert answer.startswith(b"HTTP/1.1 200 "), header
        assert b"http://localhost/v1/" in answer


def test_every_worker_picks_up_a_newer_version(server: Server) -> None:
    """Within seconds no answer comes from the old version, and none fails on the way."""
    new = publish(server.archive, seed=2)
    seen: list[str] = []
    for _ in range(100):
        status, content = server.ask("POST", "/v1/assessments", BODY, Content_Type="application/json")
        assert status == 200
        seen.append(json.loads(content)["model"]["version"])
        if seen[-20:] == [new] * 20:
            break
        time.sleep(0.05)
    assert seen[-20:] == [new] * 20


def test_it_stops_when_told(server: Server) -> None:
    """TERM ends the process of its own accord."""
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(30) == 0
