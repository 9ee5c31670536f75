"""An ordeal for a running service: good versions and bad ones, reloads and lost workers, while clients ask."""

from __future__ import annotations

import itertools
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from model.archive import Archive
from tests.service.publishing import publish
from tests.support.harms import HARMS
from tests.support.servers import Server


@dataclass
class Ordeal:
    """What is done to a service, one thing after another.

    Attributes
    ----------
    server : Server
    archive : Archive
        The one it serves.
    pause : float
        Seconds that each state lasts; more than the interval at which workers look.
    good : str
        The last good version that was made current.
    done : dict
        How often each fault was put in.
    """

    server: Server
    archive: Archive
    pause: float = 0.5
    good: str = ""
    done: dict[str, int] = field(default_factory=dict)
    seeds: Iterator[int] = field(default_factory=lambda: itertools.count(100))

    def change(self) -> str:
        """Publish a good version, wait until it is served, and return its name."""
        self.good = version = publish(self.archive, seed=next(self.seeds))
        self._count("good version")
        time.sleep(self.pause)
        self.until(lambda ready: ready["model"]["version"] == version)
        return version

    def harm(self, name: str) -> None:
        """Make something bad current; it must be refused, and the last good version must go on."""
        HARMS[name](self.archive, next(self.seeds))
        self._count(name)
        time.sleep(self.pause)
        self.until(lambda ready: ready["refused"] is not None and ready["model"]["version"] == self.good)

    def go_back(self) -> None:
        """Make the version before the current one current again."""
        old, _ = self.change(), self.change()
        self.archive.promote(old)
        self.good = old
        self._count("going back")
        self.until(lambda ready: ready["model"]["version"] == old)

    def reload(self) -> None:
        """Send HUP, which replaces every worker."""
        before = self.server.workers()
        self.server.process.send_signal(signal.SIGHUP)
        self._count("HUP")
        self._until_workers(lambda now: len(now) == len(before) and not set(now) & set(before))

    def lose_worker(self, number: signal.Signals) -> None:
        """Send a signal to one worker, and wait until another has taken its place."""
        before = self.server.workers()
        os.kill(before[0], number)
        self._count(f"worker lost to {number.name}")
        self._until_workers(lambda now: len(now) == len(before) and before[0] not in now)

    def until(self, holds: Callable[[dict[str, dict[str, str]]], bool]) -> None:
        """Wait until what /readyz says holds six times in a row: both workers have answered by then, most likely."""
        row = 0
        for _ in range(400):
            status, content = self.server.ask("GET", "/readyz")
            row = row + 1 if status == 200 and holds(json.loads(content)) else 0
            if row == 6:
                return
            time.sleep(0.02)
        raise AssertionError("the service did not notice")

    def _serving(self) -> float:
        """Return how many live workers have a model, as the metrics say."""
        lines = self.server.ask("GET", "/metrics")[1].decode().splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith("defection_risk_model_workers{"))

    def _count(self, name: str) -> None:
        self.done[name] = self.done.get(name, 0) + 1

    def _until_workers(self, hold: Callable[[tuple[int, ...]], bool]) -> None:
        for _ in range(400):
            workers = self.server.workers()
            if hold(workers) and self._serving() == len(workers):
                return
            time.sleep(0.05)
        raise AssertionError("the workers were not replaced")
