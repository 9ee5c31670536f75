"""What is refused: a table that declares a gibibyte, and bodies too large to be read; what each costs the service.

python -m trials.refused
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from model.archive import Archive
from priors.study import load_study
from tests.service.publishing import publish
from tests.support.doctored import gibibyte
from tests.support.risk_tables import synthetic_arrays
from tests.support.servers import Server, ask, running

TRIES = 8
WORKERS = 2
PATIENCE = 120


def peaks(server: Server) -> list[int]:
    """Return the most memory that each worker had so far, in MB."""
    texts = (Path(f"/proc/{worker}/status").read_text(encoding="ascii") for worker in server.workers())
    return [int(line.split()[1]) // 1000 for text in texts for line in text.splitlines() if line.startswith("VmHWM")]


def doctored(server: Server, archive: Archive) -> str:
    """Make a table current that declares a gibibyte, and ask until every worker has met it."""
    before, waits = peaks(server), []
    publish(archive, files={"risk_table.npz": gibibyte(synthetic_arrays(load_study()))})
    end = time.monotonic() + 5
    while time.monotonic() < end:
        begun = time.monotonic()
        status, _ = ask(server.port, "GET", "/readyz", patience=PATIENCE)
        waits.append(time.monotonic() - begun)
    return f"longest request {max(waits):.3f} s, last {status}, memory of workers {before} MB, then {peaks(server)} MB"


def bodies(server: Server, mebibytes: int) -> str:
    """Send a body that is too large, several times, and count what comes back."""
    found, begun = Counter[str](), time.monotonic()
    for _ in range(TRIES):
        try:
            found[str(ask(server.port, "POST", "/v1/assessments", b" " * (mebibytes << 20), patience=PATIENCE)[0])] += 1
        except OSError as error:
            found[type(error).__name__] += 1
    return f"{dict(found)}, {(time.monotonic() - begun) / TRIES:.3f} s each"


def main() -> int:
    """Print a row for each."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive(Path(folder) / "home")
        publish(archive)
        with running(archive.home, log=Path(folder) / "log", workers=WORKERS) as server:
            sys.stdout.write(f"a table of 22 MB that declares 1 GiB: {doctored(server, archive)}\n")
        with running(archive.home, log=Path(folder) / "log", workers=1) as server:
            for mebibytes in (3, 5, 10, 20, 30, 40):
                sys.stdout.write(f"a body of {mebibytes} MiB: {bodies(server, mebibytes)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
