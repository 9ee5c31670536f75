"""The worker among clients who are silent, slow or too many: it neither ends nor keeps others waiting."""

from __future__ import annotations

import contextlib
import http.client
import json
import resource
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.archive import Archive
from service.worker import bound_silence
from tests.service.publishing import publish
from tests.support.servers import Server, ask, running

SILENT = 150
LINGERING = 12
"""Fewer than threads; gunicorn alone would wait two seconds for each, one after the other, and accept nobody."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a running service of one worker."""
    folder = tmp_path_factory.mktemp("worker")
    publish(Archive(folder / "home"))
    with running(folder / "home", log=folder / "log", workers=1) as server:
        yield server


@contextlib.contextmanager
def silent(port: int, count: int) -> Iterator[None]:
    """Hold connections that send nothing."""
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
        yield


def test_who_says_nothing_holds_no_thread(server: Server) -> None:
    """Ten times as many silent connections as threads keep nobody waiting."""
    with silent(server.port, SILENT):
        assert [server.ask("GET", "/livez")[0] for _ in range(3)] == [200] * 3


def test_who_speaks_late_is_answered(server: Server) -> None:
    """A connection that sent nothing at first is answered when it does."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as sock:
        server.ask("GET", "/livez")
        for part in (b"GET /livez HTTP/1.1\r\n", b"Host: localhost\r\n\r\n"):
            sock.sendall(part)
        assert sock.recv(1024).startswith(b"HTTP/1.1 200 ")


def test_a_worker_outlives_the_end_of_its_files(server: Server) -> None:
    """When connections have used up all that may be open, the others wait; the worker does not end."""
    (worker,) = server.workers()
    usual = resource.prlimit(worker, resource.RLIMIT_NOFILE)
    resource.prlimit(worker, resource.RLIMIT_NOFILE, (len(list(Path(f"/proc/{worker}/fd").iterdir())) + 8, usual[1]))
    try:
        with silent(server.port, 40):
            pass
        with silent(server.port, 2):
            assert server.ask("GET", "/livez")[0] == 200
    finally:
        resource.prlimit(worker, resource.RLIMIT_NOFILE, usual)
    assert server.workers() == (worker,)
    assert {line["level"] for line in server.lines()} == {"info"}


def test_a_worker_takes_no_more_connections_than_it_has_files(tmp_path: Path) -> None:
    """Started with few files, it leaves room for what else it opens, and answers all who come."""
    publish(Archive(tmp_path / "home"))
    with running(tmp_path / "home", log=tmp_path / "log", workers=1, files=64) as server:
        (worker,) = server.workers()
        assert resource.prlimit(worker, resource.RLIMIT_NOFILE)[0] == 64
        with silent(server.port, 30):
            assert ask(server.port, "GET", "/readyz")[0] == 200
        assert server.workers() == (worker,)
        assert {line["level"] for line in server.lines()} == {"info"}


PART = b" " * 65536
REFUSED = {
    413: ("/v1/assessments", {}),
    415: ("/v1/assessments", {"Content_Type": "text/plain"}),
    404: ("/nothing", {}),
    405: ("/livez", {"Connection": "close"}),
}


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


def test_who_lingers_after_a_refusal_keeps_nobody_waiting(server: Server) -> None:
    """Clients that announce more than they send, and stay, hold threads for a moment; the one that accepts goes on."""
    head = b"POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"
    with contextlib.ExitStack() as stack:
        address = ("127.0.0.1", server.port)
        socks = [stack.enter_context(socket.create_connection(address, timeout=20)) for _ in range(LINGERING)]
        for sock in socks:
            sock.sendall(head + b" " * 100_000)
        assert ask(server.port, "GET", "/livez", patience=LINGERING)[0] == 200
        assert all(sock.recv(1024).startswith(b"HTTP/1.1 404 ") for sock in socks)


def test_silence_is_bounded() -> None:
    """A connection of a listener so bounded neither waits for bytes, nor for room to send any, for ever."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        bound_silence(listener, seconds=0.05)
        with socket.create_connection(listener.getsockname()) as client, listener.accept()[0] as accepted:
            with pytest.raises(BlockingIOError):
                accepted.recv(1)
            with pytest.raises(BlockingIOError):
                accepted.sendall(bytes(64 << 20))
            assert client.recv(1) == b"\0"
