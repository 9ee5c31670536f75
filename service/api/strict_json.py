"""JSON as RFC 8259 and every reader agree on it: what would be read differently elsewhere is refused."""

from __future__ import annotations

import json
import math
import re
from itertools import accumulate
from typing import Any, Final

from service.errors import StrictJSONError

DEEPEST: Final = 16
"""Levels of nesting; what the service reads has three."""

LONGEST_NUMBER: Final = 64
"""Characters of a number; the shortest text of any double has 24."""

# Strings first, so that brackets in them do not count; possessive and with an optional end, so that it stays linear.
NOT_BRACKETS: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[^"\[\]{}]++', re.DOTALL)


def loads(data: bytes) -> Any:
    """Read one JSON text.

    Parameters
    ----------
    data : bytes
        UTF-8 without a byte order mark.

    Returns
    -------
    object
        Dicts, lists, strings, finite numbers, booleans and None.

    Raises
    ------
    StrictJSONError
        If it is no JSON, nests deeper than 16 levels, names a member of an object twice, or holds NaN, an infinity, a
        number of over 64 characters or half a surrogate pair. The message quotes nothing of the text.
    """
    text = _decoded(data)
    _check_depth(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_members,
            parse_int=_integer,
            parse_float=_finite,
            parse_constant=_refused_constant,
        )
    except json.JSONDecodeError as error:
        raise StrictJSONError(f"must be one JSON text: broken at line {error.lineno}, column {error.colno}") from None
    if "\\u" in text:
        _check_surrogates(value)
    return value


def _decoded(data: bytes) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        raise StrictJSONError("must be UTF-8 without a byte order mark")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise StrictJSONError(f"must be UTF-8: byte {error.start} is not") from None


def _check_depth(text: str) -> None:
    """Count brackets before the parser, which recurses, sees them."""
    brackets = NOT_BRACKETS.sub("", text)
    if max(accumulate(1 if bracket in "[{" else -1 for bracket in brackets), default=0) > DEEPEST:
        raise StrictJSONError(f"must not nest deeper than {DEEPEST} levels")


def _check_surrogates(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise StrictJSONError("must not hold half a surrogate pair") from None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise StrictJSONError("must not name a member of an object twice")
    return members


def _integer(digits: str) -> int:
    _check_length(digits)
    return int(digits)


def _finite(digits: str) -> float:
    _check_length(digits)
    number = float(digits)
    if not math.isfinite(number):
        raise StrictJSONError("must not hold a number beyond the range of a double")
    return number


def _check_length(digits: str) -> None:
    if len(digits) > LONGEST_NUMBER:
        raise StrictJSONError(f"must not hold a number of more than {LONGEST_NUMBER} characters")


def _refused_constant(_name: str) -> Any:
    raise StrictJSONError("must not hold NaN or an infinity")
