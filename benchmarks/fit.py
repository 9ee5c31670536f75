"""How long a fit takes, of what, and against which samplers: `python -m benchmarks.fit`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.commands import Run, asked, command
from benchmarks.figures import Figure, keep
from benchmarks.officers import simulated, write
from priors.study import EVIDENCE, load_study, study_folder

ROUNDS = int(os.environ.get("BENCHMARK_ROUNDS", "3"))
FAR = 5.0
"""Monte Carlo errors that the mean of one sampler may be from another's, over some seventy comparisons."""


def commands(folder: Path) -> list[Figure]:
    """Time whole refits: the first ever, again, and of other problems with nothing to compile."""
    cold = [refit(folder / f"cold-{number}", cold=True) for number in range(max(1, ROUNDS - 1))]
    caches = folder / "cold-0"
    warm = [refit(caches) for _ in range(ROUNDS)]
    alone = [refit(caches, "--priors", "pooled") for _ in range(ROUNDS)]
    evidence = folder / "mine.csv"
    lines = (study_folder("syria") / EVIDENCE).read_text(encoding="utf-8").splitlines()
    evidence.write_text("\n".join(lines[:9]) + "\n", encoding="utf-8")
    others = {
        "another prior set": ("--priors", "stratfor"),
        "a claim left out": ("--priors", "pooled", "--without", "K12"),
        "other evidence": ("--priors", "pooled", "--evidence", evidence),
    }
    changed = [refit(caches, *arguments) for arguments in others.values()]
    return [
        Figure("First refit ever of all three prior sets, caches empty", "at most 180 s", seconds(cold), "s", 180.0),
        Figure("Refit of all three prior sets, caches warm", "at most 90 s", seconds(warm), "s", 90.0),
        Figure("Refit of one prior set, caches warm", "at most 60 s", seconds(alone), "s", 60.0),
        Figure(
            f"One prior set with {', '.join(others)}", "at most 60 s", seconds(changed), "s", 60.0, note="one of each"
        ),
        Figure("Peak memory of a refit", "at most 2,048 MiB", memory([*cold, *warm]), "MiB", 2048.0),
    ]


def refit(caches: Path, *arguments: object, cold: bool = False) -> Run:
    """Run a default refit into a new archive; it fails where a gating check does."""
    with TemporaryDirectory() as home:
        return command("--home", home, "refit", *arguments, caches=caches, cold=cold)


def samplers(folder: Path) -> tuple[list[Figure], dict[str, Any]]:
    """Compare NumPyro with nutpie and PyMC's own sampler on the default problem, once they are found to agree."""
    caches = folder / "cold-0"
    found = {name: asked("benchmarks.samplers", name, caches=caches) for name in ("numpyro", "nutpie", "pymc")}
    for name, other in found.items():
        apart = distance(found["numpyro"], other)
        if apart > FAR:
            raise SystemExit(f"{name} and NumPyro disagree: {apart:.1f} Monte Carlo errors")
    again = [asked("benchmarks.samplers", "numpyro", caches=caches) for _ in range(ROUNDS - 1)]
    runs = [found["numpyro"], *again]
    rates = tuple(each["ess"] / each["sampled"] for each in runs)
    share = tuple(100 * each["sampled"] / each["total"] for each in runs)
    sampling = tuple(each["sampled"] for each in runs)
    figures = [
        Figure("Effective draws a second, slowest parameter", "at least 100", rates, "1/s", 100.0, at_most=False),
        Figure("Sampling, default draws", "at most 10 s, half of the refit", sampling, "s", 10.0),
    ]
    table = {
        name: {key: each[key] for key in ("total", "sampled", "ess", "rhat")}
        | {"apart": distance(found["numpyro"], each)}
        for name, each in found.items()
    }
    return figures, {"samplers": table, "share": share}


def distance(one: dict[str, Any], other: dict[str, Any]) -> float:
    """Return how far the means of two fits are apart at most, in Monte Carlo errors of their difference."""
    error = np.hypot(one["errors"], other["errors"])
    return float(np.max(np.abs(np.subtract(one["means"], other["means"])) / error))


def against_bambi(folder: Path, count: int = 1000) -> tuple[list[Figure], dict[str, Any]]:
    """Fit the same officers, ours collapsed and bambi's row by row, each as its user would."""
    path = write(simulated(load_study(), count), folder / f"officers-{count}.parquet")
    caches = folder / "cold-0"
    peer = asked("benchmarks.samplers", "bambi", path, caches=folder / "bambi")
    if abs(peer["predicted"] - peer["defected"]) > FAR * np.sqrt(peer["defected"]):
        raise SystemExit("bambi does not find the defections it was given")
    run = refit(caches, "--priors", "pooled", "--evidence", "none", "--officers", path)
    ratio = peer["total"] / run.seconds
    figure = Figure(
        f"bambi's fit of {count:,} officers over our whole refit of them", "", (ratio,), "x",
        note="logistic regression, row by row, by nutpie; imports and reading not counted for bambi",
    )  # fmt: skip
    return [figure], {"bambi": {**{key: peer[key] for key in ("total", "ess", "rhat")}, "ours": run.seconds}}


def seconds(runs: Sequence[Run]) -> tuple[float, ...]:
    """Return the seconds of runs."""
    return tuple(run.seconds for run in runs)


def memory(runs: Sequence[Run]) -> tuple[float, ...]:
    """Return the peak memory of runs."""
    return tuple(run.mebibytes for run in runs)


def main() -> None:
    """Measure, and keep the figures."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        of_commands = commands(folder)
        of_samplers, tables = samplers(folder)
        of_bambi, peer = against_bambi(folder)
    keep("fit", [*of_commands, *of_samplers, *of_bambi], **tables, **peer)


if __name__ == "__main__":
    sys.exit(main())
