"""Questions understood by their schema, and what is wrong with them: pointer, rule and nearest allowed values."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from marshmallow import Schema, ValidationError
from marshmallow.exceptions import SCHEMA
from marshmallow.experimental.context import Context

from priors.strict import OnlyMembers
from priors.study import Study
from service.errors import Fault, InvalidQuestionError
from service.served import Served

MOST_NEAREST: Final = 8
"""Allowed values named for one fault."""

COMPARED: Final = 64
"""Characters of a name, and names of one object, that are compared with the allowed ones."""

MOST_TOLD: Final = 3
"""Faults that the sentence of a refusal names."""

MOST_FAULTS: Final = 20
"""Faults that are told of one question; its lists are read no further than so many bad elements."""

BODY: Final = "GET /v1/vocabulary lists the words, GET /docs what a body may hold."
QUERY: Final = "GET /docs says what a query may hold."


def understood(
    takes: type[Schema],
    stated: Any,
    served: Served,
    *,
    remedy: str = BODY,
    example: Callable[[Study], Any] | None = None,
) -> dict[str, Any]:
    """Return what a body, or a query, asks.

    Parameters
    ----------
    takes : type of Schema
        Its members, words and days are those of the study.
    stated : object
        What the JSON of the body holds, of whatever type.
    served : Served
        The version in whose words it is understood.
    remedy : str
        Where to look for what may be asked.
    example : callable, optional
        Makes a body that can be sent, to show where this one has not the members of one.

    Raises
    ------
    InvalidQuestionError
        If its shape, a word or a day is wrong; it carries a fault for each of the first twenty.
    """
    with Context(served.study):
        try:
            asked: dict[str, Any] = served.once(takes, takes).load(stated)
        except ValidationError as error:
            found = tuple(islice(faults(error.messages_dict), MOST_FAULTS))
            misshapen = any(fault.pointer.count("/") <= 1 for fault in found)
            shown = example(served.study) if example is not None and misshapen else None
            told = [str(fault) for fault in found[:MOST_TOLD]]
            told += [f"`errors` has {len(found) - MOST_TOLD} more"] if len(found) > MOST_TOLD else []
            raise InvalidQuestionError(f"{'. '.join(told)}. {remedy}", found, example=shown) from error
    return asked


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
