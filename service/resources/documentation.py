"""`GET /openapi.json` and `/docs`: the contract for machines and for people, both made from the routes and schemas."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from flask import Blueprint, Response, current_app, render_template, request
from markupsafe import Markup
from marshmallow import Schema

from service import examples
from service.browsers import NOTHING
from service.documentation import routes
from service.errors import MissingDrawsError, NoModelError
from service.outlook_questions import answer_counterfactuals, answer_outlook, read_counterfactuals, read_outlook
from service.outlook_schemas import CounterfactualQuestionSchema, OutlookQuestionSchema
from service.picture_questions import answer_distributions, read_distributions
from service.questions import answer, answer_comparison, read_comparison, read_question
from service.registry import Served
from service.resources import registry, words
from service.responses import cacheable, encoded
from service.schemas import AssessmentQuestionSchema, ComparisonQuestionSchema, DistributionQuestionSchema
from service.specification import specification
from service.surprise_questions import answer_surprises, read_surprises
from service.surprise_schemas import SurpriseQuestionSchema

blueprint = Blueprint("documentation", __name__)

LIVE: Final[Mapping[str, tuple[type[Schema], Callable[..., Any], Callable[..., dict[str, Any]]]]] = {
    "/v1/assessments": (AssessmentQuestionSchema, read_question, answer),
    "/v1/comparisons": (ComparisonQuestionSchema, read_comparison, answer_comparison),
    "/v1/counterfactuals": (CounterfactualQuestionSchema, read_counterfactuals, answer_counterfactuals),
    "/v1/distributions": (DistributionQuestionSchema, read_distributions, answer_distributions),
    "/v1/outlooks": (OutlookQuestionSchema, read_outlook, answer_outlook),
    "/v1/surprises": (SurpriseQuestionSchema, read_surprises, answer_surprises),
}
"""The questions whose examples are asked of the version being served: their schema, how they are read and answered."""

NUMBERS: Final = re.compile(r"\[\n\s*([^\[\]{}\"]+?)\s*\]")
"""An array that holds neither strings nor arrays nor objects."""


@blueprint.get("/openapi.json")
def show_specification() -> Response:
    """Return the specification in OpenAPI 3.1."""
    return cacheable(encoded(_specification()), "application/json")


@blueprint.get("/docs")
def show_documentation() -> Response:
    """Describe every route, with commands that can be pasted and the answers of the version being served."""
    # Plain HTML and one style named by its digest: a page that needs no script can be forbidden any.
    style = render_template("docs.css")
    keys = current_app.extensions["keys_asked"]
    page = render_template(
        "docs.html",
        style=Markup(style),  # noqa: S704 - our own file
        specification=_specification(),
        routes=routes(_specification(), base=_base(), keys=keys),
        live={} if keys else _live(),  # what keys guard is not shown here to whoever asks without one
        vocabulary=words(),
        keys=keys,
    )
    response = cacheable(page.encode(), "text/html; charset=utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    response.headers["Content-Security-Policy"] = f"{NOTHING}; style-src 'sha256-{digest}'"
    response.vary.add("Host")
    return response


def _specification() -> dict[str, Any]:
    # Once for an application: its routes are all there before it is first asked.
    known = current_app.extensions.get("specification")
    if known is None:
        known = current_app.extensions["specification"] = specification(current_app, words())
    found: dict[str, Any] = known
    return found


def _base() -> str:
    """Return the address by which the caller knows the service; Werkzeug has none for a Host that is malformed."""
    return f"{request.scheme}://{request.host or '127.0.0.1:8000'}"


def _live() -> dict[str, dict[str, Any] | None]:
    """Return what the version being served answers to the examples, or None for each while there is none."""
    try:
        served = registry().current()
    except NoModelError:
        return dict.fromkeys(LIVE)
    return {path: served.table.cache.get(("documentation", path), partial(_asked, path, served)) for path in LIVE}


def _asked(path: str, served: Served) -> dict[str, Any] | None:
    question, read, answered = LIVE[path]
    try:
        content = answered(read(examples.body(question, words()), words()), served)
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
