"""`GET /v1/cells`: every cell's share of the corps and risk in a window, to be drawn as a map."""

from __future__ import annotations

from flask import Blueprint, Response, request

from service.picture_questions import answer_cells, read_cells
from service.resources import prior_sets, words
from service.responses import cacheable, encoded

blueprint = Blueprint("cells", __name__)


@blueprint.get("/v1/cells")
def show_cells() -> Response:
    """List the share of the corps and the risk of every combination of levels, each as an assessment gives it."""
    terms = read_cells(request.args, words())
    content = answer_cells(terms, prior_sets().served(terms.priors))
    return cacheable(encoded(content), "application/json")
