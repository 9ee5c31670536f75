"""The moves of an outlook: how a body states them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from marshmallow import ValidationError, fields, validates_schema

from model.outlook import contagion
from model.outlook.contagion import HEAVIEST
from model.outlook.moves import AGAINST, MOST_STOPPED, PUNISHED_MONTHS
from model.outlook.timing import MOST_MONTHS
from priors import moves as of_study
from priors import strict
from priors.strict import OneOf, StrictSchema, Whole
from priors.study import Study
from service.api.fields import Array, Day, GroupWord, Object, PriorSet, Word
from service.api.schemas import OfStudy, ProfileSchema

MOST_SELECTIONS: Final = 10
MOST_OFFERS: Final = 10
MOST_WORDS: Final = 20

DESCRIBED: Final[Mapping[str, str]] = {
    "hazard ratio": "Factor on the hazard.",
    "share": "Share.",
    "monthly rate": "Rate, a month.",
    "men": "How many men.",
}
DRAWN: Final = "Drawn from the study's interval where it is left out."


class SelectionSchema(OfStudy, StrictSchema):
    """All who agree in each attribute with one of the words; names of groups of levels are words too."""

    @staticmethod
    def members(of: Study) -> dict[str, fields.Field[Any]]:
        """Return words for each attribute, any of which will do."""
        return {name: Array(GroupWord(), at_least=1, at_most=MOST_WORDS) for name in of.vocabulary.names}


class DefectionsSchema(OfStudy, StrictSchema):
    """Defections from one community, which is a level of the study's first attribute."""

    count = Whole(1, 1_000, required=True)

    @staticmethod
    def members(of: Study) -> dict[str, fields.Field[Any]]:
        """Return a word for the community."""
        return {of.vocabulary.community.name: Word(required=True)}


