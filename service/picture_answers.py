"""The shape of the answers that can be drawn, distributions and all cells, for the specification."""

from __future__ import annotations

from marshmallow import fields

from service.answers import SHARE, Answer, ModelNameSchema, SideSchema, StatedWindowSchema, SummarySchema, optional


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

    id = fields.String(metadata=optional("The caller's own, if one was given."))
    risk = fields.Nested(RiskDistributionSchema)
    hazard = fields.List(fields.Nested(PeriodHazardSchema))


class DistributionAnswerSchema(Answer):
    """The answer about profiles, in their order."""

    model = fields.Nested(ModelNameSchema)
    window = fields.Nested(StatedWindowSchema)
    distributions = fields.List(fields.Nested(DistributionSchema))


class CellColumnsSchema(Answer):
    """A column of a number for every cell; lower and upper are the ends of the equal-tailed interval of the risk."""

    corps_share = fields.List(fields.Float(validate=SHARE))
    median = fields.List(fields.Float(validate=SHARE))
    lower = fields.List(fields.Float(validate=SHARE))
    upper = fields.List(fields.Float(validate=SHARE))
    probability = fields.Float(validate=SHARE)


class CellsAnswerSchema(Answer):
    """The answer about all cells: every combination of levels, that of the last attribute in `order` changing first."""

    model = fields.Nested(ModelNameSchema)
    window = fields.Nested(StatedWindowSchema)
    order = fields.List(fields.String())
    levels = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    cells = fields.Nested(CellColumnsSchema)
