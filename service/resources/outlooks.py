"""`POST /v1/outlooks`: how many of a force defect, by the joint posterior, and what levers would change."""

from __future__ import annotations

from flask import Blueprint, Response

from service.asking import answered
from service.outlook_questions import answer_outlook, read_outlook

blueprint = Blueprint("outlooks", __name__)


@blueprint.post("/v1/outlooks")
def foresee_force() -> Response:
    """Answer a question about a force as a whole: how many defect, who, when, and whether a decisive one does.

    What is not known of the model moves all of the force together; given a draw of it, men defect independently, unless
    a lever ties them. With levers the force is simulated forward by month, and the answer says what they change.
    """
    return answered(read_outlook, answer_outlook)
