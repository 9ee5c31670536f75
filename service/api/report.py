"""`GET /report` and `/report/VERSION`: the ArviZ report of a version."""

from __future__ import annotations

from typing import Final

from flask import Response

from model.archive import ArchiveError
from service.api.resource import HTML, Resource, asked_by_query, versions
from service.api.responses import cacheable
from service.api.schemas import VersionQuestionSchema
from service.errors import NothingThereError
from service.served import Served

REPORT: Final = "report.html"

resource = Resource("report")


@resource.document("/report", tag="What is known", gives=HTML, asks=VersionQuestionSchema, refuses=(503,))
def show_report() -> Response:
    """Return the report of a version, from verified bytes; `/report/VERSION` is the same."""
    _, served = asked_by_query()
    return _report(served)


@resource.get("/report/<name>")
def show_report_of(name: str) -> Response:
    """Return the report of the version that goes by a name."""
    return _report(versions().served(name))


def _report(served: Served) -> Response:
    if REPORT not in served.manifest["files"]:
        raise NothingThereError("The version that answers has no report; publish one that has: `defection-risk refit`.")
    try:
        content = versions().archive.read(served.table.version, REPORT)
    except ArchiveError as error:
        raise versions().unavailable("the report is no longer what was published") from error
    return cacheable(content, f"{HTML}; charset=utf-8")
