"""How fast the service answers, boots, and what it holds, beside what a user would write instead.

    python -m benchmarks.serve [--home ARCHIVE] [--quick]

Without an archive that has a current version a synthetic one is served, and nothing is compared with PyMC.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import signal
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.bench import Bench, Effort, body, risk_table
from benchmarks.figures import Figure, keep, paired, timed
from benchmarks.load import CONNECTIONS, Load, load, wrk
from benchmarks.started import plain_service, resident, service
from model.archive import Archive
from tests.service.publishing import publish
from tests.support.servers import Server

PATH = "/v1/assessments"
WORKERS = 2
BATCH = 10_000


def one_for_each_request(bench: Bench, server: Server, folder: Path) -> list[Figure]:
    """Return what one assessment for each request costs, beside the plain endpoint, in turns."""
    answers = []
    for profile in bench.profiles:
        status, content = server.ask("POST", PATH, body([profile]))
        assert status == 200
        assert json.loads(content) == bench.expected([profile]), profile
        answers.append(len(content))
    bodies, constant = folder / "bodies", folder / "constant"
    asked = [body([{"id": f"a-{number}"} | profile]) for number, profile in enumerate(bench.profiles)]
    bodies.write_bytes(b"\n".join(asked) + b"\n")
    constant.write_bytes(json.dumps("x" * (round(statistics.mean(answers)) - 2)).encode())
    pairs: list[tuple[Load, Load]] = []
    with plain_service(constant, workers=WORKERS) as plain:
        assert plain.ask("POST", PATH, body(bench.profiles[:1])) == (200, constant.read_bytes())
        for _ in range(bench.effort.rounds + 1):
            ours, theirs = (load(each.port, PATH, bodies, seconds=bench.effort.seconds) for each in (server, plain))
            pairs.append((ours, theirs))
    return _beside_plain(pairs[1:])  # the first round warms both up


def _beside_plain(pairs: list[tuple[Load, Load]]) -> list[Figure]:
    peer = (
        f"wrk, {CONNECTIONS} connections, {WORKERS} workers, all 576 profiles in turn, each with an id; a Flask "
        "endpoint on the same gunicorn that parses the body with json and returns a constant of the mean size"
    )
    throughput = tuple(ours.throughput / theirs.throughput for ours, theirs in pairs)
    return [
        Figure("throughput, of the plain endpoint's", "at least 0.33", throughput, "x", 0.33, at_most=False, note=peer),
        Figure("throughput of the service", "", tuple(ours.throughput for ours, _ in pairs), "1/s"),
        Figure("throughput of the plain endpoint", "", tuple(theirs.throughput for _, theirs in pairs), "1/s"),
        Figure("p99 of the service", "at most 50", tuple(1000 * ours.p99 for ours, _ in pairs), "ms", 50),
        Figure("p99 of the plain endpoint", "", tuple(1000 * theirs.p99 for _, theirs in pairs), "ms"),
    ]


def batch(bench: Bench, server: Server) -> list[Figure]:
    """Return what a batch costs over HTTP, beside reading that body and writing that answer alone."""
    profiles = list(itertools.islice(itertools.cycle(bench.profiles), BATCH))
    asked = body(profiles)
    status, answer = server.ask("POST", PATH, asked)
    content = json.loads(answer)
    assert status == 200
    assert content == bench.expected(profiles)

    def alone() -> bytes:
        json.loads(asked)
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode()

    assert json.loads(alone()) == content
    for _ in range(2 * WORKERS):
        server.ask("POST", PATH, asked)  # so that no worker answers its first
    pairs = paired(lambda: server.ask("POST", PATH, asked), alone, rounds=bench.effort.rounds)
    note = f"{len(asked):,} bytes asked, {len(answer):,} answered, over HTTP; json.loads and json.dumps of the same"
    return [
        Figure(
            "a batch of 10,000 profiles, over parsing and serialising alone", "at most 2",
            tuple(ours / theirs for ours, theirs in pairs), "x", 2, note=note,
        ),
        Figure("a batch of 10,000 profiles", "", tuple(ours for ours, _ in pairs), "s"),
        Figure("parsing and serialising alone", "", tuple(theirs for _, theirs in pairs), "s"),
    ]  # fmt: skip


def outlooks(bench: Bench, server: Server) -> list[Figure]:
    """Return what an outlook of the whole force costs with every move that the study states, beside one without any."""
    study = bench.table.study
    moves: dict[str, Any] = {name: [{}] if name == "offers" else {} for name in study.supposable}
    plain: dict[str, Any] = {"force": [{"count": study.heads.all}], "strength": {}}

    def asked(question: dict[str, Any]) -> None:
        status, answer = server.ask("POST", "/v1/outlooks", json.dumps(question).encode())
        assert status == 200, answer

    pairs = paired(lambda: asked(plain | {"moves": moves}), lambda: asked(plain), rounds=bench.effort.rounds)
    note = f"{study.heads.all:,} heads, all of the study, both with what is left to fight with; {', '.join(moves)}"
    return [
        Figure("an outlook with every move, over one without", "", tuple(o / t for o, t in pairs), "x", note=note),
        Figure("an outlook with every move", "at most 3 s", tuple(ours for ours, _ in pairs), "s", 3),
        Figure("an outlook without moves", "", tuple(theirs for _, theirs in pairs), "s"),
    ]


def boots(bench: Bench) -> list[Figure]:
    """Return how long the command takes to be ready, how long a worker, and what a worker then holds."""
    commands, workers, held = [], [], []
    for _ in range(bench.effort.rounds):
        start = time.perf_counter()
        with service(bench.home, workers=1) as server:
            commands.append(time.perf_counter() - start)
            held.append(resident(server.workers()[0]))
            workers.append(timed(lambda: _replaced(server)))
    return [
        Figure(
            "a worker boots until /readyz", "at most 1.5 s", tuple(workers), "s", 1.5,
            note="the only worker is killed; until its successor answers",
        ),
        Figure("`defection-risk serve` until /readyz", "", tuple(commands), "s"),
        Figure("a worker holds after boot", "at most 200 MiB", tuple(held), "MiB", 200, note="resident"),
    ]  # fmt: skip


def _replaced(server: Server) -> None:
    (worker,) = server.workers()
    os.kill(worker, signal.SIGKILL)
    while worker in server.workers():
        time.sleep(0.001)
    assert server.ask("GET", "/readyz")[0] == 200  # waits in the queue of the listening socket


def measured(bench: Bench, folder: Path) -> list[Figure]:
    """Return all figures of the service."""
    with service(bench.home, workers=WORKERS) as server:
        figures = one_for_each_request(bench, server, folder)
        after_load = tuple(resident(worker) for worker in server.workers())
        figures += batch(bench, server)
        after_batches = tuple(resident(worker) for worker in server.workers())
        figures += outlooks(bench, server)
    figures += boots(bench)
    figures += [
        Figure("a worker holds after the load", "at most 200 MiB", after_load, "MiB", 200, note="resident, each"),
        Figure("a worker holds after batches of 10,000", "", after_batches, "MiB"),
    ]
    if (Archive(bench.home).home / "versions" / bench.table.version / "posterior.nc").exists():
        from benchmarks.beside_pymc import beside_pymc  # noqa: PLC0415 - heavy, and of no use without a fit

        figures += beside_pymc(bench)
    return figures


def main() -> None:
    """Measure the service and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("DEFECTION_RISK_HOME", "var")))
    parser.add_argument("--quick", action="store_true", help="few and short repetitions, to see that it runs")
    asked = parser.parse_args()
    wrk()  # before anything is timed
    with tempfile.TemporaryDirectory() as name:
        folder, home = Path(name), asked.home
        if not (home / "current").exists():
            home = folder / "home"
            publish(Archive(home))
        table = risk_table(home)
        effort = Effort.quick() if asked.quick else Effort()
        bench = Bench(home.resolve(), table.vocabulary, table, effort)
        keep("serve", measured(bench, folder), version=table.version, draws=len(table.posterior.baseline))


if __name__ == "__main__":
    main()
