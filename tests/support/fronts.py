"""nginx as it runs, with the configuration of deploy/, in front of a service under test."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.servers import PROJECT, free_port, wait_until_alive

CONFIGURATION = PROJECT / "deploy" / "nginx.conf"
SERVER = "        server 127.0.0.1:8000 max_fails=0;\n"


def require_nginx() -> str:
    """Return the path of nginx; without it fail where every change is tested, and skip elsewhere."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("nginx is not installed: apt-get install nginx-light")
    if found is None:
        pytest.skip("nginx is not installed: apt-get install nginx-light")
    return found


def configuration(folder: Path, *, port: int, upstreams: Sequence[int]) -> str:
    """Return the configuration of deploy/ with other ports, and a folder of its own for what it writes."""
    text = CONFIGURATION.read_text(encoding="utf-8")
    lines = text.count(SERVER)
    servers = "".join(SERVER.replace("8000", str(each)) for each in itertools.islice(itertools.cycle(upstreams), lines))
    for old, new in (
        ("listen 8080 ", f"listen 127.0.0.1:{port} "),
        (SERVER * lines, servers),
        (" /tmp/", f" {folder}/"),
        ("access_log /dev/stdout", f"access_log {folder}/access.log"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    return text


@contextmanager
def front(folder: Path, *, upstreams: Sequence[int]) -> Iterator[int]:
    """Run nginx in front of services until the end of the block; its port is yielded.

    Parameters
    ----------
    folder : Path
        An empty folder, for the configuration and for what nginx writes: `access.log`, `error.log`.
    upstreams : sequence of int
        The ports of the services.
    """
    nginx, port = require_nginx(), free_port()
    file = folder / "nginx.conf"
    file.write_text(configuration(folder, port=port, upstreams=upstreams), encoding="utf-8")
    # As root nginx would give its workers to a user who may not enter the folder.
    directives = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")
    command = [nginx, "-p", str(folder), "-c", str(file), "-g", directives, "-e", "stderr"]
    with (folder / "error.log").open("wb") as log, subprocess.Popen(command, stderr=log) as process:
        try:
            wait_until_alive(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(20)
