"""The report of a version in the archive, made anew from its verified files."""

from __future__ import annotations

from model.archive import Archive
from model.fit.tree import TREE, read_tree
from model.report.build import build_report
from model.report.errors import BareVersionError
from model.stored import read_study
from priors.study import FILES

NEEDED = (
    "authors",
    "claims",
    "claims_by_level",
    "checks",
    "compilers_bounds",
    "conflicts",
    "evidence",
    "graph",
    "lists",
    "loo",
    "moves",
    "officers",
    "panel",
    "priors",
    "study",
)
"""Entries of a manifest that the report shows."""


def report_of(archive: Archive, version: str) -> str:
    """Return the report of a version, in the words of the study that it was fitted to.

    Parameters
    ----------
    version : str
        A published version.

    Raises
    ------
    ArchiveError
        If there is no such version, or any byte of it differs from what was published.
    BareVersionError
        If it was published without something the report needs.
    """
    manifest = archive.manifest(version)
    missing = [name for name in NEEDED if name not in manifest]
    missing += [name for name in (TREE, *FILES) if name not in manifest["files"]]
    if missing:
        raise BareVersionError(version, missing[0])
    with read_tree(archive, version) as tree:
        return build_report(tree, manifest, read_study(archive, version))
