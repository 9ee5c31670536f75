"""Behind nginx as deploy/ sets it: slow clients starve nobody, and what a dying worker drops is asked again."""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from model.archive import Archive
from tests.service.publishing import publish
from tests.support.clients import BODIES, Reference, asking
from tests.support.dribblers import dribbling
from tests.support.droppers import dropping
from tests.support.fronts import front
from tests.support.ordeal import Ordeal
from tests.support.servers import Server, ask, running

CANARY = "canary-7c1f"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Return an archive with one version."""
    archive = Archive(tmp_path_factory.mktemp("archive"))
    publish(archive)
    return archive


@pytest.fixture(scope="module")
def server(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a service with two workers."""
    with running(archive.home, log=tmp_path_factory.mktemp("log") / "log") as server:
        yield server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that nginx writes to."""
    return tmp_path_factory.mktemp("front")


@pytest.fixture(scope="module")
def port(server: Server, folder: Path) -> Iterator[int]:
    """Return the port of nginx in front of that service."""
    with front(folder, upstreams=[server.port]) as port:
        yield port


def test_the_front_changes_nothing(server: Server, port: int) -> None:
    """An answer through the front is the service's own, to the byte; so are its errors."""
    for body in (*BODIES, b'{"officers": []}', b"[" * 50):
        assert ask(port, "POST", "/v1/assessments", body) == server.ask("POST", "/v1/assessments", body)
    assert ask(port, "GET", "/nothing") == server.ask("GET", "/nothing")


def test_dribbling_clients_starve_nobody(port: int) -> None:
    """While sockets dribble headers and bodies, health checks and assessments are answered as ever."""
    sockets, seconds = 64, []
    with dribbling(port, sockets=sockets) as held:
        end = time.monotonic() + 6
        while time.monotonic() < end:
            for method, path, body in (("GET", "/livez", None), ("POST", "/v1/assessments", BODIES[0])):
                begun = time.monotonic()
                assert ask(port, method, path, body)[0] == 200
                seconds.append(time.monotonic() - begun)
            time.sleep(0.05)
    assert held == [sockets, sockets]
    assert max(seconds) < 5


def test_one_address_holds_so_many_connections_and_no_more(port: int) -> None:
    """The sixty-fifth request at once from one address is a problem document; another address is not held to it."""
    head = b"POST /v1/assessments HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(64):
            sock = stack.enter_context(socket.create_connection(("127.0.0.1", port), 5, ("127.0.0.20", 0)))
            sock.sendall(head)
        time.sleep(0.2)
        late = stack.enter_context(socket.create_connection(("127.0.0.1", port), 5, ("127.0.0.20", 0)))
        late.sendall(head)
        answer = late.recv(65536)
        assert answer.startswith(b"HTTP/1.1 429 ")
        assert b"Retry-After: 5" in answer
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["status"] == 429
        assert ask(port, "GET", "/livez")[0] == 200


def test_a_killed_worker_leaves_no_request_unanswered(server: Server, port: int, archive: Archive) -> None:
    """What a worker held when it was killed is asked again of another, without the client's doing. Only an answer that
    was being sent at that very moment is cut off, which its length tells.
    """
    ordeal = Ordeal(server, archive)
    with asking(port, Reference(archive)) as tally:
        for _ in range(3):
            time.sleep(0.3)
            ordeal.lose_worker(signal.SIGKILL)
    assert (tally.lost, tally.wrong, tally.refused) == ([], [], 0)
    assert set(tally.statuses) == {200}
    assert tally.answered > 10
    assert tally.cut <= 3 * 4


@pytest.mark.parametrize(("dropped", "status"), [(3, 200), (4, 502)])
def test_a_request_is_asked_four_times_at_most(
    dropped: int, status: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A POST that three workers in a row drop is answered by the fourth; one that ends four is not asked again."""
    with dropping(dropped) as service, front(tmp_path_factory.mktemp("front"), upstreams=[service]) as port:
        assert ask(port, "POST", "/v1/assessments", BODIES[0])[0] == status


def test_replicas_restarted_in_turn_lose_no_request(
    archive: Archive, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """With two replicas on one archive, one may stop for good and its successor start, and nobody notices."""
    with ExitStack() as stack:
        replicas = [stack.enter_context(running(archive.home, log=tmp_path / f"log{number}")) for number in range(2)]
        ports = [replica.port for replica in replicas]
        port = stack.enter_context(front(tmp_path_factory.mktemp("front"), upstreams=ports))
        with asking(port, Reference(archive)) as tally:
            time.sleep(0.5)
            replicas[0].process.send_signal(signal.SIGTERM)
            assert replicas[0].process.wait(40) == 0
            stack.enter_context(running(archive.home, log=tmp_path / "log2", port=ports[0]))
            replicas[1].process.send_signal(signal.SIGTERM)
            assert replicas[1].process.wait(40) == 0
            time.sleep(0.5)
    assert (tally.lost, tally.cut, tally.wrong, tally.refused) == ([], 0, [], 0)
    assert set(tally.statuses) == {200}


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (f"POST /{CANARY} HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n", 413),
        (f"GET /{CANARY} HTTP/1.1\r\nHo st: {CANARY}\r\n\r\n", 400),
        (f"GET /{CANARY} {CANARY}\r\n\r\n", 400),
        (f"GET /{CANARY}{'x' * 9000} HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (f"POST /{CANARY} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3000000\r\n\r\n", 413),
        (f"TRACE /{CANARY} HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        (f"GET / HTTP/1.1\r\nHost: x\r\n{CANARY}: {'x' * 9000}\r\n\r\n", 431),
        (f"POST /{CANARY} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {CANARY}\r\n\r\n", 501),
        (f"GET /{CANARY} HTTP/9.9\r\nHost: x\r\n\r\n", 505),
        ("GET /problem HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    ],
)
def test_what_the_front_refuses_is_told_as_the_service_tells_it(port: int, request_bytes: str, status: int) -> None:
    """A request that never reaches the service gets a problem document, which echoes nothing."""
    with socket.create_connection(("127.0.0.1", port), 5) as sock:
        sock.sendall(request_bytes.encode())
        answer = sock.recv(65536)
    head, _, content = answer.partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"Content-Type: application/problem+json" in head
    assert json.loads(content)["status"] == status
    assert (b"\r\nAllow: " in head) == (status == 405)
    assert CANARY.encode() not in answer


def test_a_front_without_a_service_says_so(
    tmp_path: Path, archive: Archive, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """When nothing answers behind it the front answers 502, and when to ask again."""
    with ExitStack() as stack:
        server = stack.enter_context(running(archive.home, log=tmp_path / "log", workers=1))
        port = stack.enter_context(front(tmp_path_factory.mktemp("front"), upstreams=[server.port]))
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(40)
        status, content = ask(port, "GET", "/livez")
    assert (status, json.loads(content)["title"]) == (502, "Bad Gateway")


def test_the_front_logs_lines_of_json_that_quote_nothing(port: int, folder: Path) -> None:
    """Path, query, headers and bodies are in neither log; each line is JSON."""
    body = json.dumps({"officers": [{"id": CANARY}]}).encode()
    ask(port, "POST", f"/v1/assessments?{CANARY}", body, Authorization=CANARY, User_Agent=CANARY, Referer=CANARY)
    time.sleep(0.2)
    lines = (folder / "access.log").read_text(encoding="utf-8")
    assert all(json.loads(line)["event"] == "front" for line in lines.splitlines())
    assert CANARY not in lines + (folder / "error.log").read_text(encoding="utf-8")
