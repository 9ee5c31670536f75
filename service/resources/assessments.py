"""`POST /v1/assessments`: the risk of 1 to 10,000 profiles."""

from __future__ import annotations

from flask import Blueprint, Response

from service.asking import answered
from service.questions import answer, read_question

blueprint = Blueprint("assessments", __name__)


@blueprint.post("/v1/assessments")
def assess_officers() -> Response:
    """Answer a question about officers from one version, the same from the first of them to the last."""
    return answered(read_question, answer)
