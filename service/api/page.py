"""`GET /` and `/static/...`: the page for people who would rather look than read, and the files that it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from flask import Response, render_template
from werkzeug.security import safe_join

from service.api.resource import HTML, Resource
from service.api.responses import cacheable
from service.errors import NothingThereError
from service.security.browsers import NOTHING

FOLDER: Final = Path(__file__).parents[1] / "static"

PLOT_STYLE: Final = "sha256-+TfQir1nvDucAdvE6XUQBt4ayUjpAWkbw2kCdSfekHM="
"""Of the one style that Plot puts into each drawing of class `plot`; a test in a browser says when it is another."""

POLICY: Final = (
    f"{NOTHING}; script-src 'self'; style-src 'self' '{PLOT_STYLE}'; connect-src 'self'; img-src 'self' data: blob:"
)

MEDIA_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
"""By suffix, not by the registry of the machine, which on some makes a script plain text."""

FOR_GOOD: Final = "public, max-age=31536000, immutable"
"""For libraries, whose names hold their version."""

resource = Resource("page")


@resource.document("/", tag="Documentation", gives=HTML)
def show_page() -> Response:
    """Show the page: risks, comparisons, the map of all cells and outlooks, to be looked at."""
    response = cacheable(render_template("page.html").encode(), f"{HTML}; charset=utf-8")
    response.headers["Content-Security-Policy"] = POLICY
    return response


@resource.get("/static/<path:name>")
def send_file(name: str) -> Response:
    """Send a file that the page is made of."""
    file = Path(safe_join(str(FOLDER), name) or FOLDER)
    try:
        media_type, content = MEDIA_TYPES[file.suffix], file.read_bytes()
    except (KeyError, OSError, ValueError) as error:  # the last two also of names that no system takes
        raise NothingThereError("The page has no file of this name; GET / shows the page.") from error
    response = cacheable(content, media_type)
    if name.startswith("vendor/"):
        response.headers["Cache-Control"] = FOR_GOOD
    return response
