"""What marshmallow finds wrong, as faults: a JSON pointer, the rule and the nearest allowed values."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any, Final, Self

from marshmallow.exceptions import SCHEMA

from service.errors import Fault

MOST_NEAREST: Final = 8
"""Allowed values named for one fault; no attribute has more levels."""

COMPARED: Final = 64
"""Characters of a name, and names of one object, that are compared with the allowed ones."""


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


def faults(messages: Any, pointer: str = "") -> Iterator[Fault]:
    """Yield a fault for each message of a `ValidationError`.

    A member that is not allowed is reported at its object: its own name is the caller's text, and is not echoed.

    Parameters
    ----------
    messages : dict, list or str
        The messages, as marshmallow nests them.
    pointer : str
        Where in the body they belong.
    """
    if isinstance(messages, Mapping):
        yield from _unknown_members(messages, pointer)
        for key, inner in messages.items():
            if not _is_unknown(inner):
                yield from faults(inner, pointer if key == SCHEMA else f"{pointer}/{key}")
    elif isinstance(messages, list):
        for message in messages:
            yield from faults(message, pointer)
    else:
        yield Fault(pointer, str(messages), getattr(messages, "nearest", ())[:MOST_NEAREST])


def _is_unknown(messages: Any) -> bool:
    return isinstance(messages, list) and len(messages) == 1 and isinstance(messages[0], OnlyMembers)


def _unknown_members(messages: Mapping[Any, Any], pointer: str) -> Iterator[Fault]:
    unknown = sorted(key for key, inner in messages.items() if _is_unknown(inner))
    if unknown:
        rule = messages[unknown[0]][0]
        close = (difflib.get_close_matches(key[:COMPARED], rule.nearest, n=1) for key in unknown[:COMPARED])
        nearest = tuple(dict.fromkeys(name for names in close for name in names))
        yield Fault(pointer, str(rule), nearest[:MOST_NEAREST])
