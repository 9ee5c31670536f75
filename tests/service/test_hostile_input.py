"""Whatever is sent, over a socket as by the test client, is refused in bounded time and size, and hurts nobody else."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from model.archive import Archive
from tests.service.publishing import publish
from tests.support.hostile import BODIES, CANARY, CHUNKED, CRLF, HEAD, QUESTION, RAW, Hostile, wrong_types
from tests.support.servers import Server, running

ROUTE = "/v1/assessments"
LARGEST = 8192
SLOWEST = 5.0
"""Seconds: ten times what any of them takes here, so that a busy machine fails no test."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a running service of one worker: what harms it, harms every later test."""
    folder = tmp_path_factory.mktemp("hostile")
    publish(Archive(folder / "home"))
    with running(folder / "home", log=folder / "log", workers=1) as server:
        worker = server.workers()
        yield server
        assert server.workers() == worker, "a request killed the worker"


def sent(body: Hostile) -> dict[str, str]:
    """Return the headers of a hostile request."""
    headers = {"Content-Type": "application/json", **body.headers}
    return {name: value for name, value in headers.items() if value}


def check_problem(status: int, content: bytes, expected: int) -> None:
    """Hold an answer to what every refusal promises."""
    assert status == expected
    assert len(content) < LARGEST
    problem = json.loads(content)
    assert problem["status"] == expected
    assert len(problem.get("errors", [])) <= 20
    assert CANARY.encode() not in content


@pytest.mark.parametrize("name", BODIES)
def test_a_hostile_body_is_refused(client: FlaskClient, server: Server, name: str) -> None:
    """The test client and a socket get the same small problem document, soon."""
    body = BODIES[name]
    start = time.monotonic()
    # The test client states no length of a body that is empty; every other client does.
    length = {"CONTENT_LENGTH": str(len(body.body))}
    answer = client.post(ROUTE, data=body.body, headers=sent(body), environ_overrides=length)
    check_problem(answer.status_code, answer.data, body.status)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    try:
        connection.request("POST", ROUTE, body.body, sent(body))
        over = connection.getresponse()
        content = over.read()
    finally:
        connection.close()
    assert (over.status, content) == (answer.status_code, answer.data)
    assert over.headers["Content-Type"] == "application/problem+json"
    assert time.monotonic() - start < 2 * SLOWEST


