"""What is left to fight with: how a body asks for it, and how an answer tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from marshmallow import fields

from model.outlook.strength import StrengthTerms
from priors.corps import LARGEST_ARMY
from priors.strict import Number, OneOf, StrictSchema, Whole
from priors.study import Study
from service.api.fields import Object
from service.api.moves_asked import SelectionSchema
from service.api.schemas import SHARE, Answer, ChanceSchema, CountSchema, OfStudy, SelectedSchema, optional

LEAST: Final = 0.001
"""Risk below which men are counted on, or share that a unit loses."""


class AskedUnitSchema(StrictSchema):
    """The unit of which it is asked whether it breaks; what is left out is the study's."""

    men = Whole(1, LARGEST_ARMY, metadata={"description": "How many serve in it."})
    of = Object(SelectionSchema, metadata={"description": "Whom it is made up of."})
    loses = Number(LEAST, 1, metadata={"description": "The share of them that it loses within a month."})


class StrengthQuestionSchema(OfStudy, StrictSchema):
    """What is counted on, by what heads are told apart, and the unit that may break."""

    reliable_below = Number(
        LEAST, 1, metadata={"description": "The risk over the window, as fitted; the study's where left out."}
    )
    unit = Object(AskedUnitSchema, load_default=dict)

    @staticmethod
    def members(of: Study) -> dict[str, fields.Field[Any]]:
        """Return the attribute by which heads are told apart."""
        names, first = of.vocabulary.names, of.vocabulary.community.name
        return {
            "by": OneOf(*names, metadata={"description": f"Told by its levels at each date; `{first}` by default."})
        }


class LedgerSchema(Answer):
    """Where heads went, means: start, intake and replaced are together all the others."""

    start = fields.Float()
    intake = fields.Float(metadata={"description": "Called up."})
    replaced = fields.Float(metadata={"description": "Came in the place of one who was purged."})
    defected = fields.Float()
    interdicted = fields.Float(metadata={"description": "Stopped in the attempt, and lost to the army."})
    purged = fields.Float()
    died = fields.Float()
    serving = fields.Float()


def _by_level(schema: type[Answer]) -> fields.Dict:
    return fields.Dict(keys=fields.String(), values=fields.Nested(schema))


class StrengthPointSchema(Answer):
    """What is left as a day begins."""

    until = fields.Date()
    serving = fields.Nested(CountSchema, metadata={"description": "Men of the army."})
    deployable = fields.Nested(CountSchema, metadata={"description": "Not confined; with militias and allies."})
    reliable = fields.Nested(CountSchema, metadata={"description": "Deployable, and of a low risk over the window."})
    short = fields.Nested(CountSchema, metadata={"description": "Served at the start, less the army's deployable men."})
    militiamen_needed = fields.Nested(
        CountSchema, metadata=optional("To make up for what is short; only with militias.")
    )
    made_up = fields.Nested(
        ChanceSchema, metadata=optional("That militias and allies make up for it; only where there are any.")
    )
    ledger = fields.Nested(LedgerSchema)
    levels = _by_level(LedgerSchema)


class MilitiasToldSchema(Answer):
    """Men beside the army at the end, means."""

    joined = fields.Float()
    defected = fields.Float()
    serving = fields.Float()


class UnitToldSchema(Answer):
    """The unit, and the probability that it breaks within the window."""

    men = fields.Integer()
    of = fields.Nested(SelectedSchema)
    loses = fields.Float(validate=SHARE)
    spread = fields.Float(metadata={"description": "Deviation of the log of a unit's hazard about its kind's."})
    possible = fields.Boolean(metadata={"description": "Whether any such serve in the force."})
    breaks = fields.Nested(ChanceSchema)


class StrengthSchema(Answer):
    """What is left to fight with, over time."""

    reliable_below = fields.Float(validate=SHARE)
    start = fields.Float(metadata={"description": "How many served as the window opened."})
    by = fields.String(metadata={"description": "The attribute of the levels at each date."})
    over_time = fields.List(fields.Nested(StrengthPointSchema))
    ledger = fields.Nested(LedgerSchema, metadata={"description": "At the end."})
    by_attribute = fields.Dict(
        keys=fields.String(), values=_by_level(LedgerSchema), metadata={"description": "At the end, by level."}
    )
    militias = fields.Nested(MilitiasToldSchema, metadata=optional("Only where there are any."))
    allies = fields.Float(metadata=optional("Mean of their number; only where there are any."))
    unit = fields.Nested(UnitToldSchema)


def strength_terms(stated: Mapping[str, Any], study: Study) -> StrengthTerms:
    """Return what is asked of strength; the study's own where nothing is stated."""
    terms = StrengthTerms.of(study)
    counted = {name: stated[name] for name in ("reliable_below", "by") if name in stated}
    return replace(terms, unit=replace(terms.unit, **stated.get("unit", {})), **counted)
