"""The long ordeal, by `make soak`: faults of every kind for minutes, under sixteen clients, and what was lost to them.

Three passes: against the service alone, without and with kill -9; and through nginx, with it. Prints a table, and ends
with 1 if anything was lost that should not have been.
"""

from __future__ import annotations

import argparse
import itertools
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from model.archive import Archive
from tests.service.publishing import publish
from tests.support.clients import Reference, Tally, asking
from tests.support.fronts import front
from tests.support.harms import HARMS
from tests.support.ordeal import Ordeal
from tests.support.servers import running

RECYCLED_SOON = {"max_requests": 200, "max_requests_jitter": 200}


@dataclass(frozen=True)
class Pass:
    """One pass: its name, whether nginx stands in front, and whether workers are killed."""

    name: str
    fronted: bool
    kills: bool


PASSES = (
    Pass("the service alone", fronted=False, kills=False),
    Pass("the service alone, workers killed", fronted=False, kills=True),
    Pass("behind nginx, workers killed", fronted=True, kills=True),
)


def rounds(ordeal: Ordeal, *, kills: bool) -> Iterator[None]:
    """Put in one fault after another, without end."""
    for number, name in enumerate(itertools.cycle(HARMS)):
        ordeal.change()
        yield
        ordeal.harm(name)
        yield
        if number % 3 == 0:
            ordeal.reload()  # while what is current is bad
        if number % 5 == 0:
            ordeal.lose_worker(signal.SIGTERM)
        if kills:
            ordeal.lose_worker(signal.SIGKILL)
        if number % 4 == 0:
            ordeal.go_back()
        yield


def run(each: Pass, *, seconds: float, folder: Path) -> tuple[Tally, dict[str, int]]:
    """Let a service undergo one pass; return what clients met, and the faults put in."""
    archive = Archive(folder / "home")
    publish(archive)
    with ExitStack() as stack:
        server = stack.enter_context(running(archive.home, log=folder / "log", **RECYCLED_SOON))
        port = server.port
        if each.fronted:
            (folder / "front").mkdir()
            port = stack.enter_context(front(folder / "front", upstreams=[server.port]))
        ordeal, end = Ordeal(server, archive, pause=0.4), time.monotonic() + seconds
        with asking(port, Reference(archive), pause=0.005) as tally:
            for _ in rounds(ordeal, kills=each.kills):
                if time.monotonic() > end:
                    break
            if not each.fronted:
                ordeal.server.process.send_signal(signal.SIGTERM)
                server.process.wait(60)
                ordeal.done["TERM of all, with drain"] = 1
    booted = sum("Booting worker" in line["event"] for line in server.lines())
    replaced = (
        2 + 2 * ordeal.done.get("HUP", 0) + sum(n for name, n in ordeal.done.items() if name.startswith("worker"))
    )
    return tally, ordeal.done | {"worker recycled": booted - replaced}


def held(each: Pass, tally: Tally) -> bool:
    """Return whether a pass lost nothing but what no one can keep from a killed worker.

    Those are the requests it held, where no front repeats them, and the answers it was sending.
    """
    lost = 0 if each.kills and not each.fronted else len(tally.lost)
    cut = 0 if each.kills else tally.cut
    return not (lost or cut or tally.wrong) and set(tally.statuses) == {200}


def tell(cells: Iterable[object]) -> None:
    """Print one row of the table."""
    sys.stdout.write("| " + " | ".join(str(cell) for cell in cells) + " |\n")
    sys.stdout.flush()


def main() -> int:
    """Run all passes and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=240, help="for all passes together")
    seconds = parser.parse_args().seconds / len(PASSES)
    columns = ("pass", "seconds", "requests", "not 200", "wrong numbers", "no answer", "cut off", "p50, p99", "faults")
    tell(columns)
    tell("---" for _ in columns)
    fine = True
    for each in PASSES:
        with tempfile.TemporaryDirectory() as folder:
            tally, faults = run(each, seconds=seconds, folder=Path(folder))
        told = ", ".join(f"{name} {count}" for name, count in faults.items())
        times = f"{tally.quantile(0.5) * 1000:.0f} ms, {tally.quantile(0.99) * 1000:.0f} ms"
        strange = tally.answered - tally.statuses[200]
        counts = (tally.answered, strange, len(tally.wrong), len(tally.lost), tally.cut)
        tell((each.name, f"{seconds:.0f}", *counts, times, told))
        fine = fine and held(each, tally)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
