"""What a profile costs beside PyMC's own way to it, on the same draws."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import arviz as az
import numpy as np

from benchmarks.bench import Bench, risk_table
from benchmarks.figures import Figure, timed
from benchmarks.predictive import Predictive
from model.archive import Archive
from model.risk.assessment import assess
from model.risk.table import RiskTable


def beside_pymc(bench: Bench) -> Iterator[Figure]:
    """Yield what a profile costs, beside `sample_posterior_predictive` on the same draws."""
    logging.getLogger("pymc").setLevel(logging.WARNING)
    window, names = bench.vocabulary.timeline.window, bench.profiles
    archive = Archive(bench.home)
    tree = az.from_netcdf(io.BytesIO(archive.read(bench.table.version, "posterior.nc")))
    peer = Predictive(tree, bench.vocabulary)
    cells = [bench.vocabulary.cell(profile) for profile in names]
    theirs = peer.risk(cells)
    ours = np.array([bench.table.risk(cell, window) for cell in cells]).T
    np.testing.assert_allclose(theirs, ours, rtol=1e-5)

    def every(table: RiskTable) -> None:
        for profile in names:
            assess(table, profile, window=window).as_dict()

    calls = bench.effort.calls
    single = [timed(lambda cell=cell: peer.risk([cell])) for cell in cells[: calls + 1]][1:]
    many = [timed(lambda: peer.risk(cells)) / len(cells) for _ in range(calls)]
    tables = [risk_table(bench.home) for _ in range(calls)]
    fresh = [timed(lambda table=table: every(table)) / len(cells) for table in tables]

    def draws() -> None:
        for profile in names:
            bench.table.posterior.risk(profile, window)

    alone = [timed(draws) / len(cells) for _ in range(calls)]
    every(bench.table)
    kept = [timed(lambda: every(bench.table)) / len(cells) for _ in range(calls)]
    yield from _beside_pymc(single=single, many=many, fresh=fresh, kept=kept, alone=alone)


def _beside_pymc(
    *, single: list[float], many: list[float], fresh: list[float], kept: list[float], alone: list[float]
) -> Iterator[Figure]:
    def ratio(theirs: list[float], ours: list[float]) -> tuple[float, ...]:
        return tuple(their / our for their, our in zip(theirs, ours, strict=True))

    note = "4,000 draws of all cells' log hazards given to PyMC; ours adds intervals, words and contributions"
    yield Figure(
        "a profile, as served: times faster than `sample_posterior_predictive`", "at least 1,000 times",
        ratio(single, kept), "x", 1000, at_most=False, note=f"{note}; one profile a call, all 576 known to the worker",
    )  # fmt: skip
    yield Figure("the same, draws of the risk alone, nothing remembered", "", ratio(single, alone), "x")
    yield Figure("the same, whole answer, by a worker that never met the profile", "", ratio(single, fresh), "x")
    yield Figure("the same, all 576 in one call of PyMC's, as served", "", ratio(many, kept), "x")
    yield Figure("the same, all 576 in one call of PyMC's, draws of the risk alone", "", ratio(many, alone), "x")
    yield Figure("the same, all 576 in one call of PyMC's, never met", "", ratio(many, fresh), "x")
    yield Figure("`sample_posterior_predictive` for a profile", "", tuple(1000 * each for each in single), "ms")
    yield Figure("the same of all 576, each", "", tuple(1000 * each for each in many), "ms")
    yield Figure("a profile never met", "", tuple(1000 * each for each in fresh), "ms")
    yield Figure("a profile known", "", tuple(1000 * each for each in kept), "ms")
