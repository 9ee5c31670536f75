"""The service as it runs, gunicorn with its workers on a socket, for tests that ask it, harm it and stop it."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]
SERVE = """
import json, sys
from pathlib import Path
from service import Settings, gunicorn_settings
home, port, workers, options = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), json.loads(sys.argv[4])
usual = gunicorn_settings.gunicorn_options
gunicorn_settings.gunicorn_options = lambda **asked: usual(**asked) | options
settings = Settings(home=home, recheck_seconds=0.2, retry_seconds=1, rate_limit=None)
gunicorn_settings.run(settings, host="127.0.0.1", port=port, workers=workers)
"""


@dataclass(frozen=True)
class Server:
    """A running service: where it listens, its master process, and the file its log goes to."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        """Send one request on a connection of its own, and return status and content."""
        return ask(self.port, method, path, body, **headers)

    def workers(self) -> tuple[int, ...]:
        """Return the process numbers of the workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return tuple(int(child) for child in children.split())

    def lines(self) -> list[dict[str, Any]]:
        """Return what it has logged so far."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]


def ask(
    port: int, method: str, path: str, body: bytes | None = None, *, patience: float = 20, **headers: str
) -> tuple[int, bytes]:
    """Send one request to a port of loopback, wait so many seconds, and return status and content."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
    sent = {"Content-Type": "application/json"} | {name.replace("_", "-"): text for name, text in headers.items()}
    try:
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def wait_until_alive(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until something answers at a port; fail if the process ends first."""
    for _ in range(300):
        try:
            if ask(port, "GET", "/livez")[0] == 200:
                return
        except OSError:
            pass
        assert process.poll() is None, "the process stopped before it answered"
        time.sleep(0.1)
    raise AssertionError("nothing answered")


@contextmanager
def running(
    home: Path, *, log: Path, workers: int = 2, port: int | None = None, files: int | None = None, **options: Any
) -> Iterator[Server]:
    """Serve an archive until the end of the block.

    Parameters
    ----------
    home : Path
        The folder of the archive, which need not exist yet.
    log : Path
        Where standard error goes.
    workers : int
        How many processes.
    port : int, optional
        Where to listen; a free port where not given.
    files : int, optional
        How many files each process may have open; as many as this one where not given.
    **options
        Settings of gunicorn that differ from the service's own, as JSON.
    """
    port = port or free_port()
    command = [sys.executable, "-c", SERVE, str(home), str(port), str(workers), json.dumps(options)]
    if files is not None:
        command = ["prlimit", f"--nofile={files}", *command]
    with log.open("wb") as stream, subprocess.Popen(command, cwd=PROJECT, stderr=stream) as process:
        try:
            wait_until_alive(port, process)
            yield Server(port, process, log)
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait(40)
