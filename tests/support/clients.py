"""Clients that ask without pause, and hold every answer against the version it states."""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from model.archive import Archive
from model.risk.assessment import assess, side_by_side
from service.served import load

PROFILES: tuple[tuple[dict[str, str], ...], ...] = (
    ({"sect": "alawite", "rank": "brigadier", "eliteness": "elite", "proximity": "trusted"},),
    ({"sect": "sunni", "rank": "conscript"}, {}),
    tuple({"sect": sect, "rank": "captain"} for sect in ("alawite", "sunni", "druze", "christian", "ismaili")),
    tuple({"rank": "colonel", "proximity": "outside"} for _ in range(200)),
)
BODIES = tuple(json.dumps({"officers": profiles}).encode() for profiles in PROFILES)


@dataclass
class Tally:
    """What clients met.

    Attributes
    ----------
    statuses : Counter
        Answers by status.
    versions : Counter
        Answers by the version they state.
    lost : list
        Requests that got no answer: when (monotonic seconds), and the kind of error.
    cut : int
        Answers that had begun to arrive and were cut off, as their Content-Length tells.
    refused : int
        Connections that nobody took, so that nothing was sent.
    reconnected : int
        Kept-alive connections that were closed before the next request was read, which then went on a new one.
    wrong : list of str
        Versions whose stated number was not the one given.
    seconds : list of float
        How long each answer took.
    """

    statuses: Counter[int] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)
    lost: list[tuple[float, str]] = field(default_factory=list)
    cut: int = 0
    refused: int = 0
    reconnected: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def answered(self) -> int:
        """How many requests were answered."""
        return self.statuses.total()

    def quantile(self, share: float) -> float:
        """Return the seconds within which a share of the answers came."""
        return sorted(self.seconds)[min(int(share * len(self.seconds)), len(self.seconds) - 1)]


class Reference:
    """What each version must answer, worked out from its files in this process."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._good: dict[tuple[str, int], bytes] = {}
        self._lock = threading.Lock()

    def agrees(self, question: int, version: str, content: bytes) -> bool:
        """Return whether an answer is what its version says; the same version and body must give the same bytes."""
        with self._lock:
            if (version, question) not in self._good:
                given = [dict(each) for each in json.loads(content)["assessments"]]
                if given != self._expected(question, version):
                    return False
                self._good[version, question] = content
            return self._good[version, question] == content

    def _expected(self, question: int, version: str) -> list[dict[str, Any]]:
        table = load(self._archive, version).table
        window = table.study.timeline.window
        profiles = [table.vocabulary.profile(words) for words in PROFILES[question]]
        found = side_by_side([assess(table, profile, window=window) for profile in profiles])
        return [dict(each) for each in json.loads(json.dumps(found))]


class Client:
    """One client: asks, checks, asks again; keeps its connection open or not."""

    def __init__(self, port: int, reference: Reference, tally: Tally, *, keeps: bool, pause: float) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._reference = reference
        self._tally = tally
        self._keeps = keeps
        self._pause = pause

    def work(self, first: int, stop: threading.Event) -> None:
        """Ask one question after another until told to stop."""
        with closing(self._connection):
            for number in itertools.count(first):
                if stop.wait(self._pause):
                    return
                self._ask(number % len(BODIES))

    def _ask(self, question: int) -> None:
        reused = self._connection.sock is not None
        begun = time.monotonic()
        try:
            status, content = self._exchange(BODIES[question])
        except ConnectionRefusedError:
            self._tally.refused += 1
            self._connection.close()
            time.sleep(0.05)
        except http.client.IncompleteRead:
            self._tally.cut += 1
            self._connection.close()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            if reused and isinstance(error, ConnectionError):
                self._tally.reconnected += 1
                self._ask(question)
            else:
                self._tally.lost.append((begun, type(error).__name__))
        else:
            self._tally.seconds.append(time.monotonic() - begun)
            self._take(question, status, content)

    def _exchange(self, body: bytes) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json"} | ({} if self._keeps else {"Connection": "close"})
        self._connection.request("POST", "/v1/assessments", body, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def _take(self, question: int, status: int, content: bytes) -> None:
        self._tally.statuses[status] += 1
        if status == 200:
            version = json.loads(content)["model"]["version"]
            self._tally.versions[version] += 1
            if not self._reference.agrees(question, version, content):
                self._tally.wrong.append(version)


@contextmanager
def asking(port: int, reference: Reference, *, clients: int = 16, pause: float = 0.02) -> Iterator[Tally]:
    """Let clients ask throughout the block, every second one on a connection it keeps; their tally is yielded.

    Parameters
    ----------
    port : int
    reference : Reference
        What each version must answer.
    clients : int
        How many ask at once.
    pause : float
        Seconds each of them waits between an answer and its next question.
    """
    stop, tallies = threading.Event(), [Tally() for _ in range(clients)]
    workers = [
        Client(port, reference, tally, keeps=number % 2 == 0, pause=pause) for number, tally in enumerate(tallies)
    ]
    threads = [threading.Thread(target=each.work, args=(number, stop)) for number, each in enumerate(workers)]
    for thread in threads:
        thread.start()
    total = Tally()
    try:
        yield total
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
        for tally in tallies:
            add(total, tally)


def add(total: Tally, part: Tally) -> None:
    """Add one tally to another."""
    total.statuses += part.statuses
    total.versions += part.versions
    total.lost += part.lost
    total.cut += part.cut
    total.refused += part.refused
    total.reconnected += part.reconnected
    total.wrong += part.wrong
    total.seconds += part.seconds
