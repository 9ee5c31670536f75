"""The report of a fit: one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import xarray as xr

from model.fit.knowledge import Knowledge
from model.report.answer import answer
from model.report.calibration import calibration
from model.report.claims_ledger import claims_ledger
from model.report.convergence import convergence
from model.report.effects import effects
from model.report.evidence_rows import evidence_rows
from model.report.graph import graph
from model.report.material import Material
from model.report.page import render_page
from model.report.prior_posterior import prior_posterior
from model.report.provenance import provenance
from model.report.section import Section
from model.report.sensitivity import sensitivity

SECTIONS: tuple[Callable[[Material], Section], ...] = (
    answer,
    effects,
    prior_posterior,
    claims_ledger,
    evidence_rows,
    calibration,
    sensitivity,
    convergence,
    graph,
    provenance,
)
"""In a reader's order."""


def build_report(tree: xr.DataTree, manifest: Mapping[str, Any], knowledge: Knowledge) -> str:
    """Return the report of a fit as one HTML page that needs nothing else, neither network nor script.

    Parameters
    ----------
    tree : xarray.DataTree
        What `posterior.nc` holds.
    manifest : mapping
        The version's, or the one it is about to be published with.
    knowledge : Knowledge
        The words and the claims it was fitted with.

    Notes
    -----
    The same fit gives the same bytes.
    """
    material = Material(tree, manifest, knowledge)
    failed = [check for check in manifest["checks"] if check["gates"] and not check["passed"]]
    warned = [check for check in manifest["checks"] if not check["gates"] and not check["passed"]]
    return render_page(
        manifest=manifest,
        study=knowledge.vocabulary.study.window,
        sections=[section(material) for section in SECTIONS],
        failed=failed,
        warned=warned,
    )
