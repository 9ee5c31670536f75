"""Dribbling clients against the service, without and with nginx before it: how long a health check waits.

python -m trials.slow_clients
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from model.archive import Archive
from tests.service.publishing import publish
from tests.support.dribblers import dribbling
from tests.support.fronts import front
from tests.support.servers import ask, running

SECONDS = 10.0


def longest_wait(port: int, *, sockets: int) -> tuple[float, int]:
    """Return the longest that `/livez` took while sockets dribbled, and how many checks got no answer in 20 s."""
    waits, failed = [], 0
    with dribbling(port, sockets=sockets):
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            begun = time.monotonic()
            try:
                ask(port, "GET", "/livez")
            except OSError:
                failed += 1
            waits.append(time.monotonic() - begun)
            time.sleep(0.1)
    return max(waits), failed


def main() -> int:
    """Print a row for each number of sockets."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        archive = Archive(folder / "home")
        publish(archive)
        (folder / "front").mkdir()
        server = stack.enter_context(running(archive.home, log=folder / "log"))
        behind = stack.enter_context(front(folder / "front", upstreams=[server.port]))
        for sockets in (8, 32, 64):
            for name, port in (("behind nginx", behind), ("the service alone", server.port)):
                wait, failed = longest_wait(port, sockets=sockets)
                sys.stdout.write(f"{name}: {sockets} sockets, longest wait {wait:.2f} s, without answer {failed}\n")
                sys.stdout.flush()
                time.sleep(1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
