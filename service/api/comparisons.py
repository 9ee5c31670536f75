"""`POST /v1/comparisons`: which of two profiles is the riskier, for 1 to 1,000 pairs."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields

from model.risk.comparison import compare
from priors.strict import StrictSchema, Text
from service.api.examples import spoken, whole
from service.api.examples import terms as stated_terms
from service.api.fields import Array, Object
from service.api.resource import Asked, Resource
from service.api.schemas import (
    SHARE,
    Answer,
    ExpectedSchema,
    HeadedAnswer,
    ProfileSchema,
    RelativeSchema,
    SideSchema,
    TermsSchema,
    headed,
    identified,
    own_id,
    terms,
)
from service.served import Served

MOST_PAIRS: Final = 1_000
MANY_PAIRS: Final = 200
"""More take tenths of a second."""

resource = Resource("comparisons")


class PairSchema(StrictSchema):
    """Two profiles to compare, and an id of the caller's own that comes back with the answer."""

    id = Text()
    first = Object(ProfileSchema, required=True)
    second = Object(ProfileSchema, required=True)


class ComparisonQuestionSchema(TermsSchema):
    """The body of `POST /v1/comparisons`."""

    pairs = Array(Object(PairSchema), at_least=1, at_most=MOST_PAIRS, required=True)


class ComparedSchema(SideSchema):
    """One profile of a pair, and its risk."""

    risk = fields.Nested(ExpectedSchema)


class ComparisonSchema(Answer):
    """All that is said of one pair, from the same draws of the posterior for both."""

    id = own_id()
    first = fields.Nested(ComparedSchema)
    second = fields.Nested(ComparedSchema)
    probability_first_riskier = fields.Float(validate=SHARE)
    risk_ratio = fields.Nested(RelativeSchema)
    risk_difference = fields.Nested(ExpectedSchema)
    in_words = fields.String()


class ComparisonAnswerSchema(HeadedAnswer):
    """The answer about pairs, in their order."""

    comparisons = fields.List(fields.Nested(ComparisonSchema))


@resource.question(
    "/v1/comparisons",
    takes=ComparisonQuestionSchema,
    gives=ComparisonAnswerSchema,
    example=lambda study: (
        {"pairs": [{"id": "p-1", "first": spoken(study), "second": whole(study)}]} | stated_terms(study)
    ),
    size=lambda asked: len(asked["pairs"]),
    is_large=lambda asked: len(asked["pairs"]) > MANY_PAIRS,
)
def compare_profiles(asked: Asked, served: Served) -> dict[str, Any]:
    """Answer a question about pairs of profiles from one version, each pair in the same draws."""
    return headed(asked, served) | {
        "comparisons": [
            identified(pair.get("id")) | compare(served.table, pair["first"], pair["second"], **terms(asked)).as_dict()
            for pair in asked["pairs"]
        ],
    }
