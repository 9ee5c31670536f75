"""The files of a study: which entries each has, of which type, within which bounds.

`docs/studies.md` says what they mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from marshmallow import Schema, ValidationError, validates_schema

from priors.checks.fields import (
    PLAIN_NAME,
    Date,
    Described,
    Entry,
    Flag,
    HeadsInterval,
    Interval,
    Link,
    Listed,
    Named,
    OfWhom,
    PartialDate,
    Profile,
    Shares,
    Strength,
    Words,
    positive,
)
from priors.checks.moves_shapes import MovesShape, StrengthShape
from priors.claims import BASES
from priors.strict import Number, OneOf, StrictSchema, Text

LONGEST_QUOTE: Final = 15
"""Words of an article that may be quoted."""

SCALES: Final = ("risk", "hazard ratio", "share")

PARTS: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "risk": (frozenset({"of"}), frozenset()),
    "risk ratio": (frozenset({"of", "to"}), frozenset()),
    "share of defections": (frozenset({"of"}), frozenset({"among"})),
    "share of the forces": (frozenset({"of"}), frozenset({"among"})),
    "number of defections": (frozenset({"of"}), frozenset({"from", "to"})),
    "hazard over time": (frozenset({"of", "to"}), frozenset()),
    "quantity": (frozenset({"of"}), frozenset()),
}
"""By measure, which is what a prediction may be about, the parts that it must and may have."""

TAKEN: Final = frozenset(
    (
        "id", "unit", "count", "from", "to", "by", "class", "use", "kind", "attribute", "window_from", "window_to",
        "total_low", "total_high", "count_low", "count_high", "bound_by", "overlaps", "source", "url", "published_on",
        "note", "defected", "defected_on", "chain", "draw", "period", "cell", "quantity", "risk", "spread", "baseline",
        "service_class", "step", "rate", "rates", "composition", "compositions", "small_count", "small_counts", "list",
        "lists", "listed", "place", "row", "term", "hazard_ratio", "heads", "cell_heads", "drift",
    )
)  # fmt: skip
"""Names that an attribute may not have: columns of files, members of questions, variables of the model."""


class WindowShape(StrictSchema):
    """From a first day up to, and without, another."""

    start = Date(data_key="from", required=True)
    end = Date(data_key="to", required=True)
    source = Words()


class PeriodShape(StrictSchema):
    """A part of the window in which the hazard of the reference profile is constant."""

    name = Text(required=True)
    start = Date(data_key="from", required=True)
    end = Date(data_key="to", required=True)


class ArticleShape(StrictSchema):
    """Who claims."""

    author = Words(required=True)
    called = Text(required=True)
    date = PartialDate(required=True)
    title = Words(required=True)
    published = Words(required=True)
    link = Link(load_default="")
    stands = Words(required=True)
    says = Words(required=True)


class NamedProfileShape(StrictSchema):
    """A profile that reports show."""

    name = Text(required=True)
    profile = Profile(required=True)


class RoleShape(StrictSchema):
    """A quantity that stands for a role, or one over it."""

    quantity = Text(required=True)
    inverse = Flag(load_default=False)


class CaseShape(StrictSchema):
    """A kind of man of whom at least one left by a day, or none did."""

    title = Words(required=True)
    profile = Profile(required=True)
    by = Date(required=True)
    happened = Flag(required=True)
    rests = Words(required=True)
    claims = Listed(Text(), at_least=0, load_default=())


class StudyShape(StrictSchema):
    """`study.yaml`."""

    title = Words(required=True)
    question = Words(required=True)
    limits = Words(required=True)
    window = Entry(WindowShape, required=True)
    periods = Listed(Entry(PeriodShape), required=True)
    articles = Named(Entry(ArticleShape), required=True)
    profiles = Listed(Entry(NamedProfileShape), required=True)
    decisive = Listed(Described(), required=True)
    decisive_widened = Listed(Described(), at_least=0, load_default=())
    moves = Entry(MovesShape, load_default=dict)
    strength = Entry(StrengthShape, load_default=dict)
    roles = Named(Entry(RoleShape), at_least=0, load_default=dict)
    topics = Named(Text(), at_least=0, load_default=dict)
    cases = Listed(Entry(CaseShape), at_least=0, load_default=())


class LevelShape(StrictSchema):
    """A level of an attribute."""

    called = Text()
    plural = Text()
    definition = Words(required=True)
    source = Words(required=True)
    synonyms = Listed(Text(), at_least=0, load_default=())


class GroupShape(StrictSchema):
    """Some levels that have a name together."""

    called = Text(required=True)
    levels = Listed(Text(), required=True)


class AttributeShape(StrictSchema):
    """One of the things that a profile says."""

    definition = Words(required=True)
    reads = Text()
    ordered = Flag(required=True)
    reference = Text(required=True)
    levels = Named(Entry(LevelShape), required=True)
    groups = Named(Entry(GroupShape), at_least=0, load_default=dict)


class UnitShape(StrictSchema):
    """A unit, and the level that it stands for."""

    level = Text(required=True)
    synonyms = Listed(Text(), at_least=0, load_default=())


class UnitsShape(StrictSchema):
    """Units that may be named in place of a level of one attribute."""

    attribute = Text(required=True)
    named = Named(Entry(UnitShape), required=True)


class VocabularyShape(StrictSchema):
    """`vocabulary.yaml`."""

    everyone = Text(required=True)
    attributes = Named(Entry(AttributeShape), names=PLAIN_NAME, taken=TAKEN, required=True)
    units = Entry(UnitsShape, load_default=None)


class QuantityShape(StrictSchema):
    """Something that claims bear on."""

    scale = OneOf(*SCALES, required=True)
    definition = Words(required=True)
    without_claims = Interval(required=True)
    attribute = Text()
    levels = Listed(Text(), load_default=())
    spread = Text()
    varies_by = Text()
    period = Text()
    since = Text()
    outside_the_fit = Words()
    service_class = Text(data_key="class")
    level = Text()


class BaselineShape(StrictSchema):
    """How the hazard of the reference profile moves."""

    level = Listed(Text(), required=True)
    spread = Text()


class SpreadShape(StrictSchema):
    """How far a group varies about what is claimed of it."""

    sigma = Number(0.01, 10, required=True)
    definition = Words(required=True)


class CountShape(StrictSchema):
    """How much less a row of counts is worth than independent draws."""

    interval = Interval(required=True)
    definition = Words(required=True)


class NewsworthinessShape(StrictSchema):
    """How much likelier a list is to name a man of the next level."""

    interval = Interval(required=True)
    definition = Words(required=True)


class LinkShape(StrictSchema):
    """What a claim says of a quantity."""

    interval = Interval(required=True)
    basis = OneOf(*BASES, required=True)
    horizon = Words(required=True)


class PredictionShape(StrictSchema):
    """A statement that is true or false of each draw of a fit."""

    measure = OneOf(*PARTS, required=True)
    of = OfWhom(required=True)
    start = Date(data_key="from", attribute="from")
    to = OfWhom()
    among = Described()
    above = Number(0, 1e9)
    below = Number(0, 1e9)

    @validates_schema
    def check_bounds(self, stated: Mapping[str, Any], **_: Any) -> None:
        """Raise ValidationError unless there is a bound."""
        if "above" not in stated and "below" not in stated:
            raise ValidationError("must have a bound: `above`, `below`, or both", "measure")


class ClaimShape(StrictSchema):
    """A sentence of an article, and what it supports."""

    source = Text(required=True)
    quote = Words(required=True)
    says = Words(required=True)
    strength = Words(required=True)
    bears_on = Named(Entry(LinkShape), at_least=0, required=True)
    prediction = Entry(PredictionShape)
    not_testable = Words()

    @validates_schema
    def check_testable(self, stated: Mapping[str, Any], **_: Any) -> None:
        """Raise ValidationError unless it is said how it is tested, or why it is not; and where a quote is long."""
        if ("prediction" in stated) == ("not_testable" in stated):
            raise ValidationError("must have a prediction, or say why it is `not_testable`", "says")
        if len(stated.get("quote", "").split()) > LONGEST_QUOTE:
            raise ValidationError(f"must have at most {LONGEST_QUOTE} words", "quote")


class ClaimsShape(StrictSchema):
    """`claims.yaml`."""

    quantities = Named(Entry(QuantityShape), names=PLAIN_NAME, required=True)
    baseline = Entry(BaselineShape, required=True)
    over_time = Named(Text(), at_least=0, load_default=dict)
    spreads = Named(Entry(SpreadShape), names=PLAIN_NAME, at_least=0, load_default=dict)
    step_concentration = positive()
    count_concentration = Entry(CountShape, required=True)
    newsworthiness = Named(Entry(NewsworthinessShape), at_least=0, load_default=dict)
    claims = Named(Entry(ClaimShape), required=True)


class HeadsShape(StrictSchema):
    """How many men of a class serve when the study begins."""

    interval = HeadsInterval(required=True)
    source = Words(required=True)


class ClassShape(StrictSchema):
    """A class of service: of whom it is, and how many they are."""

    of = Described(load_default=dict)
    heads = Entry(HeadsShape, required=True)


class CommunitiesShape(StrictSchema):
    """The communities' shares within each class."""

    source = Words(required=True)
    rest_concentration = positive()
    by_class = Named(Named(Number(1e-9, 1)), required=True)


class RowShape(StrictSchema):
    """How those of a kind divide over the levels of an attribute."""

    where = Described(load_default=dict)
    shares = Shares(required=True)


class TableShape(StrictSchema):
    """How those who serve divide over the levels of an attribute."""

    source = Words(required=True)
    strength = Strength(required=True)
    levels = Listed(Text())
    rows = Listed(Entry(RowShape), required=True)


class CorpsShape(StrictSchema):
    """`corps.yaml`."""

    classes = Named(Entry(ClassShape), names=PLAIN_NAME, required=True)
    communities = Entry(CommunitiesShape, required=True)
    tables = Named(Entry(TableShape), at_least=0, load_default=dict)


SHAPES: Final[Mapping[str, Callable[[], Schema]]] = {
    "study.yaml": StudyShape,
    "vocabulary.yaml": VocabularyShape,
    "claims.yaml": ClaimsShape,
    "corps.yaml": CorpsShape,
}
"""By file."""


def file_of(section: str | int) -> str:
    """Return the file that a section stands in."""
    return next(file for file, shape in SHAPES.items() if section in shape().fields)
