"""`POST /v1/comparisons`: which of two profiles is the riskier, for 1 to 1,000 pairs."""

from __future__ import annotations

from flask import Blueprint, Response

from service.asking import answered
from service.questions import answer_comparison, read_comparison

blueprint = Blueprint("comparisons", __name__)


@blueprint.post("/v1/comparisons")
def compare_profiles() -> Response:
    """Answer a question about pairs of profiles from one version, each pair in the same draws."""
    return answered(read_comparison, answer_comparison)
