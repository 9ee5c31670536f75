"""`POST /v1/assessments`: the risk of 1 to 10,000 profiles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from marshmallow import fields

from model.risk.assessment import assess, side_by_side
from priors.vocabulary import Profile
from service.api.examples import spoken, whole
from service.api.examples import terms as stated_terms
from service.api.fields import Array, Object
from service.api.resource import Asked, Resource
from service.api.schemas import (
    Answer,
    ExpectedSchema,
    HeadedAnswer,
    Officer,
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

MOST_OFFICERS: Final = 10_000
MANY_OFFICERS: Final = 1_000
MANY_PROFILES: Final = 20
"""More than so many officers, or different profiles, take tenths of a second, or megabytes."""

resource = Resource("assessments")


class AssessmentQuestionSchema(TermsSchema):
    """The body of `POST /v1/assessments`."""

    officers = Array(Object(OfficerSchema), at_least=1, at_most=MOST_OFFICERS, required=True)


class ContributionSchema(Answer):
    """By what factor one attribute takes the risk from that of all the forces, and the claims that speak of it."""

    attribute = fields.String()
    value = fields.String(allow_none=True, metadata={"description": "null where it was averaged over."})
    factor = fields.Nested(
        RelativeSchema, metadata={"description": "All factors multiply to the ratio of `relative_to_corps`."}
    )
    claims = fields.List(fields.String())


class PriorSetRiskSchema(ExpectedSchema):
    """The risk under the fit of one prior set."""

    prior_set = fields.String()


class AssessmentSchema(Answer):
    """All that is said of one officer."""

    id = own_id()
    profile = fields.Nested(StatedProfileSchema)
    averaged_over = fields.List(fields.String())
    risk = fields.Nested(ExpectedSchema)
    in_words = fields.String()
    people = fields.String(metadata={"description": "Of whom it is said, as the study calls them."})
    relative_to_corps = fields.Nested(RelativeSchema)
    contributions = fields.List(fields.Nested(ContributionSchema))
    posterior_contraction = fields.Float(
        metadata={
            "description": "1 less the variance of the log hazard over the prior's: 0 where evidence said nothing."
        }
    )
    author_shift = fields.Float(
        allow_none=True,
        metadata={
            "description": (
                "How far apart fits under two authors alone put the mean log hazard, in posterior standard deviations; "
                "null where these fits are not at hand."
            )
        },
    )
    by_prior_set = fields.List(
        fields.Nested(PriorSetRiskSchema),
        metadata={
            "description": (
                "The risk under every prior set at hand, this version's own first; empty where `author_shift` is null."
            )
        },
    )


class AssessmentAnswerSchema(HeadedAnswer):
    """The answer about officers, in their order."""

    assessments = fields.List(fields.Nested(AssessmentSchema))


def is_large(asked: Asked) -> bool:
    """Whether a question about officers takes so much that it has to take its turn."""
    officers = asked["officers"]
    return len(officers) > MANY_OFFICERS or len(distinct(officers)) > MANY_PROFILES


def distinct(officers: Iterable[Officer]) -> dict[tuple[tuple[str, str], ...], Profile]:
    """Return the different profiles of officers, each by its items: of thousands of officers many are alike."""
    return {tuple(officer.profile.items()): officer.profile for officer in officers}


@resource.question(
    "/v1/assessments",
    takes=AssessmentQuestionSchema,
    gives=AssessmentAnswerSchema,
    example=lambda study: {"officers": [{"id": "a-17"} | whole(study), spoken(study)]} | stated_terms(study),
    size=lambda asked: len(asked["officers"]),
    is_large=is_large,
    risks=lambda answer: (each["risk"]["median"] for each in answer["assessments"]),
)
def assess_officers(asked: Asked, served: Served) -> dict[str, Any]:
    """Answer a question about officers from one version, the same from the first of them to the last."""
    different = distinct(asked["officers"])
    found = side_by_side([assess(served.table, profile, **terms(asked)) for profile in different.values()])
    answers = dict(zip(different, found, strict=True))
    return headed(asked, served) | {
        "assessments": [
            identified(officer.id) | answers[tuple(officer.profile.items())] for officer in asked["officers"]
        ],
    }
