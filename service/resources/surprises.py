"""`POST /v1/surprises`: how probable each article made 1 to 20 cases, and which of the two each case speaks for."""

from __future__ import annotations

from flask import Blueprint, Response

from service.asking import answered
from service.surprise_questions import answer_surprises, read_surprises

blueprint = Blueprint("surprises", __name__)


@blueprint.post("/v1/surprises")
def weigh_cases() -> Response:
    """Say how probable each prior set made it that at least one man of a profile would have defected by a day.

    A Bayes factor says how many times more probable one prior set made the case than another, with the Monte Carlo
    error of its logarithm. The posterior is given too, but has seen a case that its evidence holds: of what the
    articles made probable only the priors speak. A version that carries no draws of the prior sets answers 409.
    """
    return answered(read_surprises, answer_surprises)
