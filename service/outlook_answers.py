"""The shape of the answers about forces and about counterfactuals, for the specification."""

from __future__ import annotations

from marshmallow import fields

from service.answers import (
    SHARE,
    Answer,
    IntervalSchema,
    ModelNameSchema,
    SideSchema,
    StatedProfileSchema,
    StatedWindowSchema,
    SummarySchema,
    optional,
)


class CountedGroupSchema(SideSchema):
    """A group of the force."""

    count = fields.Integer()


class ForceSchema(Answer):
    """The force, equal profiles added up."""

    total = fields.Integer()
    groups = fields.List(fields.Nested(CountedGroupSchema))


class SelectedSchema(Answer):
    """All who agree in each attribute with one of the words."""

    sect = fields.List(fields.String(), metadata=optional("Words."))
    rank = fields.List(fields.String(), metadata=optional("Words."))
    eliteness = fields.List(fields.String(), metadata=optional("Words."))
    proximity = fields.List(fields.String(), metadata=optional("Words."))


class MethodSchema(Answer):
    """How numbers were found: exactly or simulated, from how many draws, with how many numbers to each."""

    name = fields.String()
    draws = fields.Integer()
    replicates = fields.Integer()


class CountSchema(Answer):
    """The distribution of a number of defections."""

    mean = fields.Float()
    monte_carlo_error = fields.Float(metadata={"description": "Standard error of the mean, over draws."})
    median = fields.Integer()
    intervals = fields.List(fields.Nested(IntervalSchema))


class QuantileSchema(Answer):
    """The least count that is not exceeded with a probability."""

    probability = fields.Float(validate=SHARE)
    count = fields.Integer()


class TotalSchema(CountSchema):
    """The distribution of the number of defections in all."""

    quantiles = fields.List(fields.Nested(QuantileSchema))


class ChanceSchema(Answer):
    """A probability, and its standard error over draws."""

    probability = fields.Float(validate=SHARE)
    monte_carlo_error = fields.Float()


class AtLeastSchema(ChanceSchema):
    """The probability of at least so many."""

    count = fields.Integer()


class DatesSchema(Answer):
    """Between which days the first comes; null where the window ends before."""

    kind = fields.String()
    probability = fields.Float()
    lower = fields.Date(allow_none=True)
    upper = fields.Date(allow_none=True)


class FirstSchema(Answer):
    """When the first defection comes, to the day, or to the month where it was simulated by month."""

    probability_none = fields.Float(validate=SHARE)
    monte_carlo_error = fields.Float()
    median_date = fields.Date(allow_none=True)
    intervals = fields.List(fields.Nested(DatesSchema))
    resolution = fields.String()


class DecisiveSchema(ChanceSchema):
    """The probability of at least one decisive defection, how many are expected, and when the first comes."""

    expected = fields.Float()
    first = fields.Nested(FirstSchema)


class PointSchema(Answer):
    """How many had defected before a day."""

    until = fields.Date()
    mean = fields.Float()
    median = fields.Integer()
    intervals = fields.List(fields.Nested(IntervalSchema))
    decisive_probability = fields.Float(validate=SHARE)


class ScenarioSchema(Answer):
    """How many of a force defect, who, and when."""

    method = fields.Nested(MethodSchema)
    defections = fields.Nested(TotalSchema)
    at_least = fields.List(fields.Nested(AtLeastSchema))
    by_attribute = fields.Dict(
        keys=fields.String(), values=fields.Dict(keys=fields.String(), values=fields.Nested(CountSchema))
    )
    first = fields.Nested(FirstSchema)
    decisive = fields.Nested(DecisiveSchema)
    over_time = fields.List(fields.Nested(PointSchema))


class DifferenceSchema(Answer):
    """With the levers less without, and its standard error over draws."""

    difference = fields.Float()
    monte_carlo_error = fields.Float()


class ExpectedDifferenceSchema(DifferenceSchema):
    """The difference of what is expected, and the ratio."""

    ratio = fields.Float()


class AtLeastDifferenceSchema(DifferenceSchema):
    """The difference of the probability of at least so many."""

    count = fields.Integer()


class ChangedSchema(Answer):
    """What the levers changed, draw by draw, so that what is uncertain of both alike cancels."""

    defections = fields.Nested(ExpectedDifferenceSchema)
    at_least = fields.List(fields.Nested(AtLeastDifferenceSchema))
    decisive = fields.Nested(DifferenceSchema)


class LeversAnswerSchema(Answer):
    """The levers in force with their numbers and claims, what they changed, and the outlook without them."""

    in_force = fields.List(fields.Dict(keys=fields.String()))
    changed = fields.Nested(ChangedSchema)
    without = fields.Nested(ScenarioSchema)


class OutlookAnswerSchema(ScenarioSchema):
    """The answer about a force."""

    model = fields.Nested(ModelNameSchema)
    window = fields.Nested(StatedWindowSchema)
    force = fields.Nested(ForceSchema)
    decisive_are = fields.List(fields.Nested(SelectedSchema))
    seed = fields.Integer()
    in_words = fields.String()
    levers = fields.Nested(LeversAnswerSchema, metadata=optional("Only where any was in force."))


class ChangeSchema(Answer):
    """One attribute at another level: how probable it is that the risk is higher then, and by how much."""

    attribute = fields.String()
    before = fields.String(data_key="from", allow_none=True, metadata={"description": "null: it was averaged over."})
    after = fields.String(data_key="to")
    probability_riskier = fields.Float(validate=SHARE)
    risk_ratio = fields.Nested(SummarySchema)
    risk_difference = fields.Nested(SummarySchema)


class VariedProfileSchema(Answer):
    """One profile, and all that differ from it in one attribute."""

    id = fields.String(metadata=optional("The caller's own, if one was given."))
    profile = fields.Nested(StatedProfileSchema)
    averaged_over = fields.List(fields.String())
    changes = fields.List(fields.Nested(ChangeSchema))


class CounterfactualAnswerSchema(Answer):
    """The answer about profiles, in their order."""

    model = fields.Nested(ModelNameSchema)
    window = fields.Nested(StatedWindowSchema)
    counterfactuals = fields.List(fields.Nested(VariedProfileSchema))
