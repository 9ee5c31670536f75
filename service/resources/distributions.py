"""`POST /v1/distributions`: the density of the risk of 1 to 20 profiles, prior and posterior, and hazards over time."""

from __future__ import annotations

from flask import Blueprint, Response, request

from service.bodies import read_json
from service.observation import note_answer, note_question
from service.picture_questions import answer_distributions, read_distributions
from service.resources import prior_sets, words
from service.responses import json_response

blueprint = Blueprint("distributions", __name__)


@blueprint.post("/v1/distributions")
def draw_profiles() -> Response:
    """Say how the risk of each profile is distributed, before the evidence and after, and its hazard by period.

    The hazard is that of those who still serve. Where attributes are averaged over, it is the one that reproduces the
    averaged risk, and so falls as those leave who are most likely to.
    """
    body = read_json(request)
    note_question(body)
    question = read_distributions(body, words())
    served = prior_sets().served(question.terms.priors)
    content = answer_distributions(question, served)
    note_answer(version=served.table.version, count=len(content["distributions"]))
    return json_response(content)
