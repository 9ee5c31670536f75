"""How fast whole files are scored, and in how much memory, beside Arrow that reads and writes them only.

python -m benchmarks.files [--home ARCHIVE] [--quick]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.csv
import pyarrow.parquet

from benchmarks.figures import Figure, keep
from benchmarks.profile_files import WORDS, write_profiles
from benchmarks.started import surroundings
from model.archive import Archive
from service import Settings, create_app
from tests.service.publishing import publish
from tests.support.servers import PROJECT
from tests.support.serving import COMMAND

COLUMNS = (
    "risk_mean", "risk_median", "risk_lower_50", "risk_upper_50", "risk_lower_90", "risk_upper_90", "relative_to_corps",
    "posterior_contraction", "author_shift",
)  # fmt: skip
ASKED = 2000
"""Rows whose numbers are compared with the service's."""

TARGETS = {"parquet": 2_000_000, "csv": 500_000}
KINDS = {"parquet": "Parquet", "csv": "CSV"}


WATCH = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run(sys.argv[1:], check=True)
print(json.dumps((time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)))
"""
"""Runs a command from a small process: Linux counts what a parent holds as held by the child until it has started."""


@dataclass(frozen=True)
class Run:
    """A command that ended: seconds, and the most memory that it held, in MiB."""

    seconds: float
    peak: float


def run(command: Sequence[str]) -> Run:
    """Run a command of this Python to its end."""
    watched = [sys.executable, "-c", WATCH, sys.executable, *command]
    done = subprocess.run(watched, env=surroundings(), cwd=PROJECT, check=True, stdout=subprocess.PIPE)
    seconds, peak = json.loads(done.stdout)
    return Run(seconds, peak / 1024)


def score(home: Path, source: Path, target: Path) -> Run:
    """Score a file by the command, as a user would."""
    return run(["-c", COMMAND, "--home", str(home), "score", str(source), "-o", str(target)])


def copy(source: Path, target: Path) -> Run:
    """Have Arrow read a file and write as much as scoring does."""
    return run(["-m", "benchmarks.copy_file", str(source), str(target), *COLUMNS])


def agreed(home: Path, source: Path, target: Path) -> None:
    """Check that a scored file says what the service says of a sample of its rows."""
    kind = pyarrow.parquet.read_table if target.suffix == ".parquet" else pyarrow.csv.read_csv
    before, after = kind(source), kind(target)
    assert after.column_names == [*before.column_names, *COLUMNS, "window_from", "window_to", "prior_set", "version"]
    assert len(after) == len(before)
    sample = np.random.default_rng(7).choice(len(after), size=min(ASKED, len(after)), replace=False)
    rows = after.take(np.sort(sample)).to_pylist()
    client = create_app(Settings(home=home)).test_client()
    officers = [{name: row[name] for name in WORDS if row[name]} for row in rows]
    content = client.post("/v1/assessments", json={"officers": officers}).get_json()
    for row, assessment in zip(rows, content["assessments"], strict=True):
        assert [row[name] for name in COLUMNS] == _numbers(assessment), row


def _numbers(assessment: dict[str, Any]) -> list[float | None]:
    risk = assessment["risk"]
    bounds = [interval[side] for interval in risk["intervals"] for side in ("lower", "upper")]
    own = [assessment[name] for name in ("posterior_contraction", "author_shift")]
    return [risk["mean"], risk["median"], *bounds, assessment["relative_to_corps"]["ratio"], *own]


def measured(home: Path, folder: Path, *, kind: str, rows: int, rounds: int) -> list[Figure]:
    """Return the figures of one format of files."""
    few, many, target, copied = (folder / f"{name}.{kind}" for name in ("few", "many", "scored", "copied"))
    write_profiles(few, rows=rows // 10)
    write_profiles(many, rows=rows)
    small = [score(home, few, target) for _ in range(rounds)]
    agreed(home, few, target)
    pairs = [(score(home, many, target), copy(many, copied)) for _ in range(rounds)]
    sizes = f"{many.stat().st_size / 1e6:,.0f} MB read, {target.stat().st_size / 1e6:,.0f} MB written"
    for path in (few, many, target, copied):
        path.unlink()
    return _figures(KINDS[kind], TARGETS[kind], rows, small, pairs, sizes)


def _figures(
    kind: str, target: float, rows: int, small: list[Run], pairs: list[tuple[Run, Run]], sizes: str
) -> list[Figure]:
    rates = tuple(rows / ours.seconds for ours, _ in pairs)
    of_copy = tuple(ours.seconds / theirs.seconds for ours, theirs in pairs)
    grown = tuple(ours.peak / fewer.peak for (ours, _), fewer in zip(pairs, small, strict=True))
    whole = f"the whole command, {rows:,} rows, {sizes}"
    return [
        Figure(f"{kind} scored", f"at least {target:,}", rates, "1/s", target, at_most=False, note=whole),
        Figure(f"{kind}: scoring over Arrow's reading and writing alone", "", of_copy, "x", note="whole commands"),
        Figure(
            f"{kind}: Arrow's reading and writing alone", "", tuple(rows / each.seconds for _, each in pairs), "1/s"
        ),
        Figure(
            f"{kind}: peak memory at {rows:.0e} rows over that at {rows / 10:.0e}", "flat: at most 1.2", grown, "x", 1.2
        ),
        Figure(f"{kind}: peak memory at {rows:.0e} rows", "", tuple(ours.peak for ours, _ in pairs), "MiB"),
    ]


def main() -> None:
    """Measure the scoring of files and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("DEFECTION_RISK_HOME", "var")))
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows, twice, to see that it runs")
    asked = parser.parse_args()
    rows, rounds = (1_000_000, 2) if asked.quick else (10_000_000, 5)
    with tempfile.TemporaryDirectory() as name:
        folder, home = Path(name), asked.home.resolve()
        if not (home / "current").exists():
            home = folder / "home"
            publish(Archive(home))
        figures = [figure for kind in KINDS for figure in measured(home, folder, kind=kind, rows=rows, rounds=rounds)]
        keep("files", figures, rows=rows)


if __name__ == "__main__":
    main()
