"""`POST /v1/surprises`: how probable each article made 1 to 20 cases, and for which of them each case speaks."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields

from model.risk.errors import MissingPriorsError
from model.risk.surprise_by_set import surprise_by_set
from priors.strict import StrictSchema, Text, Whole
from service.api.examples import first_half_year, whole
from service.api.fields import Array, Object, StudyDay
from service.api.resource import Asked, Resource
from service.api.schemas import (
    MOST_HEADS,
    SHARE,
    Answer,
    ModelNameSchema,
    ProfileSchema,
    StatedProfileSchema,
    identified,
    own_id,
    version_named,
)
from service.errors import MissingDrawsError
from service.served import Served

MOST_CASES: Final = 20
MANY_CASES: Final = 3
"""More than so many take tenths of a second where little is known of their profiles."""

MISSING: Final = (
    "The version that answers carries no draws of the articles' priors; `defection-risk refit` makes one that does."
)
CAUTION: Final = (
    "A posterior that has a case in its evidence has seen it already: of what the articles made probable only the "
    "priors speak."
)

resource = Resource("surprises")


class CaseSchema(StrictSchema):
    """A profile that did defect, by when, and an id of the caller's own that comes back with the answer."""

    id = Text()
    profile = Object(ProfileSchema, required=True)
    by = StudyDay(required=True, metadata={"description": "The last day of the study that counts."})


class SurpriseQuestionSchema(StrictSchema):
    """The body of `POST /v1/surprises`."""

    cases = Array(Object(CaseSchema), at_least=1, at_most=MOST_CASES, required=True)
    corps = Whole(
        1, MOST_HEADS, metadata={"description": "How many serve, in all; where left out, as many as in each draw."}
    )
    version = version_named()


class BeliefSchema(Answer):
    """How many such men are expected to serve, and how probable it is that at least one left by then."""

    expected_men = fields.Float()
    probability = fields.Float(validate=SHARE)
    monte_carlo_error = fields.Float(metadata={"description": "Standard error of the probability, over draws."})


class SetBeliefSchema(BeliefSchema):
    """What a prior set says of a case, with all its claims and before any evidence."""

    prior_set = fields.String()


class BayesFactorSchema(Answer):
    """How many times more probable the first prior set made the case than the second."""

    first = fields.String()
    second = fields.String()
    bayes_factor = fields.Float()
    log_monte_carlo_error = fields.Float(metadata={"description": "Standard error of its natural logarithm."})


class SurpriseSchema(Answer):
    """All that is said of one case; pairs of which one set holds it impossible have no Bayes factor."""

    id = own_id()
    profile = fields.Nested(StatedProfileSchema)
    averaged_over = fields.List(fields.String())
    by = fields.Date()
    priors = fields.List(fields.Nested(SetBeliefSchema))
    posterior = fields.Nested(BeliefSchema)
    bayes_factors = fields.List(fields.Nested(BayesFactorSchema))
    in_words = fields.String(
        metadata={"description": "Which article it speaks for, and within two Monte Carlo standard errors how much."}
    )


class SurpriseAnswerSchema(Answer):
    """The answer about cases, in their order."""

    model = fields.Nested(ModelNameSchema)
    corps = fields.Integer(
        allow_none=True, metadata={"description": "As stated; null where it was as many as in each draw."}
    )
    surprises = fields.List(fields.Nested(SurpriseSchema))
    caution = fields.String()


@resource.question(
    "/v1/surprises",
    takes=SurpriseQuestionSchema,
    gives=SurpriseAnswerSchema,
    example=lambda study: {"cases": [{"id": "c-1", "profile": whole(study), "by": first_half_year(study)}]},
    size=lambda asked: len(asked["cases"]),
    is_large=lambda asked: len(asked["cases"]) > MANY_CASES,
    refuses=(409,),
)
def weigh_cases(asked: Asked, served: Served) -> dict[str, Any]:
    """Say how probable each prior set made it that at least one man of a profile would have defected by a day.

    A Bayes factor says how many times more probable one prior set made the case than another, with the Monte Carlo
    error of its logarithm. The posterior is given too, but has seen a case that its evidence holds: of what the
    articles made probable only the priors speak. A version that carries no draws of the prior sets answers 409.
    """
    corps = asked.get("corps")
    try:
        found = [
            identified(case.get("id"))
            | surprise_by_set(served.table, case["profile"], by=case["by"], corps=corps).as_dict()
            for case in asked["cases"]
        ]
    except MissingPriorsError as error:
        raise MissingDrawsError(MISSING) from error
    return {"model": served.summary, "corps": corps, "surprises": found, "caution": CAUTION}
