"""The service as an operator starts it: the command, its environment, a port of loopback."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.servers import PROJECT, free_port, wait_until_alive

COMMAND = "from cli import main; main()"


@contextmanager
def serving(home: Path, *, workers: int = 1, before: str = "", **environment: str) -> Iterator[int]:
    """Run `defection-risk serve` until the end of the block, and yield its port.

    Parameters
    ----------
    home : Path
        The folder of the archive.
    workers : int
        How many processes.
    before : str
        Python to run first, in the process that becomes the service.
    **environment
        Variables of the service without their beginning: `KEYS`, `RATE_LIMIT`.
    """
    port = free_port()
    command = [
        sys.executable,
        "-c",
        f"{before}\n{COMMAND}",
        "--home",
        str(home),
        "serve",
        "--port",
        str(port),
        "--workers",
        str(workers),
    ]
    stated = {f"DEFECTION_RISK_{name}": value for name, value in environment.items()}
    with subprocess.Popen(command, cwd=PROJECT, env=os.environ | stated, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until_alive(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(40)
