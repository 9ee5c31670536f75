"""The shape of the bodies that ask how surprising cases were, and of their answer."""

from __future__ import annotations

from typing import Final

from marshmallow import fields

from model.risk.surprise import CORPS
from service.answers import SHARE, Answer, ModelNameSchema, StatedProfileSchema, optional
from service.fields import Array, Day, Object, Text
from service.outlook_schemas import MOST_HEADS, Whole
from service.schemas import ProfileSchema, StrictSchema, prior_set

MOST_CASES: Final = 20


class CaseSchema(StrictSchema):
    """A profile that did defect, by when, and an id of the caller's own that comes back with the answer."""

    id = Text()
    profile = Object(ProfileSchema, required=True)
    by = Day(required=True, metadata={"description": "The last day of the study that counts."})


class SurpriseQuestionSchema(StrictSchema):
    """The body of `POST /v1/surprises`."""

    cases = Array(Object(CaseSchema), at_least=1, at_most=MOST_CASES, required=True)
    corps = Whole(1, MOST_HEADS, load_default=CORPS, metadata={"description": "Men in the forces, in all."})
    priors = prior_set()


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

    id = fields.String(metadata=optional("The caller's own, if one was given."))
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
    corps = fields.Integer()
    surprises = fields.List(fields.Nested(SurpriseSchema))
    caution = fields.String()
