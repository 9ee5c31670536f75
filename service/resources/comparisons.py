"""`POST /v1/comparisons`: which of two profiles is the riskier, for 1 to 1,000 pairs."""

from __future__ import annotations

from flask import Blueprint, Response, request

from service.bodies import read_json
from service.observation import note_answer, note_question
from service.questions import answer_comparison, read_comparison
from service.resources import prior_sets, words
from service.responses import json_response

blueprint = Blueprint("comparisons", __name__)


@blueprint.post("/v1/comparisons")
def compare_profiles() -> Response:
    """Answer a question about pairs of profiles from one version, each pair in the same draws."""
    body = read_json(request)
    note_question(body)
    question = read_comparison(body, words())
    served = prior_sets().served(question.terms.priors)
    content = answer_comparison(question, served)
    note_answer(version=served.table.version, count=len(content["comparisons"]))
    return json_response(content)
