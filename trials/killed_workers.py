"""Workers are killed every second and a half behind nginx: what becomes of questions that take them tenths of a second.

python -m trials.killed_workers
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from itertools import product
from pathlib import Path

from model.archive import Archive
from priors.study import load_study
from tests.service.publishing import publish
from tests.support.fronts import front
from tests.support.risk_tables import packed, synthetic_arrays
from tests.support.servers import Server, ask, running

CLIENTS = 8
DRAWS = 4_000
EVERY = 1.5
STUDY = load_study()
WORDS = STUDY.vocabulary
PROFILES = [{"sect": sect, "rank": rank} for sect, rank in product(WORDS["sect"].names, WORDS["rank"].names)]


def question(number: int, *, officers: int) -> bytes:
    """Return a question about some officers that was not asked before: its window is its own."""
    days, late = divmod(number, 1_000)
    begin = WORDS.timeline.window.start + timedelta(days=days)
    window = {"from": begin.isoformat(), "to": (begin + timedelta(days=100 + late)).isoformat()}
    return json.dumps({"officers": PROFILES[:officers], "window": window}).encode()


def outcome(port: int, body: bytes) -> str:
    """Ask one question, and return the status of its answer, or what came instead."""
    try:
        return str(ask(port, "POST", "/v1/assessments", body, patience=120)[0])
    except http.client.IncompleteRead:
        return "cut off"
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__


def kill(server: Server, stop: threading.Event) -> int:
    """Kill one worker or the other, again and again until told to stop; return how often."""
    rng, kills = random.Random(1), 0
    while not stop.wait(EVERY):
        if workers := server.workers():
            os.kill(rng.choice(workers), signal.SIGKILL)
            kills += 1
    return kills


def measured(folder: Path, questions: Sequence[bytes]) -> dict[str, object]:
    """Ask questions while workers are killed, and return what came of them and what nginx did for it."""
    archive, stop = Archive(folder / "home"), threading.Event()
    publish(archive, files={"risk_table.npz": packed(synthetic_arrays(STUDY, draws=DRAWS, prior_draws=DRAWS))})
    (folder / "front").mkdir()
    with ExitStack() as stack:
        server = stack.enter_context(running(archive.home, log=folder / "log"))
        port = stack.enter_context(front(folder / "front", upstreams=[server.port]))
        killer = stack.enter_context(ThreadPoolExecutor(1)).submit(kill, server, stop)
        begun = time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as clients:
            outcomes = Counter(clients.map(partial(outcome, port), questions))
        stop.set()
        seconds = time.monotonic() - begun
    _, *lines = (folder / "front" / "access.log").read_text(encoding="utf-8").splitlines()  # the first is /livez
    tries = Counter(json.loads(line)["upstream_status"].count(",") + 1 for line in lines)
    return {
        "seconds": round(seconds),
        "workers killed": killer.result(),
        "answers": dict(sorted(outcomes.items())),
        "asked of a worker once, twice, ...": dict(sorted(tries.items())),
    }


def main() -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=2_000)
    parser.add_argument("--officers", type=int, default=4, help="in each request")
    asked = parser.parse_args()
    questions = [question(number, officers=asked.officers) for number in range(asked.requests)]
    with tempfile.TemporaryDirectory() as folder:
        found = measured(Path(folder), questions)
    sys.stdout.write("".join(f"{name}: {value}\n" for name, value in found.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
