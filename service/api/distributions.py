"""`POST /v1/distributions`: the density of the risk of 1 to 20 profiles, prior and posterior, and hazards over time."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields

from model.risk.distribution import distribution
from service.api.assessments import is_large
from service.api.examples import terms as stated_terms
from service.api.examples import whole
from service.api.fields import Array, Object
from service.api.resource import Asked, Resource
from service.api.schemas import (
    Answer,
    HeadedAnswer,
    OfficerSchema,
    SideSchema,
    StatedWindowSchema,
    SummarySchema,
    TermsSchema,
    headed,
    identified,
    own_id,
    terms,
)
from service.served import Served

MOST_PROFILES: Final = 20

resource = Resource("distributions")


class DistributionQuestionSchema(TermsSchema):
    """The body of `POST /v1/distributions`."""

    officers = Array(Object(OfficerSchema), at_least=1, at_most=MOST_PROFILES, required=True)


class RiskDensitySchema(SummarySchema):
    """The density of log10 of the risk, at points that prior and posterior share; median and intervals of the risk."""

    log10_risk = fields.List(fields.Float())
    density = fields.List(fields.Float(), metadata={"description": "Integrates to 1 over log10_risk."})


class RiskDistributionSchema(Answer):
    """The risk under the posterior and under the prior."""

    posterior = fields.Nested(RiskDensitySchema)
    prior = fields.Nested(RiskDensitySchema)


class PeriodHazardSchema(StatedWindowSchema):
    """The monthly hazard in the part of the window that lies in one period of the study.

    Where attributes are averaged over it is the hazard that reproduces the averaged risk.
    """

    posterior = fields.Nested(SummarySchema)
    prior = fields.Nested(SummarySchema)


class DistributionSchema(SideSchema):
    """One profile: how its risk is distributed, and its hazard over time."""

    id = own_id()
    risk = fields.Nested(RiskDistributionSchema)
    hazard = fields.List(fields.Nested(PeriodHazardSchema))


class DistributionAnswerSchema(HeadedAnswer):
    """The answer about profiles, in their order."""

    distributions = fields.List(fields.Nested(DistributionSchema))


@resource.question(
    "/v1/distributions",
    takes=DistributionQuestionSchema,
    gives=DistributionAnswerSchema,
    example=lambda study: {"officers": [{"id": "a-17"} | whole(study)]} | stated_terms(study),
    size=lambda asked: len(asked["officers"]),
    is_large=is_large,
)
def draw_profiles(asked: Asked, served: Served) -> dict[str, Any]:
    """Say how the risk of each profile is distributed, before the evidence and after, and its hazard by period.

    The hazard is that of those who still serve. Where attributes are averaged over, it is the one that reproduces the
    averaged risk, and so falls as those leave who are most likely to.
    """
    return headed(asked, served) | {
        "distributions": [
            identified(officer.id) | distribution(served.table, officer.profile, **terms(asked)).as_dict()
            for officer in asked["officers"]
        ],
    }
