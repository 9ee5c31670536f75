"""The shape of the bodies that ask for outlooks and counterfactuals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import ValidationError, fields, validate

from model.risk.outlook import SEED
from model.risk.outlook_levers import AGAINST, HEAVIEST, LARGEST_FACTOR, MOST_MONTHS
from priors.prior_sets import PRIOR_SETS
from priors.vocabulary import ATTRIBUTES
from service.fields import MESSAGES, Array, Day, Object, OneOf, Word
from service.rules import Rule
from service.schemas import OfficerSchema, ProfileSchema, StrictSchema, TermsSchema

MOST_GROUPS: Final = 100
MOST_HEADS: Final = 1_000_000
MOST_NUMBERS: Final = 20
MOST_SELECTIONS: Final = 10
MOST_OFFERS: Final = 10
MOST_WORDS: Final = 20
MOST_PROFILES: Final = 100
LARGEST_SEED: Final = 2**53 - 1


class Between(validate.Range):
    """A number is not less than one and not more than another; names the nearest."""

    def __call__(self, value: Any) -> Any:
        """Return the value, or raise ValidationError."""
        if not self.min <= value <= self.max:
            nearest = self.min if value < self.min else self.max
            raise ValidationError(Rule(f"must be from {self.min:,} to {self.max:,}", nearest=(str(nearest),)))
        return value


class Number(fields.Float):
    """A number within bounds; no string and no boolean stands for one."""

    def __init__(self, at_least: float, at_most: float, **options: Any) -> None:
        super().__init__(validate=Between(at_least, at_most), error_messages=dict(MESSAGES), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> float:  # noqa: ARG002 - marshmallow's signature
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError("must be a number")
        return float(value)


class Whole(fields.Integer):
    """A whole number within bounds."""

    def __init__(self, at_least: int, at_most: int, **options: Any) -> None:
        super().__init__(validate=Between(at_least, at_most), error_messages=dict(MESSAGES), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> int:  # noqa: ARG002 - marshmallow's signature
        # JSON has one kind of number, in which 3.0 is a whole one.
        if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
            raise ValidationError("must be a whole number")
        return int(value)


class GroupSchema(ProfileSchema):
    """So many who share what is known of them; a group of which nothing is known is the corps as it is made up."""

    count = Whole(1, MOST_HEADS, required=True, metadata={"description": "How many."})


def some_words() -> Array:
    """Return a field for words of one attribute, any of which will do."""
    return Array(Word(), at_least=1, at_most=MOST_WORDS)


class SelectionSchema(StrictSchema):
    """All who agree in each attribute with one of the words; names of groups of levels are words too."""

    sect = some_words()
    rank = some_words()
    eliteness = some_words()
    proximity = some_words()


class DefectionsSchema(StrictSchema):
    """Defections from one sect."""

    sect = Word(required=True)
    count = Whole(1, 1_000, required=True)


class ContagionSchema(StrictSchema):
    """Recent defections of one's own sect multiply the hazard, by the ratio once for each doubling of them."""

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


class OutlookQuestionSchema(TermsSchema):
    """The body of `POST /v1/outlooks`."""

    force = Array(Object(GroupSchema), at_least=1, at_most=MOST_GROUPS, required=True)
    at_least = Array(
        Whole(1, MOST_GROUPS * MOST_HEADS),
        at_least=1,
        at_most=MOST_NUMBERS,
        metadata={"description": "Numbers of which the probability of at least so many is wanted."},
    )
    decisive = Array(
        Object(SelectionSchema),
        at_least=1,
        at_most=MOST_SELECTIONS,
        metadata={"description": "Whose leaving is decisive; generals of the core or of elite units by default."},
    )
    levers = Object(LeversSchema, load_default=dict)
    seed = Whole(0, LARGEST_SEED, load_default=SEED, metadata={"description": "Of all that is simulated."})


class CounterfactualQuestionSchema(TermsSchema):
    """The body of `POST /v1/counterfactuals`."""

    officers = Array(Object(OfficerSchema), at_least=1, at_most=MOST_PROFILES, required=True)