def test_every_wrong_type_for_every_field_is_refused(client: FlaskClient, server: Server) -> None:
    """Each wrong value of each member is a 422 that points at the member, the same on one connection kept alive."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    tried = 0
    for pointer, body in wrong_types():
        answer = client.post(ROUTE, data=json.dumps(body), content_type="application/json")
        check_problem(answer.status_code, answer.data, 422)
        found = [error["pointer"] for error in answer.json["errors"]]
        assert any(each == pointer or each.startswith(f"{pointer}/") for each in found), (pointer, body)
        connection.request("POST", ROUTE, json.dumps(body), {"Content-Type": "application/json"})
        over = connection.getresponse()
        assert (over.status, over.read()) == (422, answer.data)
        tried += 1
    connection.close()
    assert tried > 150


def exchange(port: int, data: bytes, *, patience: float = 10) -> bytes:
    """Send bytes, end the sending side, and return all that comes back; a reset ends it like an end."""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as sock:
        sender = threading.Thread(target=_send, args=(sock, data))
        sender.start()
        received = b""
        try:
            while part := sock.recv(65536):
                received += part
        except ConnectionResetError:
            pass
        sender.join()
        return received


def _send(sock: socket.socket, data: bytes) -> None:
    try:
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def answers(received: bytes) -> list[tuple[int, bytes]]:
    """Return the status and the content of each answer in what came back."""
    found = []
    while received:
        head, _, rest = received.partition(b"\r\n\r\n")
        lines = head.split(CRLF)
        lengths = [int(line.split(b":")[1]) for line in lines if line.lower().startswith(b"content-length:")]
        length = lengths[0] if lengths else len(rest)
        found.append((int(lines[0].split()[1]), rest[:length]))
        received = rest[length:]
    return found


@pytest.mark.parametrize("name", RAW)
def test_what_is_hardly_http_is_refused(server: Server, name: str) -> None:
    """One small problem document comes back, soon, never two, and the service answers the next."""
    data, allowed = RAW[name]
    start = time.monotonic()
    found = answers(exchange(server.port, data))
    assert time.monotonic() - start < SLOWEST
    assert len(found) == (1 if allowed else 0)
    for status, content in found:
        assert status in allowed
        check_problem(status, content, status)
    assert server.ask("GET", "/livez")[0] == 200


def test_nothing_is_smuggled_behind_a_refused_body(server: Server) -> None:
    """What stands in a body that is refused unread is never taken for a request of its own."""
    inner = b"GET /v1/vocabulary HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for data in (
        CHUNKED + CRLF + b"%x\r\n%s\r\n0\r\n\r\n" % (len(inner), inner),
        HEAD.replace(b"application/json", b"text/plain") + b"Content-Length: %d\r\n\r\n%s" % (len(inner), inner),
        HEAD + b"Content-Length: 3000000\r\n\r\n" + inner.ljust(3_000_000),
    ):
        assert [status for status, _ in answers(exchange(server.port, data))][1:] == []


def test_requests_in_one_piece_have_an_answer_each(server: Server) -> None:
    """Three requests sent at once are answered in their order, a refused one among them."""
    head = HEAD + b"Content-Length: %d\r\n\r\n"
    data = head % len(QUESTION) + QUESTION + head % 2 + b"[]" + head % len(QUESTION) + QUESTION
    assert [status for status, _ in answers(exchange(server.port, data))] == [200, 422, 200]


@pytest.mark.parametrize("head", [CHUNKED + CRLF, HEAD + b"Content-Length: 1000000000000\r\n\r\n"])
def test_a_body_without_end_is_cut_off(server: Server, head: bytes) -> None:
    """Who goes on sending after the refusal is disconnected before long, and before much is read."""
    part = b"10000\r\n" + b" " * 65536 + CRLF
    total, start = 0, time.monotonic()
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as sock:
        sock.sendall(head)
        try:
            while time.monotonic() - start < 20:
                total += sock.send(part)
        except OSError:
            pass
    assert time.monotonic() - start < 2 * SLOWEST
    assert total < 64 << 20


def test_who_leaves_in_the_middle_leaves_nothing_behind(server: Server) -> None:
    """Fifty clients that announce more than they send, and go, cost the next one nothing."""
    for _ in range(50):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as sock:
            sock.sendall(HEAD + b'Content-Length: 500\r\n\r\n{"officers":[')
    start = time.monotonic()
    status, _ = server.ask("POST", ROUTE, QUESTION)
    assert status == 200
    assert time.monotonic() - start < SLOWEST


def test_hostile_requests_at_once_do_not_hurt_the_others(server: Server) -> None:
    """While eight clients send the costliest bodies again and again, good questions go on being answered right."""
    costly = [BODIES[name].body for name in ("arrays opened and never closed", "half a million empty rows")]
    stop, seen = threading.Event(), list[Any]()

    def attack(number: int) -> None:
        while not stop.is_set():
            seen.append(server.ask("POST", ROUTE, costly[number % 2])[0])

    attackers = [threading.Thread(target=attack, args=(number,)) for number in range(8)]
    expected = server.ask("POST", ROUTE, QUESTION)
    for attacker in attackers:
        attacker.start()
    try:
        assert {server.ask("POST", ROUTE, QUESTION) for _ in range(10)} == {expected}
    finally:
        stop.set()
        for attacker in attackers:
            attacker.join()
    assert set(seen) <= {400, 422}


def test_the_log_quotes_none_of_it(server: Server) -> None:
    """After all that, the log holds no canary and no failure."""
    text = Path(server.log).read_text(encoding="utf-8")
    assert CANARY not in text
    assert "Traceback" not in text
    assert {line["level"] for line in server.lines()} <= {"info", "warning"}
