"""The shape of answers, for the specification; the tests hold what the service answers to it."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import INCLUDE, RAISE, Schema, fields, validate

from service.problems import MOST_FAULTS
from service.rules import MOST_NEAREST

SHARE: Final = validate.Range(0, 1)


class Answer(Schema):
    """An object that has all its declared members, in their order, and no others."""

    class Meta:
        """Options of marshmallow."""

        unknown = RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:  # noqa: ARG002 - marshmallow's signature
        """Expect every member that does not say it may be missing."""
        field_obj.required = not field_obj.metadata.get("optional", False)


class OpenAnswer(Answer):
    """An object that has its declared members, and others that the fit wrote."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE


def optional(description: str) -> dict[str, Any]:
    """Return the metadata of a member that may be missing."""
    return {"optional": True, "description": description}


class ModelNameSchema(Answer):
    """The model that answers: its version, and the prior set it was fitted under."""

    version = fields.String()
    priors = fields.String()


class StatedWindowSchema(Answer):
    """The window that was answered for: from its first day up to, and without, `to`."""

    start = fields.Date(data_key="from")
    end = fields.Date(data_key="to")


class IntervalSchema(Answer):
    """An interval: of what kind (equal-tailed), of which probability, from where to where."""

    kind = fields.String(validate=validate.Equal("eti"))
    probability = fields.Float()
    lower = fields.Float()
    upper = fields.Float()


class SummarySchema(Answer):
    """The median of a quantity over the draws, and the intervals asked for, narrowest first."""

    median = fields.Float()
    intervals = fields.List(fields.Nested(IntervalSchema))


class RiskSchema(SummarySchema):
    """A probability of defection in the window: its mean too, which is the share to expect of many such officers."""

    mean = fields.Float(validate=SHARE)


class StatedProfileSchema(Answer):
    """The attributes that were stated, in the names of their levels."""

    sect = fields.String(metadata=optional("A level of /v1/vocabulary."))
    rank = fields.String(metadata=optional("A level of /v1/vocabulary."))
    eliteness = fields.String(metadata=optional("A level of /v1/vocabulary."))
    proximity = fields.String(metadata=optional("A level of /v1/vocabulary."))


class ContributionSchema(Answer):
    """What one attribute adds to the log hazard against the corps, and the claims that speak of it."""

    attribute = fields.String()
    value = fields.String(allow_none=True, metadata={"description": "null where it was averaged over."})
    log_hazard = fields.Nested(SummarySchema)
    claims = fields.List(fields.String())


class AssessmentSchema(Answer):
    """All that is said of one officer."""

    id = fields.String(metadata=optional("The caller's own, if one was given."))
    profile = fields.Nested(StatedProfileSchema)
    averaged_over = fields.List(fields.String())
    risk = fields.Nested(RiskSchema)
    in_words = fields.String()
    relative_to_corps = fields.Nested(SummarySchema)
    contributions = fields.List(fields.Nested(ContributionSchema))
    reliance_on_prior = fields.Float(
        metadata={"description": "Variance of the log hazard over that of the prior: 1 where evidence said nothing."}
    )


class AssessmentAnswerSchema(Answer):
    """The answer about officers, in their order."""

    model = fields.Nested(ModelNameSchema)
    window = fields.Nested(StatedWindowSchema)
    assessments = fields.List(fields.Nested(AssessmentSchema))


class SideSchema(Answer):
    """One profile of a pair."""

    profile = fields.Nested(StatedProfileSchema)
    averaged_over = fields.List(fields.String())


class ComparisonSchema(Answer):
    """All that is said of one pair, from the same draws of the posterior for both."""

    id = fields.String(metadata=optional("The caller's own, if one was given."))
    first = fields.Nested(SideSchema)
    second = fields.Nested(SideSchema)
    probability_first_riskier = fields.Float(validate=SHARE)
    risk_ratio = fields.Nested(SummarySchema)
    risk_difference = fields.Nested(SummarySchema)
    in_words = fields.String()


