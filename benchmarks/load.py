"""Load on a service by wrk: sixteen connections, one question after another on each, every body in turn."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("turning.lua")
CONNECTIONS = 16


class NoLoadGeneratorError(Exception):
    """wrk is not installed."""


@dataclass(frozen=True)
class Load:
    """What a service held: requests, for how many seconds, and the latencies that half and 99 of 100 stayed below."""

    requests: int
    seconds: float
    p50: float
    p99: float

    @property
    def throughput(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def wrk() -> str:
    """Return where wrk is.

    Raises
    ------
    NoLoadGeneratorError
        If it is not installed.
    """
    found = shutil.which("wrk")
    if found is None:
        raise NoLoadGeneratorError("the benchmarks of the service need wrk (Debian: apt-get install -y wrk)")
    return found


def load(port: int, path: str, bodies: Path, *, seconds: float) -> Load:
    """Ask a service of loopback for some seconds, and return what it held; an answer but 200 is an error.

    Parameters
    ----------
    bodies : Path
        A body a line.
    """
    url = f"http://127.0.0.1:{port}{path}"
    options = ["-t", "1", "-c", str(CONNECTIONS), "-d", f"{seconds:.0f}s", "--timeout", "10s", "-s", str(SCRIPT)]
    done = subprocess.run([wrk(), *options, url, "--", str(bodies)], check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    failed = found.pop("failed")
    assert not failed, f"{failed} of {found['requests']} requests failed"
    return Load(**found)
