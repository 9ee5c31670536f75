"""Crowds against one worker without a front: how long a health check waits, and how much memory the worker takes.

python -m trials.crowds
"""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

from model.archive import Archive
from priors.study import load_study
from tests.service.publishing import publish
from tests.support.risk_tables import packed, synthetic_arrays
from tests.support.servers import Server, ask, running

DRAWS = 4_000
SECONDS = 10.0
STUDY = load_study()
WORDS = STUDY.vocabulary
PROFILES = [{"sect": sect, "rank": rank} for sect, rank in product(WORDS["sect"].names, WORDS["rank"].names)]
TENTHS = [number / 10 for number in range(1, 10)]
OFFICERS = {"officers": [PROFILES[number % len(PROFILES)] for number in range(10_000)], "intervals": [*TENTHS, 0.95]}
MOVES = {
    "contagion": {"ratio": 1.2, "months": 60},
    "watch": {"share": 0.3},
    "purge": {"rate": 0.01, "replaced_by": {}},
    "punish": {"factor": 0.9, "months": 60, "same": []},
    "confine": {"above": 0.2, "factor": 0.5},
    "deaths": {"rate": 0.004},
    "intake": {"men": 2_000, "of": {}},
    "militias": {"men": 50_000, "factor": 0.5, "of": {}},
    "allies": {"men": 5_000},
    "offers": [{"factor": 1.2}] * 10,
}
FORCE = {"force": [profile | {"count": 1_000_000} for profile in PROFILES], "moves": MOVES}


@contextmanager
def large(port: int, path: str, body: Mapping[str, Any], *, clients: int) -> Iterator[Counter[str]]:
    """Ask a large question from each of several clients, and yield what they were answered; wait for all at the end."""
    content, statuses = json.dumps(body).encode(), Counter[str]()

    def one() -> None:
        try:
            statuses[str(ask(port, "POST", path, content, patience=120)[0])] += 1
        except OSError as error:
            statuses[type(error).__name__] += 1

    threads = [threading.Thread(target=one) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield statuses
    finally:
        for thread in threads:
            thread.join()


def watched(server: Server, crowd: contextlib.AbstractContextManager[Counter[str]]) -> str:
    """Return the longest that `/livez` took in some seconds of a crowd, and the most memory that the worker had."""
    waits, (worker,) = [0.0], server.workers()
    with crowd as statuses:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            begun = time.monotonic()
            with contextlib.suppress(OSError):
                ask(server.port, "GET", "/livez", patience=60)
            waits.append(time.monotonic() - begun)
            time.sleep(0.1)
    status = Path(f"/proc/{worker}/status").read_text(encoding="ascii")
    memory = next(int(line.split()[1]) // 1000 for line in status.splitlines() if line.startswith("VmHWM"))
    met = f", answers {dict(sorted(statuses.items()))}" if statuses else ""
    return f"longest wait {max(waits):.2f} s, memory {memory} MB{met}"


def main() -> int:
    """Print a row for each crowd, each against a worker of its own."""
    table = packed(synthetic_arrays(STUDY, draws=DRAWS, prior_draws=DRAWS))
    crowds = {
        "20 outlooks of 48 million with every move": lambda port: large(port, "/v1/outlooks", FORCE, clients=20),
        "8 times 10,000 officers, ten intervals": lambda port: large(port, "/v1/assessments", OFFICERS, clients=8),
    }
    for name, crowd in crowds.items():
        with tempfile.TemporaryDirectory() as folder:
            archive = Archive(Path(folder) / "home")
            publish(archive, files={"risk_table.npz": table})
            with running(archive.home, log=Path(folder) / "log", workers=1) as server:
                sys.stdout.write(f"{name}: {watched(server, crowd(server.port))}\n")
                sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
