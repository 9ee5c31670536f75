"""The worker among clients who are late, or send on after they were refused: each gets its answer."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
from collections.abc import Iterator

import pytest

from model.archive import Archive
from tests.service.publishing import publish
from tests.support.servers import Server, running

PART = b" " * 65536
REFUSED = {
    413: ("/v1/assessments", {}),
    415: ("/v1/assessments", {"Content_Type": "text/plain"}),
    404: ("/nothing", {}),
    405: ("/livez", {"Connection": "close"}),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a running service of one worker."""
    folder = tmp_path_factory.mktemp("worker")
    publish(Archive(folder / "home"))
    with running(folder / "home", log=folder / "log", workers=1) as server:
        yield server


def test_who_speaks_late_is_answered(server: Server) -> None:
    """A connection that sent nothing at first is answered when it does."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as sock:
        server.ask("GET", "/livez")
        for part in (b"GET /livez HTTP/1.1\r\n", b"Host: localhost\r\n\r\n"):
            sock.sendall(part)
        assert sock.recv(1024).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("mebibytes", [5, 20])
@pytest.mark.parametrize("status", REFUSED)
def test_a_large_body_that_is_refused_is_answered(server: Server, status: int, mebibytes: int) -> None:
    """Whoever sends all of a body of 5 or 20 MB gets the refusal, not a reset, also where no connection is kept."""
    path, headers = REFUSED[status]
    found, content = server.ask("POST", path, PART * (16 * mebibytes), **headers)
    assert (found, json.loads(content)["status"]) == (status, status)


def test_a_large_body_in_chunks_is_answered(server: Server) -> None:
    """A body without a length is refused likewise."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    with contextlib.closing(connection):
        connection.request("POST", "/v1/assessments", (PART for _ in range(160)), {"Content-Type": "application/json"})
        assert connection.getresponse().status == 411


def test_a_broken_body_is_refused_once(server: Server) -> None:
    """A chunk that is none, after a refusal, neither fails the service nor gets a second answer."""
    head = b"POST /nothing HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as sock:
        sock.sendall(head + b"5\r\nabcde\r\nno length\r\n")
        answer = b"".join(iter(lambda: sock.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert answer.count(b"HTTP/1.1") == 1
