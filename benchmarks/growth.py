"""What a fit costs as officers grow from a thousand to a million: `python -m benchmarks.growth`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.commands import asked
from benchmarks.figures import Figure, keep, timed
from benchmarks.officers import simulated, write
from model.evidence.officers import Officers, read_officers
from model.fit.fitting import Compiled, fit
from model.fit.problem import pose
from model.fit.sampling import Sampling
from priors.elicitation import elicit_prior_set
from priors.study import Study, load_study

SIZES = tuple(int(size) for size in os.environ.get("BENCHMARK_SIZES", "1000,10000,100000,1000000").split(","))
ROUNDS = int(os.environ.get("BENCHMARK_ROUNDS", "3"))
AS_FAR_AS_IT_GOES = tuple(size for size in (1000, 10_000) if size in SIZES)
"""Beyond ten thousand officers bambi takes longer than the rest of the benchmarks together."""


def measure(folder: Path) -> tuple[list[Figure], dict[str, Any]]:
    """Time reading, and fitting what was read, at every size, compiled; sizes take turns."""
    study = load_study()
    paths = {size: write(simulated(study, size, days_known=True), folder / f"{size}.parquet") for size in SIZES}
    undated = {size: write(simulated(study, size), folder / f"undated-{size}.parquet") for size in SIZES[:-1]}
    officers = {size: read_officers([path], study.vocabulary) for size, path in paths.items()}
    check(officers)
    fitting: dict[int, list[float]] = {size: [] for size in SIZES}
    for number in range(ROUNDS):
        for size in SIZES:
            fitting[size].append(fitted(study, officers[size], seed=number))
    largest = SIZES[-1]
    reading = tuple(timed(lambda: read_officers([paths[largest]], study.vocabulary)) for _ in range(ROUNDS))
    ratios = tuple(last / first for last, first in zip(fitting[largest], fitting[SIZES[0]], strict=True))
    of_undated = {
        size: fitted(study, read_officers([path], study.vocabulary), seed=0) for size, path in undated.items()
    }
    peers = {size: by_bambi(paths[size], folder) for size in AS_FAR_AS_IT_GOES}
    figures = [
        Figure(f"Fit of {largest:,} officers over {SIZES[0]:,}", "at most 2 x", ratios, "x", 2.0),
        Figure(f"Reading and collapsing {largest:,} officers, Parquet", "at most 2 s", reading, "s", 2.0),
    ]
    curve = {
        size: {"ours": float(np.median(fitting[size])), "undated": of_undated.get(size), "bambi": peers.get(size)}
        for size in SIZES
    }
    return figures, {"growth": curve}


def check(officers: dict[int, Officers]) -> None:
    """Check that collapsing keeps every officer."""
    for size, each in officers.items():
        if each.count != size:
            raise SystemExit(f"{size} officers were read as {each.count}")


def posed(study: Study, officers: Officers) -> Any:
    """Return the problem of officers alone, under pooled priors."""
    return pose(study, elicit_prior_set(study, "pooled"), (), officers)


def fitted(study: Study, officers: Officers, *, seed: int) -> float:
    """Return the seconds from a posed problem to a checked fit, the model being compiled."""
    problem = posed(study, officers)
    compiled = Compiled.of(problem)
    fit(compiled, problem, Sampling(draws=50, chains=1, seed=seed))
    start = time.perf_counter()
    fit(compiled, problem, Sampling(seed=seed))
    return time.perf_counter() - start


def by_bambi(path: Path, folder: Path) -> float | None:
    """Return the seconds that bambi takes for the same officers; None where it fails."""
    try:
        return float(asked("benchmarks.samplers", "bambi", path, caches=folder / "bambi")["total"])
    except (RuntimeError, subprocess.SubprocessError):
        return None


def main() -> None:
    """Measure, and keep the figures."""
    with TemporaryDirectory() as name:
        figures, curve = measure(Path(name))
    keep("growth", figures, **curve)


if __name__ == "__main__":
    sys.exit(main())
