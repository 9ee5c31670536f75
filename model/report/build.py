"""The report of a fit: one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import xarray as xr

from model.report.answer import answer
from model.report.authors import authors
from model.report.backtest import backtest
from model.report.bounds import bounds
from model.report.calibration import calibration
from model.report.claims_ledger import claims_ledger
from model.report.conflict import conflict
from model.report.convergence import convergence
from model.report.effects import effects
from model.report.evidence_rows import evidence_rows
from model.report.graph import graph
from model.report.material import Material
from model.report.moves import moves
from model.report.page import render_page
from model.report.prior_posterior import prior_posterior
from model.report.provenance import provenance
from model.report.section import Section
from model.report.selection import selection
from model.report.the_study import articles, the_study
from model.report.trust import trust
from model.report.who_serves import who_serves
from priors.study import Study

SECTIONS: tuple[Callable[[Material], Section | None], ...] = (
    answer,
    articles,
    effects,
    prior_posterior,
    authors,
    conflict,
    the_study,
    who_serves,
    moves,
    claims_ledger,
    evidence_rows,
    selection,
    bounds,
    calibration,
    backtest,
    convergence,
    graph,
    provenance,
)
"""In a reader's order; one of which a study knows nothing is left out."""


def build_report(tree: xr.DataTree, manifest: Mapping[str, Any], study: Study) -> str:
    """Return the report of a fit as one HTML page that needs nothing else, neither network nor script.

    Parameters
    ----------
    tree : xarray.DataTree
        What `posterior.nc` holds.
    manifest : mapping
        The version's, or the one it is about to be published with.
    study : Study
        The one that was fitted.

    Notes
    -----
    The same fit gives the same bytes.
    """
    material = Material(tree, manifest, study)
    sections = [found for section in SECTIONS if (found := section(material)) is not None]
    return render_page(
        "report.html",
        manifest=manifest,
        study=study,
        sections=[*sections, Section("glossary", "Words used here")],
        trust=trust(material),
    )
