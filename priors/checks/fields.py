"""What the entries of a study's files are made of: fields that take one type, bound it, and never convert."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields

from priors.corps import LARGEST_ARMY
from priors.strict import (
    MESSAGES,
    Number,
    Plain,
    Rule,
    Text,
)

LONGEST: Final = 2_000

MOST_ENTRIES: Final = 1_000

NAME: Final = re.compile(r"[^\W_](?:[\w .&'’()+-]{0,62}[\w.)])?")

PLAIN_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")

PARTIAL_DATE: Final = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")


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
        return tuple(each_of(self.inner, enumerate(value)).values())


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
        return each_of(self.inner, value.items())

    def _rule(self) -> str:
        if self.names is PLAIN_NAME:
            return "must be named by a small letter, and up to 39 small letters, digits and underscores"
        return "must be named by up to 64 letters, digits, spaces and plain signs"


def each_of(inner: fields.Field[Any], entries: Any) -> dict[Any, Any]:
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
        if 0 < upper < lower < float("inf"):
            turned = f"[{upper:.10g}, {lower:.10g}]"
            raise ValidationError(Rule(f"must rise, not from {lower:.10g} to {upper:.10g}", nearest=(turned,)))
        if not 0 < lower < upper < float("inf"):
            raise ValidationError(f"must rise from above 0, not {lower:g} to {upper:g}")
        return lower, upper


class HeadsInterval(Interval):
    """Bounds on how many men there are."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> Any:
        lower, upper = super()._deserialize(value, attr, data, **options)
        if lower < 1:
            raise ValidationError(Rule("must be of at least one man", nearest=(f"[1, {upper:.10g}]",)))
        if upper > LARGEST_ARMY:
            raise ValidationError(Rule(f"must be of at most {LARGEST_ARMY:,} men", nearest=(str(LARGEST_ARMY),)))
        return lower, upper


class Strength(Plain[float]):
    """How sure a table is, as a number of men counted."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> float:  # noqa: ARG002 - marshmallow's signature
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError(Rule("must be a number", nearest=("4",)))
        if not 0 < value <= LARGEST_ARMY:
            nearest = "4" if value <= 0 else str(LARGEST_ARMY)
            raise ValidationError(Rule(f"must be above 0, and at most {LARGEST_ARMY:,}", nearest=(nearest,)))
        return float(value)


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


class OfWhom(Plain[Any]):
    """What a prediction is of: words by attribute, periods, the name of a quantity, or a day."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> Any:  # noqa: ARG002 - marshmallow's signature
        if isinstance(value, dict):
            return Described().deserialize(value)
        if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
            return tuple(value)
        if isinstance(value, str):
            return value
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        raise ValidationError("must be words by attribute, a list of periods, the name of a quantity, or a day")


class Shares(Plain[Any]):
    """Shares by level, or in the order of the table's `levels`."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> Any:  # noqa: ARG002 - marshmallow's signature
        share = Number(1e-9, 1)
        if isinstance(value, list):
            return tuple(each_of(share, enumerate(value)).values())
        if isinstance(value, dict):
            return each_of(share, value.items())
        raise ValidationError("must be shares by level")


def positive() -> Number:
    """Return a field for a number above 0."""
    return Number(1e-9, 1e9, required=True)
