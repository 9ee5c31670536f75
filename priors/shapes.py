"""The files of a study: which entries each has, of which type, within which bounds.

`docs/studies.md` says what they mean; `priors.rules` what they must keep together.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, missing, validates_schema
from marshmallow.exceptions import SCHEMA

from priors.corps import LARGEST_ARMY
from priors.errors import Fault
from priors.strict import MESSAGES, Number, OneOf, OnlyMembers, Plain, Rule, StrictSchema, Text, Whole
from priors.yaml_files import Document, Path

LONGEST_QUOTE: Final = 15
"""Words of an article that may be quoted."""

SCALES: Final = ("risk", "hazard ratio", "share")
MEASURES: Final = (
    "risk", "risk ratio", "share of defections", "share of the forces", "hazard over time", "quantity",
)  # fmt: skip
"""What a prediction may be about."""

LONGEST: Final = 2_000
MOST_ENTRIES: Final = 1_000
NAME: Final = re.compile(r"[^\W_](?:[\w .&'’()+-]{0,62}[\w.)])?")
PLAIN_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
PARTIAL_DATE: Final = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")

TAKEN: Final = frozenset(
    (
        "id", "unit", "count", "from", "to", "by", "class", "use", "kind", "attribute", "window_from", "window_to",
        "total_low", "total_high", "count_low", "count_high", "overlaps", "source", "url", "note", "defected",
        "defected_on", "chain", "draw", "period", "cell", "quantity", "risk", "spread", "baseline", "service_class",
        "step", "rate", "rates", "composition", "compositions", "small_count", "small_counts", "list", "lists",
        "listed", "place", "row", "term", "hazard_ratio",
    )
)  # fmt: skip
"""Names that an attribute may not have: columns of files, members of questions, variables of the model."""


class Words(Text):
    """A sentence or a paragraph."""

    def __init__(self, **options: Any) -> None:
        super().__init__(longest=LONGEST, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options).strip()
        if not text:
            raise ValidationError("must not be empty")
        return text


class Flag(Plain[bool]):
    """Yes or no."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> bool:  # noqa: ARG002 - marshmallow's signature
        if not isinstance(value, bool):
            raise ValidationError(Rule("must be true or false", nearest=("true", "false")))
        return value


class Date(Plain[date]):
    """A date."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> date:  # noqa: ARG002 - marshmallow's signature
        if isinstance(value, datetime) or not isinstance(value, date):
            raise ValidationError("must be a date, YYYY-MM-DD")
        return value


class PartialDate(Plain[str]):
    """A date, a month or a year, as it is known."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> str:  # noqa: ARG002 - marshmallow's signature
        text = str(value)
        if isinstance(value, datetime) or not PARTIAL_DATE.fullmatch(text):
            raise ValidationError("must be a date, YYYY, YYYY-MM or YYYY-MM-DD")
        return text


