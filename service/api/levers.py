"""The levers of an outlook: how a body states them, and what they mean to the version that answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from marshmallow import ValidationError, fields, validates_schema

from model.outlook.levers import (
    AGAINST,
    HEAVIEST,
    LARGEST_FACTOR,
    MOST_MONTHS,
    Contagion,
    Levers,
    Offer,
    Reprisal,
)
from priors.strict import Number, OneOf, StrictSchema, Whole
from priors.study import Study
from service.api.fields import Array, Day, GroupWord, Object, PriorSet, Word
from service.api.schemas import Answer, OfStudy
from service.served import Served

MOST_SELECTIONS: Final = 10
MOST_OFFERS: Final = 10
MOST_WORDS: Final = 20


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
        *AGAINST, load_default="expected", metadata={"description": "What recent defections are doublings of."}
    )
    services_weight = Number(
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
        if of.behind.contagion is None:
            return {"ratio": Number(1 / HEAVIEST, HEAVIEST, required=True, metadata={"description": "Supposed."})}
        drawn = {"description": "Supposed; else drawn from a prior set."}
        return {
            "ratio": Number(1 / HEAVIEST, HEAVIEST, metadata=drawn),
            "prior_set": PriorSet(metadata={"description": "That of the fit, where it is left out."}),
        }

    @validates_schema
    def check_apart(self, stated: Mapping[str, Any], **_: Any) -> None:
        """Raise ValidationError where both members are stated that are apart."""
        if "ratio" in stated and "prior_set" in stated:
            raise ValidationError("must be left out where a ratio is stated", "prior_set")


class ReprisalSchema(OfStudy, StrictSchema):
    """After a defection the hazard of those alike is multiplied by a factor, for some months."""

    factor = Number(0, LARGEST_FACTOR, required=True)
    months = Whole(0, MOST_MONTHS, load_default=6)

    @staticmethod
    def members(of: Study) -> dict[str, fields.Field[Any]]:
        """Return the attributes in which those alike agree."""
        described = {"description": "The attributes in which those alike agree; all of them where it is left out."}
        names = of.vocabulary.names
        same = Array(
            OneOf(*names), at_least=0, at_most=len(names), load_default=lambda: list(names), metadata=described
        )
        return {"same": same}


class OfferSchema(StrictSchema):
    """From a day on the hazard of some is multiplied by a factor, for some months or for good."""

    factor = Number(0, LARGEST_FACTOR, required=True)
    start = Day(data_key="from", required=True)
    months = Whole(1, MOST_MONTHS)
    to_whom = Object(SelectionSchema, data_key="for", required=True)


class LeversSchema(StrictSchema):
    """What to suppose; each lever is off unless it is given."""

    contagion = Object(ContagionSchema)
    reprisal = Object(ReprisalSchema)
    incentives = Array(Object(OfferSchema), at_least=1, at_most=MOST_OFFERS)


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


def levers(stated: Mapping[str, Any], served: Served) -> Levers:
    """Return the levers that a question states, in the numbers of the version that answers."""
    contagion = None if "contagion" not in stated else _contagion(stated["contagion"], served)
    reprisal = None if "reprisal" not in stated else _reprisal(stated["reprisal"], served)
    offers = tuple(_offer(each, served) for each in stated.get("incentives", ()))
    return Levers(contagion, reprisal, offers)


def _reprisal(stated: Mapping[str, Any], served: Served) -> Reprisal:
    same, claims = tuple(stated["same"]), served.study.behind.claims["reprisal"]
    return Reprisal(factor=stated["factor"], months=stated["months"], same=same, claims=claims)


def _offer(stated: Mapping[str, Any], served: Served) -> Offer:
    return Offer(
        factor=stated["factor"],
        selection=stated["to_whom"],
        start=stated["start"],
        months=stated.get("months"),
        claims=served.study.behind.claims["incentive"],
    )


def _contagion(stated: Mapping[str, Any], served: Served) -> Contagion:
    study, already = served.study, Counter[str]()
    for each in stated["already"]:
        already[each[study.vocabulary.community.name]] += each["count"]
    options = {name: stated[name] for name in ("months", "against", "services_weight")} | {"already": dict(already)}
    if "ratio" in stated:
        return Contagion.stated(stated["ratio"], services=study.behind.services, **options)
    return Contagion.from_prior(served.manifest, study.behind, stated.get("prior_set"), **options)
