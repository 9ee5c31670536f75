"""Strict schema fields: each takes one JSON type, bounds it first, never converts, and knows the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields
from marshmallow.experimental.context import Context

from priors.errors import UnknownWordError
from priors.strict import MESSAGES, Choice, Plain, Rule, Text
from priors.study import Study
from priors.vocabulary import Vocabulary
from service.api.faults import MOST_FAULTS, MOST_NEAREST, faults
from service.errors import Fault

ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def study() -> Study:
    """Return the study by which the question at hand is understood."""
    return Context[Study].get()


def vocabulary() -> Vocabulary:
    """Return its vocabulary."""
    return study().vocabulary


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
    """A named unit, loaded as the level it stands for."""

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


class PriorSet(Text):
    """The name of a prior set of the study."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> str:
        name: str = Choice(tuple(study().claims.prior_sets))(super()._deserialize(value, attr, data, **options))
        return name


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
        window = vocabulary().timeline.window
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
            percent = round(value / 100, 6) if 1 < value < 100 else 1  # noqa: PLR2004 - in a hundred
            nearest = "0.01" if value <= 0 else f"{percent:g}" if percent < 1 else "0.99"
            raise ValidationError(Rule("must lie strictly between 0 and 1", nearest=(nearest,)))
        return float(value)


class Amount(Plain[float]):
    """A number, whose bounds follow from what it is an amount of; no string and no boolean stands for one."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> float:  # noqa: ARG002 - marshmallow's signature
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValidationError("must be a number")
        return float(value)


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


class ByName(fields.Dict):
    """An object whose members are the caller's to name, and all alike; no name is told in what is wrong with it.

    Parameters
    ----------
    inner : Field
        What each member is.
    at_most : int
        How many there may be.
    """

    def __init__(self, inner: fields.Field[Any], *, at_most: int, **options: Any) -> None:
        self.at_most = at_most
        self.name_field, self.inner = Text(), inner
        super().__init__(keys=self.name_field, values=inner, error_messages=dict(MESSAGES), **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> dict[str, Any]:  # noqa: ARG002 - marshmallow's signature
        if not isinstance(value, dict):
            raise ValidationError("must be an object")
        if len(value) > self.at_most:
            raise ValidationError(f"must have at most {self.at_most:,} members")
        try:
            return {
                str(self.name_field.deserialize(name)): self.inner.deserialize(each) for name, each in value.items()
            }
        except ValidationError as error:
            raise ValidationError([_of_each(fault) for fault in faults(error.messages)]) from error


def _of_each(fault: Fault) -> Rule:
    """Return a fault of one of many members as a rule that all of them keep."""
    place = f"`{fault.pointer[1:]}` " if fault.pointer else ""
    return Rule(f"{place}{fault.rule}, in each member", nearest=fault.nearest)