class Link(Text):
    """An address."""

    def __init__(self, **options: Any) -> None:
        super().__init__(longest=LONGEST, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        if text and not text.startswith(("https://", "http://")):
            raise ValidationError("must begin with https:// or http://, or be left out")
        return text


class Entry(fields.Nested):
    """A mapping with a schema of its own."""

    def __init__(self, schema: type[Schema], **options: Any) -> None:
        super().__init__(schema, error_messages=dict(MESSAGES), **options)


class Listed(Plain[tuple[Any, ...]]):
    """A list of entries that are alike; of words each stands in it once."""

    def __init__(self, inner: fields.Field[Any], *, at_least: int = 1, **options: Any) -> None:
        self.inner = inner
        self.at_least = at_least
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> tuple[Any, ...]:  # noqa: ARG002 - marshmallow's signature
        if not isinstance(value, list):
            raise ValidationError("must be a list")
        if not self.at_least <= len(value) <= MOST_ENTRIES:
            raise ValidationError(f"must have {self.at_least} to {MOST_ENTRIES:,} entries")
        if again := [place for place, each in enumerate(value) if isinstance(each, str) and each in value[:place]]:
            raise ValidationError({place: ["must be given once"] for place in again})
        return tuple(_each(self.inner, enumerate(value)).values())


class Named(Plain[dict[str, Any]]):
    """Entries that are alike, by names."""

    def __init__(
        self,
        inner: fields.Field[Any],
        *,
        at_least: int = 1,
        names: re.Pattern[str] = NAME,
        taken: frozenset[str] = frozenset(),
        **options: Any,
    ) -> None:
        self.inner = inner
        self.at_least = at_least
        self.names = names
        self.taken = taken
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> dict[str, Any]:  # noqa: ARG002 - marshmallow's signature
        if not isinstance(value, dict):
            raise ValidationError("must be names with an entry each")
        if not self.at_least <= len(value) <= MOST_ENTRIES:
            raise ValidationError(f"must have {self.at_least} to {MOST_ENTRIES:,} entries")
        if misnamed := {name: [self._rule()] for name in value if not self.names.fullmatch(name)}:
            raise ValidationError(misnamed)
        if taken := {name: ["must have another name; this one is taken"] for name in value if name in self.taken}:
            raise ValidationError(taken)
        return _each(self.inner, value.items())

    def _rule(self) -> str:
        if self.names is PLAIN_NAME:
            return "must be named by a small letter, and up to 39 small letters, digits and underscores"
        return "must be named by up to 64 letters, digits, spaces and plain signs"


def _each(inner: fields.Field[Any], entries: Any) -> dict[Any, Any]:
    """Return what entries are loaded as, by their names or places."""
    found, messages = {}, {}
    for name, entry in entries:
        try:
            found[name] = inner.deserialize(entry)
        except ValidationError as error:
            messages[name] = error.messages
    if messages:
        raise ValidationError(messages)
    return found


class Interval(Plain[tuple[float, float]]):
    """A lower and an upper bound, that rise from above 0."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> Any:  # noqa: ARG002 - marshmallow's signature
        if not isinstance(value, list) or [type(each) in {int, float} for each in value] != [True, True]:
            raise ValidationError("must be two numbers, as in [0.1, 0.5]")
        lower, upper = map(float, value)
        if not 0 < lower < upper < float("inf"):
            raise ValidationError(f"must rise from above 0, not {lower:g} to {upper:g}")
        return lower, upper


class Described(Plain[dict[str, str]]):
    """Words for levels by attribute, of which several may stand with strokes between."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> Any:  # noqa: ARG002 - marshmallow's signature
        if not isinstance(value, dict) or not all(isinstance(words, str) for words in value.values()):
            raise ValidationError("must be words by attribute, as in {attribute: level | level}")
        return dict(value)


class Profile(Plain[dict[str, str]]):
    """A word for each of some attributes."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> Any:  # noqa: ARG002 - marshmallow's signature
        if not isinstance(value, dict) or not all(isinstance(word, str) for word in value.values()):
            raise ValidationError("must be a word by attribute, as in {attribute: level}")
        return dict(value)


def positive() -> Number:
    """Return a field for a number above 0."""
    return Number(1e-9, 1e9, required=True)


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


class ContagionShape(StrictSchema):
    """What contagion draws its ratio from, and who stand in services that watch."""

    quantity = Text(required=True)
    services = Described(load_default=dict)


class ClaimedShape(StrictSchema):
    """The claims behind a lever."""

    claims = Listed(Text(), required=True)


class LeversShape(StrictSchema):
    """What stands behind the levers of an outlook."""

    contagion = Entry(ContagionShape)
    reprisal = Entry(ClaimedShape)
    incentive = Entry(ClaimedShape)


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
    levers = Entry(LeversShape, load_default=dict)
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


class OfWhom(Plain[Any]):
    """What a prediction is of: words by attribute, periods, or the name of a quantity."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> Any:  # noqa: ARG002 - marshmallow's signature
        if isinstance(value, dict):
            return Described().deserialize(value)
        if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
            return tuple(value)
        if isinstance(value, str):
            return value
        raise ValidationError("must be words by attribute, a list of periods, or the name of a quantity")


class PredictionShape(StrictSchema):
    """A statement that is true or false of each draw of a fit."""

    measure = OneOf(*MEASURES, required=True)
    of = OfWhom(required=True)
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
    bears_on = Named(Interval(), at_least=0, required=True)
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
    spreads = Named(Entry(SpreadShape), names=PLAIN_NAME, at_least=0, load_default=dict)
    step_concentration = positive()
    count_concentration = Entry(CountShape, required=True)
    claims = Named(Entry(ClaimShape), required=True)


class HeadsShape(StrictSchema):
    """How many serve when the study begins."""

    source = Words(required=True)
    all = Whole(1, LARGEST_ARMY, required=True)
    by_class = Named(Whole(1, LARGEST_ARMY), at_least=0, load_default=dict)


class ClassShape(StrictSchema):
    """A class of service: its share of all, and of whom it is."""

    share = Number(1e-6, 1, required=True)
    of = Described(load_default=dict)


class CommunitiesShape(StrictSchema):
    """The communities' shares within each class."""

    source = Words(required=True)
    rest_concentration = positive()
    by_class = Named(Named(Number(1e-9, 1)), required=True)


class Shares(Plain[Any]):
    """Shares by level, or in the order of the table's `levels`."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> Any:  # noqa: ARG002 - marshmallow's signature
        share = Number(1e-9, 1)
        if isinstance(value, list):
            return tuple(_each(share, enumerate(value)).values())
        if isinstance(value, dict):
            return _each(share, value.items())
        raise ValidationError("must be shares by level")


class RowShape(StrictSchema):
    """How those of a kind divide over the levels of an attribute."""

    where = Described(load_default=dict)
    shares = Shares(required=True)


class TableShape(StrictSchema):
    """How those who serve divide over the levels of an attribute."""

    source = Words(required=True)
    levels = Listed(Text())
    rows = Listed(Entry(RowShape), required=True)


class CorpsShape(StrictSchema):
    """`corps.yaml`."""

    heads = Entry(HeadsShape, required=True)
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


def broken_shapes(documents: Mapping[str, Document]) -> tuple[dict[str, Any], list[Fault]]:
    """Return the sections of files that are well-formed, by name, and every mistake in the others.

    Parameters
    ----------
    documents : mapping of str to Document
        By file; a file that could not be read is left out.
    """
    sections: dict[str, Any] = {}
    found: list[Fault] = []
    for file, document in documents.items():
        schema = SHAPES[file]()
        try:
            sections |= schema.load(document.data)
        except ValidationError as error:
            found += islice(_told(document, error.messages, ()), MOST_ENTRIES)
            if isinstance(error.valid_data, dict):
                sections |= {name: data for name, data in error.valid_data.items() if name not in error.messages}
                sections |= {
                    name: field.load_default
                    for name, field in schema.fields.items()
                    if name not in sections and name not in error.messages and field.load_default is not missing
                }
    return {name: data() if callable(data) else data for name, data in sections.items()}, found


def _told(document: Document, messages: Any, path: Path) -> Iterator[Fault]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _told(document, inner, path if key == SCHEMA else (*path, key))
        return
    for message in messages if isinstance(messages, list) else [messages]:
        if isinstance(message, OnlyMembers):
            near = difflib.get_close_matches(str(path[-1]), message.nearest) or message.nearest
            yield document.fault(path, "there is no entry of this name", tuple(near))
        else:
            rule = "must be names with an entry each" if message == StrictSchema().error_messages["type"] else message
            yield document.fault(path, str(rule), getattr(message, "nearest", ()))
