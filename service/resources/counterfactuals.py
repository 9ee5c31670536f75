"""`POST /v1/counterfactuals`: 1 to 100 profiles, each against all that differ from it in one attribute."""

from __future__ import annotations

from flask import Blueprint, Response

from service.asking import answered
from service.outlook_questions import answer_counterfactuals, read_counterfactuals

blueprint = Blueprint("counterfactuals", __name__)


@blueprint.post("/v1/counterfactuals")
def vary_profiles() -> Response:
    """Compare each profile with all that differ from it in one attribute, in the same draws.

    It tells two groups of men apart; it does not say what would become of a man who changed.
    """
    return answered(read_counterfactuals, answer_counterfactuals)
