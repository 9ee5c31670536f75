"""`POST /v1/distributions`: the density of the risk of 1 to 20 profiles, prior and posterior, and hazards over time."""

from __future__ import annotations

from flask import Blueprint, Response

from service.asking import answered
from service.picture_questions import answer_distributions, read_distributions

blueprint = Blueprint("distributions", __name__)


@blueprint.post("/v1/distributions")
def draw_profiles() -> Response:
    """Say how the risk of each profile is distributed, before the evidence and after, and its hazard by period.

    The hazard is that of those who still serve. Where attributes are averaged over, it is the one that reproduces the
    averaged risk, and so falls as those leave who are most likely to.
    """
    return answered(read_distributions, answer_distributions)
