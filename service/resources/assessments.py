"""`POST /v1/assessments`: the risk of 1 to 10,000 profiles."""

from __future__ import annotations

from flask import Blueprint, Response, request

from service.bodies import read_json
from service.observation import note_answer, note_question
from service.questions import answer, read_question
from service.resources import prior_sets, words
from service.responses import json_response

blueprint = Blueprint("assessments", __name__)


@blueprint.post("/v1/assessments")
def assess_officers() -> Response:
    """Answer a question about officers from one version, the same from the first of them to the last."""
    body = read_json(request)
    note_question(body)
    question = read_question(body, words())
    served = prior_sets().served(question.terms.priors)
    content = answer(question, served)
    risks = [each["risk"]["median"] for each in content["assessments"]]
    note_answer(version=served.table.version, count=len(risks), risks=risks)
    return json_response(content)
