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
from model.risk.errors import LeverError, OutlookError
from priors.prior_sets import PRIOR_SETS
from service.api.faults import BODY
from service.api.fields import Array, Day, GroupWord, Number, Object, OneOf, Whole, Word
from service.api.schemas import Answer, StrictSchema
from service.errors import Fault, InvalidQuestionError
from service.served import Served

MOST_SELECTIONS: Final = 10
MOST_OFFERS: Final = 10
MOST_WORDS: Final = 20


def some_words() -> Array:
    """Return a field for words of one attribute, any of which will do."""
    return Array(GroupWord(), at_least=1, at_most=MOST_WORDS)


class SelectionSchema(StrictSchema):
    """All who agree in each attribute with one of the words; names of groups of levels are words too."""

    sect = some_words()
    rank = some_words()
    eliteness = some_words()
    proximity = some_words()


ATTRIBUTES: Final = tuple(SelectionSchema().fields)


class DefectionsSchema(StrictSchema):
    """Defections from one sect."""

    sect = Word(required=True)
    count = Whole(1, 1_000, required=True)


class ContagionSchema(StrictSchema):
    """Recent defections of one's own sect multiply the hazard, by the ratio once for each doubling of them."""

    apart = ("ratio", "prior_set")

    ratio = Number(1 / HEAVIEST, HEAVIEST, metadata={"description": "Supposed; else drawn from a prior set."})
    prior_set = OneOf(*PRIOR_SETS, metadata={"description": "That of the fit, where it is left out."})
    months = Whole(0, MOST_MONTHS, load_default=3, metadata={"description": "For how long a defection is recent."})
    against = OneOf(
        *AGAINST, load_default="expected", metadata={"description": "What recent defections are doublings of."}
    )
    intelligence_weight = Number(
        0, HEAVIEST, load_default=1.0, metadata={"description": "How much more those within its services count there."}
    )
    already = Array(
        Object(DefectionsSchema),
        at_least=0,
        at_most=MOST_SELECTIONS,
        load_default=list,
        metadata={"description": "Outside the force, just become known as the window opens."},
    )

    @validates_schema
    def check_apart(self, stated: Mapping[str, Any], **_: Any) -> None:
        """Raise ValidationError where both members are stated that are apart."""
        if "ratio" in stated and "prior_set" in stated:
            raise ValidationError("must be left out where a ratio is stated", "prior_set")


class ReprisalSchema(StrictSchema):
    """After a defection the hazard of those alike is multiplied by a factor, for some months."""

    factor = Number(0, LARGEST_FACTOR, required=True)
    months = Whole(0, MOST_MONTHS, load_default=6)
    same = Array(
        OneOf(*ATTRIBUTES),
        at_least=0,
        at_most=len(ATTRIBUTES),
        load_default=lambda: list(ATTRIBUTES),
        metadata={"description": "In what those alike agree; in all four where it is left out."},
    )


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
    """Return the levers that a question states, in the numbers of the version that answers.

    Raises
    ------
    InvalidQuestionError
        If the version does not know what a lever is about.
    """
    contagion = None if "contagion" not in stated else _contagion(stated["contagion"], served)
    reprisal = None if "reprisal" not in stated else _reprisal(stated["reprisal"], served)
    offers = tuple(_offer(each, served) for each in stated.get("incentives", ()))
    return Levers(contagion, reprisal, offers)


def _reprisal(stated: Mapping[str, Any], served: Served) -> Reprisal:
    same, claims = tuple(stated["same"]), served.facts.levers["reprisal"]
    return Reprisal(factor=stated["factor"], months=stated["months"], same=same, claims=claims)


def _offer(stated: Mapping[str, Any], served: Served) -> Offer:
    return Offer(
        factor=stated["factor"],
        selection=stated["to_whom"],
        start=stated["start"],
        months=stated.get("months"),
        claims=served.facts.levers["incentive"],
    )


def _contagion(stated: Mapping[str, Any], served: Served) -> Contagion:
    already = Counter[str]()
    for each in stated["already"]:
        already[each["sect"]] += each["count"]
    options = {name: stated[name] for name in ("months", "against", "intelligence_weight")} | {"already": dict(already)}
    if "ratio" in stated:
        return Contagion.stated(stated["ratio"], **options)
    try:
        return Contagion.from_prior(served.manifest, stated.get("prior_set"), **options)
    except LeverError as error:
        rule = "the version does not keep the numbers of its priors; fit one anew with `defection-risk refit`, or "
        raise _refused(rule + "state a ratio") from error
    except OutlookError as error:
        kept = tuple(served.manifest.get("prior_sets", ()))
        raise _refused("must be a prior set that the version keeps", kept) from error


def _refused(rule: str, nearest: tuple[str, ...] = ()) -> InvalidQuestionError:
    return InvalidQuestionError(BODY, [Fault("/levers/contagion/prior_set", rule, nearest)])
