"""Fits made without sampling: draws of a prior stand for a posterior, and everything after them is the real thing."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from model.archive import Archive
from model.evidence.officers import read_officers
from model.evidence.reading import bundled_evidence
from model.evidence.rows import EvidenceRow
from model.fit.checks import convergence_checks
from model.fit.draws import Draws
from model.fit.examination import examine
from model.fit.hazard import Parameters, hazards
from model.fit.knowledge import Knowledge
from model.fit.ledger import prior_draws
from model.fit.namespaces import NUMPY
from model.fit.problem import Problem
from model.fit.fitting import Fit, pose
from model.fit.sampling import Sampling
from model.fit.tree import parameter_dataset
from model.publishing import publish
from model.report.build import build_report

CHAINS, DRAWS = 2, 300


@dataclass(frozen=True)
class Version:
    """A published fit, as a report is made from it."""

    archive: Archive
    name: str

    @property
    def manifest(self) -> dict[str, Any]:
        """Its manifest."""
        return self.archive.manifest(self.name)

    @property
    def tree(self) -> xr.DataTree:
        """Its ArviZ tree, read back from the file."""
        return xr.open_datatree(io.BytesIO(self.archive.read(self.name, "posterior.nc")), engine="h5netcdf")


Make = Callable[..., Version]


@pytest.fixture(scope="session")
def make(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Return a function that publishes a fit to given rows, whose posterior is drawn from the prior by a seed."""

    def make_version(*, seed: int, rows: tuple[EvidenceRow, ...] | None = None) -> Version:
        chosen = bundled_evidence(knowledge.vocabulary) if rows is None else rows
        problem = pose(knowledge, knowledge.prior_set("pooled"), chosen, read_officers([], knowledge.vocabulary))
        fitted = unsampled_fit(problem, seed=seed)
        archive = Archive(tmp_path_factory.mktemp("home"))
        examination = examine(fitted, knowledge, chosen, seed=seed)
        settings = Sampling(draws=DRAWS, chains=CHAINS, seed=seed)
        return Version(archive, publish(fitted, examination, knowledge, chosen, sampling=settings, archive=archive))

    return make_version


@pytest.fixture(scope="session")
def version(make: Make) -> Version:
    """Return a published fit to the bundled evidence."""
    return make(seed=1)


@pytest.fixture(scope="session")
def page(version: Version, knowledge: Knowledge) -> str:
    """Return the report of that fit."""
    return build_report(version.tree, version.manifest, knowledge)


@pytest.fixture(scope="session")
def other_page(make: Make, knowledge: Knowledge) -> str:
    """Return the report of another fit, to fewer rows."""
    rows = bundled_evidence(knowledge.vocabulary)
    other = make(seed=2, rows=tuple(row for row in rows if row.id != "E01"))
    return build_report(other.tree, other.manifest, knowledge)


@pytest.fixture
def written(page: str, tmp_path: Path) -> Path:
    """Return a file that holds the report."""
    path = tmp_path / "report.html"
    path.write_text(page, encoding="utf-8")
    return path


def unsampled_fit(problem: Problem, *, seed: int) -> Fit:
    """Return a fit whose posterior is a set of draws from the prior, split into chains."""
    drawn = prior_draws(problem.prior_set, problem.layout, draws=CHAINS * DRAWS, seed=seed)
    split = (array.reshape(CHAINS, DRAWS, *array.shape[2:]) for array in vars(drawn.parameters).values())
    parameters = Parameters(*split)
    random = np.random.default_rng(seed)
    shape = (CHAINS, DRAWS)
    sample_stats = xr.Dataset(
        {
            "diverging": (("chain", "draw"), np.zeros(shape, dtype=bool)),
            "maxdepth_reached": (("chain", "draw"), np.zeros(shape, dtype=bool)),
            "energy": (("chain", "draw"), random.normal(size=shape)),
        },
        coords={"chain": range(CHAINS), "draw": range(DRAWS)},
    )
    return Fit(
        problem=problem,
        posterior=Draws(parameters, hazards(parameters, problem.layout, NUMPY)),
        prior=prior_draws(problem.prior_set, problem.layout, draws=CHAINS * DRAWS, seed=seed + 100),
        sample_stats=sample_stats,
        checks=convergence_checks(parameter_dataset(parameters, problem), sample_stats),
    )
