"""`POST /v1/counterfactuals`: 1 to 100 profiles, each against all that differ from it in one attribute."""

from __future__ import annotations

from flask import Blueprint, Response, request

from service.bodies import read_json
from service.observation import note_answer, note_question
from service.outlook_questions import answer_counterfactuals, read_counterfactuals
from service.resources import prior_sets, words
from service.responses import json_response

blueprint = Blueprint("counterfactuals", __name__)


@blueprint.post("/v1/counterfactuals")
def vary_profiles() -> Response:
    """Compare each profile with all that differ from it in one attribute, in the same draws.

    It tells two groups of men apart; it does not say what would become of a man who changed.
    """
    body = read_json(request)
    note_question(body)
    question = read_counterfactuals(body, words())
    served = prior_sets().served(question.terms.priors)
    content = answer_counterfactuals(question, served)
    note_answer(version=served.table.version, count=len(content["counterfactuals"]))
    return json_response(content)
