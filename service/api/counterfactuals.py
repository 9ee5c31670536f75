"""`POST /v1/counterfactuals`: 1 to 100 profiles, each against all that differ from it in one attribute."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields

from model.risk.counterfactuals import counterfactuals
from service.api.assessments import is_large
from service.api.examples import terms as stated_terms
from service.api.examples import whole
from service.api.fields import Array, Object
from service.api.resource import Asked, Resource
from service.api.schemas import (
    SHARE,
    Answer,
    ExpectedSchema,
    HeadedAnswer,
    OfficerSchema,
    RelativeSchema,
    StatedProfileSchema,
    TermsSchema,
    headed,
    identified,
    own_id,
    terms,
)
from service.served import Served

MOST_PROFILES: Final = 100

resource = Resource("counterfactuals")


class CounterfactualQuestionSchema(TermsSchema):
    """The body of `POST /v1/counterfactuals`."""

    officers = Array(Object(OfficerSchema), at_least=1, at_most=MOST_PROFILES, required=True)


class ChangeSchema(Answer):
    """One attribute at another level: how probable it is that the risk is higher then, and by how much."""

    attribute = fields.String()
    before = fields.String(data_key="from", allow_none=True, metadata={"description": "null: it was averaged over."})
    after = fields.String(data_key="to")
    probability_riskier = fields.Float(validate=SHARE)
    risk_ratio = fields.Nested(RelativeSchema)
    risk_difference = fields.Nested(ExpectedSchema)


class VariedProfileSchema(Answer):
    """One profile, and all that differ from it in one attribute."""

    id = own_id()
    profile = fields.Nested(StatedProfileSchema)
    averaged_over = fields.List(fields.String())
    changes = fields.List(fields.Nested(ChangeSchema))


class CounterfactualAnswerSchema(HeadedAnswer):
    """The answer about profiles, in their order."""

    counterfactuals = fields.List(fields.Nested(VariedProfileSchema))


@resource.question(
    "/v1/counterfactuals",
    takes=CounterfactualQuestionSchema,
    gives=CounterfactualAnswerSchema,
    example=lambda study: {"officers": [{"id": "a-17"} | whole(study)]} | stated_terms(study),
    size=lambda asked: len(asked["officers"]),
    is_large=is_large,
)
def vary_profiles(asked: Asked, served: Served) -> dict[str, Any]:
    """Compare each profile with all that differ from it in one attribute, in the same draws.

    It tells two groups of men apart; it does not say what would become of a man who changed.
    """
    return headed(asked, served) | {
        "counterfactuals": [
            identified(officer.id) | counterfactuals(served.table, officer.profile, **terms(asked)).as_dict()
            for officer in asked["officers"]
        ],
    }
