"""Servers as an operator starts them, for benchmarks: the service, and the plain endpoint beside it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.servers import PROJECT, Server, ask, free_port
from tests.support.serving import COMMAND

NOT_CACHED = "PYTHONDONTWRITEBYTECODE"

READY_WITHIN = 60.0
"""Seconds."""


@contextmanager
def service(home: Path, *, workers: int) -> Iterator[Server]:
    """Run `defection-risk serve`; it counts requests against a rate limit as ever, but one that nobody reaches."""
    port = free_port()
    command = [
        sys.executable, "-c", COMMAND, "--home", str(home), "serve", "--port", str(port), "--workers", str(workers),
    ]  # fmt: skip
    with _started(command, port, ready="/readyz", DEFECTION_RISK_RATE_LIMIT="1000000/second") as server:
        yield server


@contextmanager
def plain_service(answer: Path, *, workers: int) -> Iterator[Server]:
    """Run the endpoint that answers with the bytes of a file."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.plain_service", str(port), str(workers), str(answer)]
    with _started(command, port, ready="/livez") as server:
        yield server


def surroundings(**more: str) -> dict[str, str]:
    """Return this environment, with compiled modules kept as Python does unless it is told otherwise."""
    return {name: value for name, value in os.environ.items() if name != NOT_CACHED} | more


@contextmanager
def _started(command: Sequence[str], port: int, *, ready: str, **environment: str) -> Iterator[Server]:
    log = Path(os.devnull)
    with (
        log.open("wb") as nowhere,
        subprocess.Popen(command, cwd=PROJECT, env=surroundings(**environment), stderr=nowhere) as process,
    ):
        try:
            wait_until_ready(port, ready)
            yield Server(port, process, log)
        finally:
            process.terminate()
            process.wait(60)


def wait_until_ready(port: int, path: str) -> None:
    """Wait until a path is answered with 200, looking a hundred times a second."""
    end = time.monotonic() + READY_WITHIN
    while time.monotonic() < end:
        try:
            if ask(port, "GET", path)[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.01)
    raise AssertionError(f"{path} was not ready within {READY_WITHIN:.0f} s")


def resident(process: int) -> float:
    """Return the resident memory of a process, in MiB."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
