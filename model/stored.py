"""What a version holds for whoever asks it: the study that it was fitted to, its risk table and its terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from model.archive import Archive
from model.risk.table import RiskTable
from model.what_if.terms import Terms
from priors.backtest import BACKTEST
from priors.study import FILES, Study, study_of

TABLE: Final = "risk_table.npz"
TERMS: Final = "terms.npz"
READ: Final = (TABLE, *FILES)
"""The files that questions are answered from."""


def read_study(archive: Archive, version: str) -> Study:
    """Return the study that a version was fitted to, whatever its folder holds today.

    Raises
    ------
    ArchiveError
        If there is no such version, or a file of it is not what was published.
    """
    manifest = archive.manifest(version)
    kept = {BACKTEST} & manifest["files"].keys()
    return study_of(_study_name(manifest), archive.read_all(version, (*FILES, *kept)))


def read_table(archive: Archive, version: str) -> RiskTable:
    """Return the risk table of a version.

    Raises
    ------
    ArchiveError
        If there is no such version, or a file of it is not what was published.
    RiskTableError
        If its arrays are no risk table.
    """
    manifest, files = archive.manifest(version), archive.read_all(version, READ)
    study = study_of(_study_name(manifest), {file: files[file] for file in FILES})
    return RiskTable.from_bytes(files[TABLE], manifest, study)


def read_terms(archive: Archive, version: str, study: Study) -> Terms | None:
    """Return the terms of a version, for what-if questions; None where it keeps none.

    Parameters
    ----------
    study : Study
        That the version was fitted to.

    Raises
    ------
    ArchiveError
        If there is no such version, or a file of it is not what was published.
    RiskTableError
        If its arrays are no terms.
    """
    manifest = archive.manifest(version)
    if TERMS not in manifest["files"]:
        return None
    return Terms.from_bytes(archive.read(version, TERMS), manifest, study)


def _study_name(manifest: Mapping[str, Any]) -> str:
    return str(manifest["study"]["name"])
