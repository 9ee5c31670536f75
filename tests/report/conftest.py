"""Versions published from fits that were not sampled, and the reports of them."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import xarray as xr

from model.archive import Archive
from model.evidence.officers import read_officers
from model.evidence.reading import bundled_evidence
from model.evidence.rows import EvidenceRow
from model.fit.examination import examine
from model.fit.problem import pose
from model.fit.sampling import Sampling
from model.refitting.publishing import publish
from model.report.build import build_report
from priors.elicitation import elicit_prior_set
from priors.study import Study
from tests.support.fits import unsampled_fit
from tests.support.made_up import GARRISON, made_up

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
Brief = Callable[..., None]


@pytest.fixture(scope="session")
def make(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Return a function that publishes a fit to given rows, whose posterior is drawn from the prior by a seed."""

    def make_version(*, seed: int, rows: tuple[EvidenceRow, ...] | None = None, of: Study = study) -> Version:
        chosen = bundled_evidence(of) if rows is None else rows
        prior_set = elicit_prior_set(of, of.claims.all_together)
        problem = pose(of, prior_set, chosen, read_officers([], of.vocabulary))
        fitted = unsampled_fit(problem, Sampling(draws=DRAWS, most_draws=DRAWS, chains=CHAINS, seed=seed))
        archive = Archive(tmp_path_factory.mktemp("home"))
        examination = examine(fitted, of, chosen)
        options = () if rows is None else ("--evidence", "EVIDENCE.csv" if rows else "none")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("model.report.build.SECTIONS", ())  # what is published with it is not looked at
            return Version(archive, publish(fitted, examination, of, chosen, archive=archive, options=options))

    return make_version


@pytest.fixture(scope="session")
def version(make: Make) -> Version:
    """Return a published fit to the bundled evidence."""
    return make(seed=1)


@pytest.fixture(scope="session")
def garrison(make: Make) -> Version:
    """Return a published fit of a small made-up study to its own evidence."""
    return make(seed=1, of=made_up(GARRISON))


@pytest.fixture(scope="session")
def page(version: Version, study: Study) -> str:
    """Return the report of that fit."""
    return build_report(version.tree, version.manifest, study)


@pytest.fixture(scope="session")
def other_page(make: Make, study: Study) -> str:
    """Return the report of another fit, to fewer rows, of numbers of men and of shares."""
    rows = bundled_evidence(study)
    other = make(seed=2, rows=tuple(row for row in rows if row.id not in {"E01", "E05"}))
    return build_report(other.tree, other.manifest, study)


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> Brief:
    """Return a function that has reports hold some of their sections only, which spares them their drawings."""
    return lambda *sections: monkeypatch.setattr("model.report.build.SECTIONS", sections)


@pytest.fixture
def written(page: str, tmp_path: Path) -> Path:
    """Return a file that holds the report."""
    path = tmp_path / "report.html"
    path.write_text(page, encoding="utf-8")
    return path
