"""Fields of marshmallow that never convert: each takes one type, bounds it, and names the nearest allowed value.

marshmallow, not pydantic: the service describes its bodies with it already, and both are held to one set of rules.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, Final, Self

from marshmallow import RAISE, Schema, ValidationError, fields, validate

MESSAGES: Final[Mapping[str, str]] = {
    "required": "must be given",
    "null": "must not be null; leave it out where it is not known",
    "invalid": "must be a string",
}
LONGEST_WORD: Final = 64


class Rule(str):
    """A message of a schema that also knows the nearest allowed values."""

    __slots__ = ("nearest",)
    nearest: tuple[str, ...]

    def __new__(cls, text: str, *, nearest: tuple[str, ...] = ()) -> Self:
        """Make a rule of a sentence without subject: "must be a string"."""
        rule = super().__new__(cls, text)
        rule.nearest = nearest
        return rule


class OnlyMembers(Rule):
    """The rule that an object has none but these members."""

    __slots__ = ()

    @classmethod
    def of(cls, *names: str) -> Self:
        """Return the rule for these names."""
        return cls(f"must have no members but {', '.join(names)}", nearest=names)


class StrictSchema(Schema):
    """An object that has its declared members and no others."""

    apart: tuple[str, ...] = ()
    """Members that are not to be stated together."""

    class Meta:
        """Options of marshmallow."""

        unknown = RAISE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        names = (field.data_key or name for name, field in self.declared_fields.items())
        self.error_messages |= {"type": "must be an object", "unknown": OnlyMembers.of(*names)}


class Plain[Value](fields.Field[Value]):
    """A field that is no string; options are marshmallow's."""

    def __init__(self, **options: Any) -> None:
        super().__init__(error_messages=dict(MESSAGES), **options)


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
