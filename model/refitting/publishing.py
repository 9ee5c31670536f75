"""A fit that was examined, written to the archive as a version."""

from __future__ import annotations

import io
import platform
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from model.archive import Archive
from model.evidence.rows import EvidenceRow, evidence_digest
from model.fit.draws import risk_draws
from model.fit.examination import Examination
from model.fit.fitting import Fit
from model.fit.graph import model_graph
from model.fit.ledger import claims_by_level
from model.fit.tree import package_versions
from model.report.build import build_report
from model.report.model_card import model_card
from model.risk.assessment import assess
from model.risk.table import RiskTable, named_prefix
from model.stored import TABLE
from priors.elicitation import elicit_prior_set
from priors.study import Study

NAMED_DRAWS = 2_000
"""Draws of each prior set that a version carries: 5 MB each in a worker, and errors of a few in a hundred."""


def publish(
    fitted: Fit,
    examination: Examination,
    study: Study,
    rows: tuple[EvidenceRow, ...],
    *,
    archive: Archive,
) -> str:
    """Write a fit to the archive as a version, and make it current if every check that gates holds.

    Returns
    -------
    str
        The name of the version.
    """
    table = risk_table_bytes(fitted, examination.named_priors)
    manifest = _manifest(fitted, examination, study, rows)
    manifest["panel"] = _panel(RiskTable.from_bytes(table, manifest | {"version": "draft"}, study))
    with archive.draft() as draft:
        # Neither is compressed: draws hardly shrink, by a tenth, and that takes three seconds of a refit.
        write_tree(examination.tree, draft.path / "posterior.nc")
        (draft.path / TABLE).write_bytes(table)
        for name, content in study.files.items():
            (draft.path / name).write_bytes(content)
        report = build_report(examination.tree, manifest, study)
        (draft.path / "report.html").write_text(report, encoding="utf-8")
        card = model_card(manifest, study)
        (draft.path / "model_card.md").write_text(card, encoding="utf-8")
        version = draft.publish(manifest)
    if examination.passed:
        archive.promote(version)
    return version


def risk_table_bytes(fitted: Fit, named_priors: Mapping[str, xr.Dataset]) -> bytes:
    """Return the arrays that the service reads, as an `.npz`.

    Parameters
    ----------
    fitted : Fit
    named_priors : mapping of str to xarray.Dataset
        For each prior set with all its claims draws from it, whichever the fit is of.
    """
    sources = {"": fitted.posterior, "prior_": fitted.prior}
    sources |= {named_prefix(name): draws.isel(draw=slice(NAMED_DRAWS)) for name, draws in named_priors.items()}
    arrays: dict[str, Any] = {"within_community": fitted.problem.corps.within_community}
    for prefix, draws in sources.items():
        found = risk_draws(draws, fitted.problem)
        names = ("log_relative_hazard", "baseline", "community_shares")
        arrays |= {f"{prefix}{name}": getattr(found, name) for name in names}
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def write_tree(tree: xr.DataTree, path: Path) -> None:
    """Write an ArviZ tree as netCDF; not by HDF5 itself, which ends the process when the disk is full."""
    path.write_bytes(tree.to_netcdf(engine="h5netcdf"))


def _panel(table: RiskTable) -> list[dict[str, Any]]:
    """Return the profiles that the study names, so that fits can be compared on the same men, with their risks."""
    window = table.vocabulary.timeline.window
    return [
        {"name": name} | assess(table, profile, window=window).as_dict()
        for name, profile in table.study.profiles.items()
    ]


def _manifest(fitted: Fit, examination: Examination, study: Study, rows: tuple[EvidenceRow, ...]) -> dict[str, Any]:
    prior_set, officers = fitted.problem.prior_set, fitted.problem.design.officers
    return {
        "study": study.summary,
        "prior_set": prior_set.name,
        "without": list(prior_set.without),
        "priors": [prior.as_dict() for prior in prior_set.priors],
        "prior_sets": {
            name: [prior.as_dict() for prior in elicit_prior_set(study, name).priors]
            for name in study.claims.prior_sets
        },
        "named_priors": list(study.claims.prior_sets),
        "claims_by_level": claims_by_level(prior_set, study.vocabulary),
        "graph": model_graph(fitted.problem),
        "claims": examination.claims,
        "evidence": {"digest": evidence_digest(rows), "rows": examination.rows},
        "officers": {"digest": officers.digest, "count": officers.count},
        "sensitivity": examination.sensitivity,
        "loo": examination.loo,
        "sampling": asdict(fitted.sampling),
        "packages": {"python": platform.python_version()} | package_versions(),
        "checks": [check.as_dict() for check in examination.checks],
        "passed": examination.passed,
    }