class ComparisonAnswerSchema(Answer):
    """The answer about pairs, in their order."""

    model = fields.Nested(ModelNameSchema)
    window = fields.Nested(StatedWindowSchema)
    comparisons = fields.List(fields.Nested(ComparisonSchema))


class RefusalSchema(Answer):
    """A version that is current in the archive and was refused."""

    version = fields.String(allow_none=True)
    reason = fields.String()


class AvailableSchema(Answer):
    """A prior set that a question may name, and the version that answers then."""

    priors = fields.String()
    version = fields.String()
    created = fields.String()


class ModelSchema(Answer):
    """What is served."""

    model = fields.Nested(ModelNameSchema)
    refused = fields.Nested(RefusalSchema, allow_none=True)
    priors_available = fields.List(fields.Nested(AvailableSchema))
    draws = fields.Integer()
    fit = fields.Dict(keys=fields.String())


class CheckSchema(OpenAnswer):
    """A check of the fit."""

    name = fields.String()
    passed = fields.Boolean()


class DiagnosticsSchema(Answer):
    """The checks of the fit that is served."""

    model = fields.Nested(ModelNameSchema)
    checks = fields.List(fields.Nested(CheckSchema))


class ClaimSchema(OpenAnswer):
    """A claim of an article, and what is left of it."""

    id = fields.String()
    quote = fields.String()
    probability = fields.Dict(keys=fields.String(), allow_none=True)


class ClaimsSchema(Answer):
    """The ledger of claims."""

    model = fields.Nested(ModelNameSchema)
    claims = fields.List(fields.Nested(ClaimSchema))


class LevelSchema(Answer):
    """A level of an attribute, and what else it is called."""

    name = fields.String()
    definition = fields.String()
    source = fields.String()
    synonyms = fields.List(fields.String())


class AttributeSchema(Answer):
    """An attribute, its levels (lowest first where they are ordered), and named groups of them."""

    name = fields.String()
    definition = fields.String()
    ordered = fields.Boolean()
    levels = fields.List(fields.Nested(LevelSchema))
    groups = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class UnitSchema(Answer):
    """A named unit, and the eliteness it stands for."""

    name = fields.String()
    eliteness = fields.String()
    synonyms = fields.List(fields.String())


class PeriodSchema(Answer):
    """A part of the study in which the baseline hazard is constant."""

    name = fields.String()
    window = fields.Nested(StatedWindowSchema)


class StudySchema(Answer):
    """The window in which anything is known, and its periods."""

    window = fields.Nested(StatedWindowSchema)
    periods = fields.List(fields.Nested(PeriodSchema))


class VocabularySchema(Answer):
    """The words a profile may use."""

    attributes = fields.List(fields.Nested(AttributeSchema))
    units = fields.List(fields.Nested(UnitSchema))
    study = fields.Nested(StudySchema)


class AliveSchema(Answer):
    """The process answers."""

    status = fields.String(validate=validate.Equal("alive"))


class ReadySchema(Answer):
    """A model answers."""

    status = fields.String(validate=validate.Equal("ready"))
    model = fields.Nested(ModelNameSchema)
    refused = fields.Nested(RefusalSchema, allow_none=True)


class FaultSchema(Answer):
    """A rule that a body breaks, where, and the nearest allowed values; never the value that breaks it."""

    pointer = fields.String(metadata={"description": "A JSON pointer (RFC 6901) into the body, or the query's object."})
    rule = fields.String()
    nearest = fields.List(fields.String(), validate=validate.Length(max=MOST_NEAREST))


class ProblemSchema(Answer):
    """A problem document (RFC 9457)."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    errors = fields.List(
        fields.Nested(FaultSchema), validate=validate.Length(max=MOST_FAULTS), metadata=optional("The first twenty.")
    )
