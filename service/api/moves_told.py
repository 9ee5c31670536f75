"""The moves of an outlook as an answer tells them: their numbers, what rests on the fit, and what they changed."""

from __future__ import annotations

from typing import Final

from marshmallow import fields

from service.api.schemas import Answer, SelectedSchema, StatedProfileSchema, optional

OWN: Final = "Of the moves that have it."


class SupposedNumberSchema(Answer):
    """A number of a move, and whose it is."""

    whose = fields.String(metadata={"description": "`yours`, `elicited`, or the prior set that it is drawn from."})
    scale = fields.String()
    median = fields.Float(metadata={"description": "Of what it is drawn from, or as it was stated."})
    interval_90 = fields.List(fields.Float(), metadata=optional("Where it is drawn."))
    basis = fields.String(metadata=optional("Where it is elicited."))
    source = fields.String(metadata=optional("Where it is elicited."))


class InForceSchema(Answer):
    """A move in force, with its numbers and options; those of the study where the question left them out."""

    name = fields.String()
    says = fields.String(metadata={"description": "What is done, as the study says; empty where it says nothing."})
    claims = fields.List(fields.String(), metadata={"description": "Those that speak of it."})
    numbers = fields.Dict(keys=fields.String(), values=fields.Nested(SupposedNumberSchema))
    of = fields.Nested(SelectedSchema, metadata=optional(OWN))
    start = fields.Date(data_key="from", metadata=optional(OWN))
    months = fields.Integer(allow_none=True, metadata=optional(f"{OWN} Null for good."))
    against = fields.String(metadata=optional(OWN))
    same = fields.List(fields.String(), metadata=optional(OWN))
    above = fields.Float(metadata=optional(OWN))
    replaced_by = fields.Nested(StatedProfileSchema, metadata=optional(OWN))
    already = fields.Dict(keys=fields.String(), values=fields.Integer(), metadata=optional(OWN))
    services_weight = fields.Float(metadata=optional(OWN))


class RestsSchema(Answer):
    """Which part of the answer is fitted, and which is supposed."""

    fitted = fields.String()
    supposed = fields.String()


class DifferenceSchema(Answer):
    """With the moves less without, and its standard error over draws."""

    difference = fields.Float()
    monte_carlo_error = fields.Float()


class ExpectedDifferenceSchema(DifferenceSchema):
    """The difference of what is expected, and the ratio."""

    ratio = fields.Float(allow_none=True, metadata={"description": "Null where none defected without the moves."})


class AtLeastDifferenceSchema(DifferenceSchema):
    """The difference of the probability of at least so many."""

    count = fields.Integer()


class ChangedSchema(Answer):
    """What the moves changed, draw by draw, so that what is uncertain of both alike cancels."""

    defections = fields.Nested(ExpectedDifferenceSchema)
    at_least = fields.List(fields.Nested(AtLeastDifferenceSchema))
    decisive = fields.Nested(DifferenceSchema)
    serving = fields.Nested(DifferenceSchema, metadata={"description": "Of the mean at the end."})
    deployable = fields.Nested(DifferenceSchema, metadata={"description": "Of the mean at the end."})
    reliable = fields.Nested(DifferenceSchema, metadata={"description": "Of the mean at the end."})
    breaks = fields.Nested(DifferenceSchema, metadata={"description": "Of the probability that the unit breaks."})
