"""`GET /report`: the ArviZ report of the version being served."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response

from model.archive import ArchiveError
from service.errors import NothingThereError
from service.resources import registry
from service.responses import cacheable

REPORT: Final = "report.html"

blueprint = Blueprint("report", __name__)


@blueprint.get("/report")
def show_report() -> Response:
    """Return the report, from verified bytes."""
    served = registry().current()
    if REPORT not in served.manifest["files"]:
        raise NothingThereError("The version being served has no report; publish one that has: `defection-risk refit`.")
    try:
        content = registry().archive.read(served.table.version, REPORT)
    except ArchiveError as error:
        raise registry().unavailable("the report is no longer what was published") from error
    return cacheable(content, "text/html; charset=utf-8")
