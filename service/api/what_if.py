"""`POST /v1/what-if`: what risks and claims would be, were claims or rows struck, weighed, or bounds moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import fields

from model.what_if.answer import what_if
from model.what_if.changes import HEAVIEST, Changes
from model.what_if.command import refit_command
from model.what_if.errors import ChangeError
from model.what_if.terms import Terms
from priors.strict import StrictSchema, Text
from priors.study import Study
from service.api.assessments import MOST_OFFICERS, distinct, is_large
from service.api.examples import terms as stated_terms
from service.api.examples import whole
from service.api.fields import Amount, Array, ByName, Object
from service.api.resource import Asked, Resource
from service.api.schemas import (
    SHARE,
    Answer,
    ExpectedSchema,
    HeadedAnswer,
    OfficerSchema,
    StatedProfileSchema,
    TermsSchema,
    headed,
    identified,
    optional,
    own_id,
    terms,
)
from service.errors import Fault, InvalidQuestionError, MissingDrawsError
from service.served import Served

MOST_CHANGES: Final = 1_000
"""Of each kind: more than any study has claims, or rows."""

MISSING: Final = (
    "The version that answers carries no terms of its draws to weigh anew; `defection-risk refit` makes one that does."
)
REMEDY: Final = "GET /v1/claims lists the claims, GET /v1/model the rows, GET /v1/study the articles."

resource = Resource("what-if")


class BoundsSchema(StrictSchema):
    """The least and the most that a row counts; what is left out stays."""

    low = Amount()
    high = Amount()


class WhatIfQuestionSchema(TermsSchema):
    """The body of `POST /v1/what-if`."""

    officers = Array(Object(OfficerSchema), at_least=1, at_most=MOST_OFFICERS, required=True)
    without_claims = Array(
        Text(), at_least=0, at_most=MOST_CHANGES, load_default=list, metadata={"description": "Claims struck, by id."}
    )
    without_rows = Array(
        Text(),
        at_least=0,
        at_most=MOST_CHANGES,
        load_default=list,
        metadata={"description": "Rows struck, by id; a row of a list strikes the list, which is one report."},
    )
    weights = ByName(
        Amount(metadata={"minimum": 0, "maximum": HEAVIEST}),
        at_most=MOST_CHANGES,
        load_default=dict,
        metadata={
            "description": (
                "By article, how much its claims count against those of others; by row, the power to which its "
                "likelihood is raised. One leaves it as it is."
            )
        },
    )
    bounds = ByName(
        Object(BoundsSchema),
        at_most=MOST_CHANGES,
        load_default=dict,
        metadata={"description": "By row, other bounds of what it counts."},
    )


class MovedBoundsSchema(Answer):
    """Bounds as they were asked for."""

    low = fields.Float(metadata=optional("Where it was moved."))
    high = fields.Float(metadata=optional("Where it was moved."))


class ChangesSchema(Answer):
    """What was supposed, with every row that is struck with another."""

    without_claims = fields.List(fields.String())
    without_rows = fields.List(fields.String())
    weights = fields.Dict(keys=fields.String(), values=fields.Float())
    bounds = fields.Dict(keys=fields.String(), values=fields.Nested(MovedBoundsSchema))


class ReweightingSchema(Answer):
    """How sure the answer is: draws of which fits were weighed anew, and what they are worth."""

    pareto_k = fields.Float(
        allow_none=True, metadata={"description": "Over 0.7 the draws cannot tell; null: nothing could be weighed."}
    )
    effective_draws = fields.Float(
        allow_none=True, metadata={"description": "How many draws of equal weight the weighed ones are worth."}
    )
    draws = fields.Integer(metadata={"description": "Of the version that answers."})
    source = fields.List(
        fields.String(), data_key="from", metadata={"description": "The prior sets whose draws these are."}
    )
    known = fields.Boolean(metadata={"description": "Whether the draws can tell; if not, refit to know."})


class MovedRiskSchema(Answer):
    """The risk of one profile as it is and as it would be, null where the draws cannot tell."""

    id = own_id()
    profile = fields.Nested(StatedProfileSchema)
    averaged_over = fields.List(fields.String())
    as_it_is = fields.Nested(ExpectedSchema)
    as_it_would_be = fields.Nested(ExpectedSchema, allow_none=True)
    ratio = fields.Float(
        allow_none=True, metadata={"description": "Of the expected risk as it would be over that as it is."}
    )
    in_words = fields.String()


class MovedClaimSchema(Answer):
    """How probable it is that the prediction of a claim holds, and how probable it would be."""

    id = fields.String()
    probability = fields.Float(validate=SHARE)
    would_be = fields.Float(validate=SHARE, allow_none=True, metadata={"description": "null: the draws cannot tell."})


class WhatIfAnswerSchema(HeadedAnswer):
    """What is, beside what would be."""

    changes = fields.Nested(ChangesSchema)
    reweighting = fields.Nested(ReweightingSchema)
    in_words = fields.String(metadata={"description": "How sure it is."})
    refit = fields.String(metadata={"description": "The command that makes a fit of what is supposed."})
    officers = fields.List(fields.Nested(MovedRiskSchema))
    claims = fields.List(fields.Nested(MovedClaimSchema), metadata={"description": "Those that can be tested."})


def _example(study: Study) -> dict[str, Any]:
    claim, article = study.claims.claims[0], study.articles[0]
    supposed = {"without_claims": [claim.id], "weights": {article.name: 2}}
    return {"officers": [{"id": "a-17"} | whole(study)], **supposed} | stated_terms(study)


@resource.question(
    "/v1/what-if",
    takes=WhatIfQuestionSchema,
    gives=WhatIfAnswerSchema,
    example=_example,
    size=lambda asked: len(asked["officers"]),
    is_large=is_large,
    refuses=(409,),
)
def suppose_changes(asked: Asked, served: Served) -> dict[str, Any]:
    """Say what risks and claims would be if claims, articles or rows of evidence were others.

    The draws of the version, or those of all prior sets that were fitted with it where these tell more, are weighed
    anew by Pareto-smoothed importance sampling. Where Pareto k is over 0.7 they cannot tell, nothing is said of what
    would be, and `refit` is the command that finds out. A version that carries no terms of its draws answers 409.
    """
    if served.terms is None:
        raise MissingDrawsError(MISSING)
    changes = _changes(asked, served.study, served.terms)
    different = distinct(asked["officers"])
    found = what_if(served.table, served.terms, [*different.values()], changes, **terms(asked)).as_dict()
    moved, claims = dict(zip(different, found.pop("officers"), strict=True)), found.pop("claims")
    officers = [identified(officer.id) | moved[tuple(officer.profile.items())] for officer in asked["officers"]]
    refit = refit_command(served.manifest, changes)
    return headed(asked, served) | found | {"refit": refit, "officers": officers, "claims": claims}


def _changes(asked: Asked, study: Study, terms: Terms) -> Changes:
    """Return what is supposed.

    Raises
    ------
    InvalidQuestionError
        If there is no such claim, article or row, or a value is not allowed.
    """
    bounds: Mapping[str, Mapping[str, float]] = asked["bounds"]
    try:
        return Changes.of(
            study,
            terms.rows,
            without_claims=asked["without_claims"],
            without_rows=asked["without_rows"],
            weights=asked["weights"],
            bounds={row: (pair.get("low"), pair.get("high")) for row, pair in bounds.items()},
        )
    except ChangeError as error:
        fault = Fault("".join(f"/{name}" for name in error.place), error.rule, error.nearest)
        raise InvalidQuestionError(f"{fault}. {REMEDY}", [fault]) from error
