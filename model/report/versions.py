"""The report of a version in the archive, made anew from its verified files."""

from __future__ import annotations

import io

import xarray as xr

from model.archive import Archive
from model.fit.knowledge import Knowledge
from model.report.build import build_report
from model.report.errors import BareVersionError

TREE = "posterior.nc"
NEEDED = (
    "claims",
    "claims_by_level",
    "checks",
    "evidence",
    "graph",
    "loo",
    "officers",
    "panel",
    "priors",
    "sensitivity",
)
"""Entries of a manifest that the report shows."""


def report_of(archive: Archive, version: str, knowledge: Knowledge) -> str:
    """Return the report of a version.

    Parameters
    ----------
    version : str
        A published version.
    knowledge : Knowledge
        The words and the claims it was fitted with.

    Raises
    ------
    ArchiveError
        If there is no such version, or any byte of it differs from what was published.
    BareVersionError
        If it was published without something the report needs.
    """
    manifest = archive.manifest(version)
    missing = [name for name in NEEDED if name not in manifest]
    if missing or TREE not in manifest["files"]:
        raise BareVersionError(version, (missing or [TREE])[0])
    tree = xr.open_datatree(io.BytesIO(archive.read(version, TREE)), engine="h5netcdf")
    try:
        return build_report(tree, manifest, knowledge)
    finally:
        tree.close()
