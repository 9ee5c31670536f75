"""A fit that was examined, written to the archive as a version."""

from __future__ import annotations

import io
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from model.archive import Archive
from model.evidence.known import AsOf
from model.evidence.rows import EvidenceRow, evidence_digest
from model.fit.draws import risk_draws
from model.fit.examination import Examination
from model.fit.fitting import Fit
from model.fit.graph import model_graph
from model.fit.ledger import claims_by_level
from model.fit.tree import TREE, package_versions
from model.refitting.terms import term_draws
from model.report.build import build_report
from model.report.model_card import model_card
from model.risk.assessment import assess, side_by_side
from model.risk.table import RiskTable, beside_prefix, named_prefix
from model.stored import TABLE, TERMS
from model.what_if.terms import ARRAYS
from priors.elicitation import elicit_prior_set, elicited, elicited_moves
from priors.study import Study

OTHERS_DRAWS = 1_000
"""Draws of each prior set, and of each fit under another, that a version carries: 5 MB each in a worker."""


def publish(
    fitted: Fit,
    examination: Examination,
    study: Study,
    rows: tuple[EvidenceRow, ...],
    *,
    archive: Archive,
    beside: Mapping[str, Fit] | None = None,
    promote: bool = True,
    options: Sequence[str] = (),
    as_of: AsOf | None = None,
) -> str:
    """Write a fit to the archive as a version, and make it current if every check that gates holds.

    Parameters
    ----------
    beside : mapping of str to Fit, optional
        Fits of the same evidence under other prior sets, by their names.
    promote : bool
        Whether it may become current.
    options : sequence of str
        Of the `refit` that made it, but for the prior set: what a command must repeat to fit the like.
    as_of : AsOf, optional
        The day on which the rows were known, where others were left out.

    Returns
    -------
    str
        The name of the version.
    """
    others = beside or {}
    table = risk_table_bytes(fitted, examination.named_priors, others)
    manifest = _manifest(fitted, examination, study, rows) | {"fitted_beside": list(others), "refit": list(options)}
    manifest["as_of"] = as_of and as_of.as_dict(study, manifest["prior_set"])
    manifest["panel"] = _panel(RiskTable.from_bytes(table, manifest | {"version": "draft"}, study))
    with archive.draft() as draft:
        # Neither is compressed: draws hardly shrink, by a tenth, and that takes three seconds of a refit.
        write_tree(examination.tree, draft.path / TREE)
        (draft.path / TABLE).write_bytes(table)
        (draft.path / TERMS).write_bytes(terms_bytes(fitted, others, rows, study))
        for name, content in study.files.items():
            (draft.path / name).write_bytes(content)
        report = build_report(examination.tree, manifest | draft.named, study)
        (draft.path / "report.html").write_text(report, encoding="utf-8")
        card = model_card(manifest | draft.named, study)
        (draft.path / "model_card.md").write_text(card, encoding="utf-8")
        version = draft.publish(manifest)
    if promote and examination.passed:
        archive.promote(version)
    return version


def risk_table_bytes(fitted: Fit, named_priors: Mapping[str, xr.Dataset], beside: Mapping[str, Fit]) -> bytes:
    """Return the arrays that the service reads, as an `.npz`.

    Parameters
    ----------
    fitted : Fit
    named_priors : mapping of str to xarray.Dataset
        For each prior set with all its claims draws from it, whichever the fit is of.
    beside : mapping of str to Fit
        Fits of the same evidence under other prior sets.
    """
    sources = {"": fitted.posterior, "prior_": fitted.prior}
    sources |= {named_prefix(name): thinned(draws) for name, draws in named_priors.items()}
    sources |= {beside_prefix(name): thinned(other.posterior) for name, other in beside.items()}
    arrays: dict[str, Any] = {}
    for prefix, draws in sources.items():
        found = risk_draws(draws, fitted.problem)
        arrays |= {f"{prefix}{name}": getattr(found, name) for name in ("log_relative_hazard", "baseline", "heads")}
        arrays |= {f"{prefix}over_time/{name}": values for name, values in found.over_time.items()}
    return _packed(arrays)


def terms_bytes(fitted: Fit, beside: Mapping[str, Fit], rows: tuple[EvidenceRow, ...], study: Study) -> bytes:
    """Return the arrays that what-if questions are answered from, as an `.npz`."""
    sources = {"": (fitted, fitted.posterior)}
    sources |= {beside_prefix(name): (other, thinned(other.posterior)) for name, other in beside.items()}
    arrays: dict[str, Any] = {}
    for prefix, (fit, draws) in sources.items():
        found = term_draws(draws, fit.problem, rows, study)
        arrays |= {f"{prefix}{name}": getattr(found, name) for name in ARRAYS}
    return _packed(arrays)


def _packed(arrays: Mapping[str, Any]) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def thinned(draws: xr.Dataset) -> xr.Dataset:
    """Return so many draws as a version carries of what is beside its own fit, evenly from every chain."""
    step = max(1, draws.sizes["chain"] * draws.sizes["draw"] // OTHERS_DRAWS)
    return draws.isel(draw=slice(None, None, step))


def write_tree(tree: xr.DataTree, path: Path) -> None:
    """Write an ArviZ tree as netCDF; not by HDF5 itself, which ends the process when the disk is full."""
    path.write_bytes(tree.to_netcdf(engine="h5netcdf"))


def _panel(table: RiskTable) -> list[dict[str, Any]]:
    """Return the profiles that the study names, so that fits can be compared on the same men, with their risks."""
    window = table.vocabulary.timeline.window
    found = side_by_side([assess(table, profile, window=window) for profile in table.study.profiles.values()])
    return [{"name": name} | entry for name, entry in zip(table.study.profiles, found, strict=True)]


def _manifest(fitted: Fit, examination: Examination, study: Study, rows: tuple[EvidenceRow, ...]) -> dict[str, Any]:
    prior_set, officers = fitted.problem.prior_set, fitted.problem.design.officers
    return {
        "study": study.summary,
        "prior_set": prior_set.name,
        "without": list(prior_set.without),
        "weights": dict(prior_set.weights),
        "elicited": {each.name: elicited(each, study.claims.claims).as_dict() for each in study.claims.quantities},
        "priors": [prior.as_dict() for prior in prior_set.priors],
        "prior_sets": {
            name: [prior.as_dict() for prior in elicit_prior_set(study, name).priors]
            for name in study.claims.prior_sets
        },
        "moves": elicited_moves(study),
        "named_priors": list(study.claims.prior_sets),
        "claims_by_level": claims_by_level(prior_set, study.vocabulary),
        "graph": model_graph(fitted.problem),
        "claims": examination.claims,
        "evidence": {"digest": evidence_digest(rows), "rows": examination.rows},
        "lists": examination.lists,
        "conflicts": examination.conflicts,
        "authors": examination.authors,
        "compilers_bounds": examination.compilers_bounds,
        "officers": {"digest": officers.digest, "count": officers.count},
        "loo": examination.loo,
        "sampling": asdict(fitted.sampling),
        "packages": {"python": platform.python_version()} | package_versions(),
        "checks": [check.as_dict() for check in examination.checks],
        "passed": examination.passed,
    }
