"""`GET /openapi.json` and `/docs`: the contract for machines and for people, both made from the routes and schemas."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import partial
from typing import Any, Final

from flask import Response, current_app, render_template, request
from markupsafe import Markup

from service.api.described import routes
from service.api.faults import understood
from service.api.resource import HTML, JSON, Question, Resource, versions
from service.api.responses import cacheable, encoded
from service.api.specification import operations, specification
from service.errors import MissingDrawsError
from service.security.browsers import NOTHING
from service.served import Served

resource = Resource("documentation")

NUMBERS: Final = re.compile(r"\[\n\s*([^\[\]{}\"]+?)\s*\]")
"""An array that holds neither strings nor arrays nor objects."""


@resource.document("/openapi.json", tag="Documentation", gives=JSON, refuses=(503,))
def show_specification() -> Response:
    """Return the specification in OpenAPI 3.1, in the words of the study that is served."""
    return cacheable(encoded(_specification(versions().served())), JSON)


@resource.document("/docs", tag="Documentation", gives=HTML, refuses=(503,))
def show_documentation() -> Response:
    """Describe every route, with commands that can be pasted and the answers of the version being served."""
    # One style and one script, named by their digests: no other is run.
    served, style, script = versions().served(), render_template("docs.css"), render_template("docs.js")
    described, keys = _specification(served), current_app.extensions["keys_asked"]
    page = render_template(
        "docs.html",
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        specification=described,
        routes=routes(described, base=_base(), keys=keys),
        live={} if keys else _live(served),  # what keys guard is not shown here to whoever asks without one
        study=served.study,
        keys=keys,
    )
    response = cacheable(page.encode(), f"{HTML}; charset=utf-8")
    allowed = f"style-src {_digest(style)}; script-src {_digest(script)}; connect-src 'self'"
    response.headers["Content-Security-Policy"] = f"{NOTHING}; {allowed}"
    response.vary.add("Host")
    return response


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _specification(served: Served) -> dict[str, Any]:
    return served.once("specification", partial(specification, current_app, served.study))


def _base() -> str:
    """Return the address by which the caller knows the service; Werkzeug has none for a Host that is malformed."""
    return f"{request.scheme}://{request.host or '127.0.0.1:8000'}"


def _live(served: Served) -> dict[str, dict[str, Any] | None]:
    """Return what a version answers to the examples, or None where it was published without what that takes."""
    asked = {path: each.question for path, _, each in operations(current_app) if each.question is not None}
    # Some take a second.
    return {path: served.once(("shown", path), partial(_shown, each, served)) for path, each in asked.items()}


def _shown(question: Question, served: Served) -> dict[str, Any] | None:
    try:
        example = question.example(served.study)
        content = question.answer(understood(question.takes, example, served), served)
    except MissingDrawsError:
        return None
    elements = content.get("assessments") or content.get("comparisons") or [content]
    return {
        "version": content["model"]["version"],
        "words": [element["in_words"] for element in elements if "in_words" in element],
        "text": _laid_out(content),
    }


def _laid_out(content: Any) -> str:
    """Return an answer as text to read: one member a line, but numbers side by side."""
    text = json.dumps(content, indent=2, ensure_ascii=False)
    return NUMBERS.sub(lambda found: f"[{' '.join(found[1].split())}]", text)
