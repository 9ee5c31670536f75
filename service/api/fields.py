"""Strict schema fields: each takes one JSON type, bounds it first, never converts, and knows the vocabulary."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate
from marshmallow.experimental.context import Context

from priors.errors import UnknownWordError
from priors.vocabulary import Vocabulary
from service.api.faults import MOST_FAULTS, MOST_NEAREST, Rule

MESSAGES: Final[Mapping[str, str]] = {
    "required": "must be given",
    "null": "must not be null; leave it out where it is not known",
    "invalid": "must be a string",
}
LONGEST_WORD: Final = 64
ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def vocabulary() -> Vocabulary:
    """Return the vocabulary by which the question at hand is understood."""
    return Context[Vocabulary].get()


class Text(fields.String):
    """A string of at most so many characters."""

    def __init__(self, *, longest: int = LONGEST_WORD, **options: Any) -> None:
        self.longest = longest
        super().__init__(error_messages=dict(MESSAGES), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **options)
        if len(text) > self.longest:
            raise ValidationError(f"must have at most {self.longest} characters")
        return text


class Word(Text):
    """A word for a level of the attribute that the field is named after; it is loaded as the name of the level."""

    rule = "must be a word of the vocabulary"

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> str:
        word = super()._deserialize(value, attr, data, **options)
        try:
            return self.meaning(word)
        except UnknownWordError as error:
            raise ValidationError(Rule(self.rule, nearest=error.nearest[:MOST_NEAREST])) from error

    def meaning(self, word: str) -> str:
        """Return what a word is loaded as, or raise UnknownWordError."""
        return vocabulary().level(str(self.name), word)


class UnitWord(Word):
    """A named unit, loaded as the eliteness it stands for."""

    def meaning(self, word: str) -> str:
        """Return what a word is loaded as, or raise UnknownWordError."""
        return vocabulary().unit_level(word)


class GroupWord(Word):
    """A word for a level, or the name of a group of levels, loaded as it is."""

    rule = "must be a word of the vocabulary, or the name of a group of levels"

    def meaning(self, word: str) -> str:
        """Return what a word is loaded as, or raise UnknownWordError."""
        vocabulary().levels(str(self.name), word)
        return word


class Choice(validate.OneOf):
    """A string is one of a few; names the nearest, or all."""

    def __call__(self, value: Any) -> Any:
        """Return the value, or raise ValidationError."""
        if value not in self.choices:
            near = difflib.get_close_matches(value[:LONGEST_WORD].lower(), self.choices)
            raise ValidationError(
                Rule(f"must be one of {', '.join(self.choices)}", nearest=(*near,) or (*self.choices,))
            )
        return value


class OneOf(Text):
    """A string that must be one of a few."""

    def __init__(self, *choices: str, **options: Any) -> None:
        super().__init__(**options)
        self.validators.append(Choice(choices))


class Plain[Value](fields.Field[Value]):
    """A field that is no string; options are marshmallow's."""

    def __init__(self, **options: Any) -> None:
        super().__init__(error_messages=dict(MESSAGES), **options)


class Day(Plain[date]):
    """A date as `YYYY-MM-DD`, in no other of the forms that ISO 8601 knows."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> date:  # noqa: ARG002 - marshmallow's signature
        if isinstance(value, str) and ISO_DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        raise ValidationError("must be a date as a string, YYYY-MM-DD")


class StudyDay(Day):
    """A day of the study."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> date:
        day = super()._deserialize(value, attr, data, **options)
        window = vocabulary().study.window
        first, last = window.start, window.end - timedelta(days=1)
        if not first <= day <= last:
            nearest = str(min(max(day, first), last))
            raise ValidationError(Rule(f"must lie in the study, from {first} to {last}", nearest=(nearest,)))
        return day


class Probability(Plain[float]):
    """A number strictly between 0 and 1; no string and no boolean stands for one."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> float:  # noqa: ARG002 - marshmallow's signature
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError("must be a number")
        if not 0 < value < 1:
            nearest = "0.01" if value <= 0 else "0.99"
            raise ValidationError(Rule("must lie strictly between 0 and 1", nearest=(nearest,)))
        return float(value)


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


class Object(fields.Nested):
    """An object with a schema of its own."""

    def __init__(self, schema: type[Schema], **options: Any) -> None:
        super().__init__(schema, error_messages=dict(MESSAGES), **options)


class Array(fields.List[Any]):
    """A list whose length is checked before its elements, and which stops at the twentieth bad one.

    marshmallow's own list reads, and complains of, every element before a validator sees how many there are.

    Parameters
    ----------
    inner : Field
        What each element is.
    at_least, at_most : int
        How many there may be.
    """

    def __init__(self, inner: fields.Field[Any], *, at_least: int, at_most: int, **options: Any) -> None:
        self.at_least = at_least
        self.at_most = at_most
        super().__init__(inner, error_messages=dict(MESSAGES), **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> list[Any]:  # noqa: ARG002 - marshmallow's signature
        if not isinstance(value, list):
            raise ValidationError("must be an array")
        if not self.at_least <= len(value) <= self.at_most:
            raise ValidationError(f"must hold {self.at_least} to {self.at_most:,} elements")
        elements, messages = [], {}
        for index, each in enumerate(value):
            try:
                elements.append(self.inner.deserialize(each, **options))
            except ValidationError as error:
                messages[index] = error.messages
                if len(messages) == MOST_FAULTS:
                    break
        if messages:
            raise ValidationError(messages)
        return elements
