"""`GET /report`: the ArviZ report of the version being served."""

from __future__ import annotations

from typing import Final

from flask import Response

from model.archive import ArchiveError
from service.api.resource import HTML, Resource, versions
from service.api.responses import cacheable
from service.errors import NothingThereError

REPORT: Final = "report.html"

resource = Resource("report")


@resource.document("/report", tag="What is known", gives=HTML, refuses=(404, 503))
def show_report() -> Response:
    """Return the report, from verified bytes."""
    served = versions().served()
    if REPORT not in served.manifest["files"]:
        raise NothingThereError("The version being served has no report; publish one that has: `defection-risk refit`.")
    try:
        content = versions().archive.read(served.table.version, REPORT)
    except ArchiveError as error:
        raise versions().unavailable("the report is no longer what was published") from error
    return cacheable(content, f"{HTML}; charset=utf-8")
