"""`POST /v1/assessments`: the risk of 1 to 10,000 profiles."""

from __future__ import annotations

from flask import Blueprint, Response, request

from service.bodies import read_json
from service.questions import answer, read_question
from service.resources import registry, words
from service.responses import json_response

blueprint = Blueprint("assessments", __name__)


@blueprint.post("/v1/assessments")
def assess_officers() -> Response:
    """Answer a question about officers from one version, the same from the first of them to the last."""
    question = read_question(read_json(request), words())
    return json_response(answer(question, registry().current()))