class ContagionSchema(OfStudy, StrictSchema):
    """Recent defections of one's own community multiply the hazard, by the ratio once for each doubling of them."""

    months = Whole(0, MOST_MONTHS, load_default=3, metadata={"description": "For how long a defection is recent."})
    against = OneOf(
        *contagion.AGAINST,
        load_default=contagion.AGAINST[0],
        metadata={"description": "What recent defections are doublings of."},
    )
    services_weight = strict.Number(
        0,
        HEAVIEST,
        load_default=1.0,
        metadata={"description": "How much more those within the study's services of contagion count there."},
    )
    already = Array(
        Object(DefectionsSchema),
        at_least=0,
        at_most=MOST_SELECTIONS,
        load_default=list,
        metadata={"description": "Outside the force, just become known as the window opens."},
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.apart = ("ratio", "prior_set") if "prior_set" in self.fields else ()

    @staticmethod
    def members(of: Study) -> dict[str, fields.Field[Any]]:
        """Return the ratio, which must be stated where the study has no quantity that it may be drawn from."""
        if of.spreading.quantity is None:
            return {"ratio": _needed(strict.Number(1 / HEAVIEST, HEAVIEST, required=True))}
        drawn = {"description": "Supposed; else drawn from a prior set."}
        return {
            "ratio": strict.Number(1 / HEAVIEST, HEAVIEST, metadata=drawn),
            "prior_set": PriorSet(metadata={"description": "That of the fit, where it is left out."}),
        }

    @validates_schema
    def check_apart(self, stated: Mapping[str, Any], **_: Any) -> None:
        """Raise ValidationError where both members are stated that are apart."""
        if "ratio" in stated and "prior_set" in stated:
            raise ValidationError("must be left out where a ratio is stated", "prior_set")


class MoveSchema(OfStudy, StrictSchema):
    """A move, with its numbers."""

    move: ClassVar[str]

    @classmethod
    def members(cls, of: Study) -> dict[str, fields.Field[Any]]:
        """Return its numbers; one that the study has no interval for must be stated."""
        elicited = of.moves.get(cls.move, of_study.UNSTATED).numbers
        return {name: _number(scale, drawn=name in elicited) for name, scale in of_study.NUMBERS[cls.move].items()}


class TimedSchema(MoveSchema):
    """A move that is in force from a day on, for some months or for good."""

    start = Day(
        data_key="from", metadata={"description": "First day; where it is left out the study's, or the window's."}
    )
    months = Whole(1, MOST_MONTHS, metadata={"description": "For good where it is left out."})


class OnSomeSchema(TimedSchema):
    """A move that falls on some."""

    of = Object(SelectionSchema, metadata={"description": "On whom; where it is left out the study's, or everyone."})


class OfAKindSchema(TimedSchema):
    """A move by which men of a profile come."""

    of = Object(ProfileSchema, metadata={"description": "Who; where it is left out the study's, or as all who serve."})


class WatchSchema(OnSomeSchema):
    """A share of the attempts of some to leave is stopped, and the men with them."""

    move = "watch"
    against = OneOf(
        *AGAINST,
        load_default=AGAINST[0],
        metadata={
            "description": (
                "What the fitted hazard is taken for: `none`, that of attempts, of which a share is stopped; `fit`, "
                "that of attempts which were not stopped."
            )
        },
    )

    @validates_schema
    def check_share(self, stated: Mapping[str, Any], **_: Any) -> None:
        """Raise ValidationError where the fit is to hold a watch that lets hardly anyone go."""
        if stated["against"] == "fit" and stated.get("share", 0) > MOST_STOPPED:
            rule = f"must be at most {MOST_STOPPED:g} where the fit is taken to hold the watch"
            raise ValidationError(strict.Rule(rule, nearest=(f"{MOST_STOPPED:g}",)), "share")


class PurgeSchema(OnSomeSchema):
    """Some leave the service at a monthly rate, and others come in their places."""

    move = "purge"
    replaced_by = Object(
        ProfileSchema,
        metadata={
            "description": (
                "The levels that who comes has in place of those of the man removed, the study's where it is left out; "
                "nobody comes where it is empty."
            )
        },
    )


class PunishSchema(MoveSchema):
    """After a defection the hazard of those alike is multiplied by a factor, for some months."""

    move = "punish"
    months = Whole(0, MOST_MONTHS, load_default=PUNISHED_MONTHS)

    @classmethod
    def members(cls, of: Study) -> dict[str, fields.Field[Any]]:
        """Return its number, and the attributes in which those alike agree."""
        described = {"description": "The attributes in which those alike agree; all of them where it is left out."}
        names = of.vocabulary.names
        same = Array(
            OneOf(*names), at_least=0, at_most=len(names), load_default=lambda: list(names), metadata=described
        )
        return super().members(of) | {"same": same}


class ConfineSchema(TimedSchema):
    """Those of a high predicted risk are not deployed, and their hazard is multiplied by a factor."""

    move = "confine"
    above = strict.Number(
        0,
        1,
        metadata={
            "description": f"Fitted risk over the window from which on; the study's, or {of_study.RELIABLE_BELOW:g}."
        },
    )


class DeathsSchema(OnSomeSchema):
    """Some die, at a monthly rate."""

    move = "deaths"


class IntakeSchema(OfAKindSchema):
    """So many men a month are called up."""

    move = "intake"


class MilitiasSchema(OfAKindSchema):
    """So many men join beside the army, whose hazard is a factor of that of such men in it."""

    move = "militias"


class AlliesSchema(TimedSchema):
    """So many men join who do not defect."""

    move = "allies"


class OfferSchema(OnSomeSchema):
    """The hazard of some is multiplied by a factor."""

    move = "offers"


class MovesSchema(StrictSchema):
    """What to suppose; each move is off unless it is given."""

    contagion = Object(ContagionSchema)
    watch = Object(WatchSchema)
    purge = Object(PurgeSchema)
    punish = Object(PunishSchema)
    confine = Object(ConfineSchema)
    deaths = Object(DeathsSchema)
    intake = Object(IntakeSchema)
    militias = Object(MilitiasSchema)
    allies = Object(AlliesSchema)
    offers = Array(Object(OfferSchema), at_least=1, at_most=MOST_OFFERS)


def _number(scale: str, *, drawn: bool) -> fields.Field[Any]:
    if drawn:
        return strict.Number(*of_study.BOUNDS[scale], metadata={"description": f"{DESCRIBED[scale]} {DRAWN}"})
    return _needed(strict.Number(*of_study.BOUNDS[scale], required=True, metadata={"description": DESCRIBED[scale]}))


def _needed[Field: fields.Field[Any]](field: Field) -> Field:
    """Return a field that says why it is required."""
    field.error_messages["required"] = "must be given: the study has no interval that it could be drawn from"
    return field
