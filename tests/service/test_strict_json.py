"""JSON that readers understand differently is refused, in bounded time."""

from __future__ import annotations

import contextlib
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.api.strict_json import DEEPEST, loads
from service.errors import StrictJSONError

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text('ab[{"\\}', max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(plain, st.booleans())
def test_reads_what_python_wrote(value: object, escaped: bool) -> None:  # noqa: FBT001 - drawn
    """Any ordinary value comes back as it was, whether or not its text was escaped."""
    assert loads(json.dumps(value, ensure_ascii=escaped).encode()) == value


@given(st.binary(max_size=60))
def test_bytes_are_read_or_refused(data: bytes) -> None:
    """No bytes lead to anything but a value or the one error."""
    with contextlib.suppress(StrictJSONError):
        loads(data)


REFUSED = {
    "empty": b"",
    "blank": b" \n",
    "trailing comma": b'{"a":1,}',
    "trailing garbage": b"{} x",
    "two texts": b"{}{}",
    "single quotes": b"{'a':1}",
    "comment": b"{} // x",
    "bare word": b"nil",
    "duplicate keys": b'{"a":1,"a":1}',
    "duplicate keys by escape": b'{"a":1,"\\u0061":1}',
    "duplicate keys deep down": b'{"x":[{"a":1,"a":2}]}',
    "NaN": b"[NaN]",
    "Infinity": b"[Infinity]",
    "-Infinity": b"[-Infinity]",
    "number beyond a double": b"[1e999]",
    "integer of 5,000 digits": b"[" + b"9" * 5000 + b"]",
    "fraction of 5,000 digits": b"[0." + b"1" * 5000 + b"]",
    "leading zero": b"[01]",
    "plus": b"[+1]",
    "digits of another script": "[\u0661]".encode(),
    "lone high surrogate": b'["\\ud800"]',
    "lone low surrogate": b'["\\udc00"]',
    "lone surrogate as a key": b'{"\\udfff":1}',
    "surrogate in UTF-8": b'["\xed\xa0\x80"]',
    "control character in a string": b'["\x00"]',
    "byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "UTF-32": '{"a":1}'.encode("utf-32"),
    "Latin-1": '["\u00e9"]'.encode("latin-1"),
    "overlong UTF-8": b'["\xc0\xaf"]',
    "arrays too deep": b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
    "objects too deep": b'{"a":' * (DEEPEST + 1) + b"1" + b"}" * (DEEPEST + 1),
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED.keys())
def test_refuses(data: bytes) -> None:
    """What is not strict JSON is refused with a rule."""
    with pytest.raises(StrictJSONError, match="must"):
        loads(data)


def test_the_deepest_allowed_is_read() -> None:
    """Nesting up to the limit is read, and brackets in strings do not count."""
    text = b"[" * DEEPEST + b'"' + b"[{" * 100 + b'\\"["' + b"]" * DEEPEST
    assert loads(text)


def test_a_surrogate_pair_is_a_character() -> None:
    """Two halves together are read as the character they mean."""
    assert loads(b'"\\ud83d\\ude00"') == "\N{GRINNING FACE}"


MEBIBYTE = 1 << 20
HOSTILE = {
    "opening brackets": b"[" * 2 * MEBIBYTE,
    "opening braces": b'{"a":' * (MEBIBYTE // 3),
    "brackets by turns": b"[]" * MEBIBYTE,
    "quotes": b'"' * 2 * MEBIBYTE,
    "escaped quotes": b'"' + b'\\"' * MEBIBYTE,
    "backslashes": b"\\" * 2 * MEBIBYTE,
    "digits": b"9" * 2 * MEBIBYTE,
    "fraction": b"0." + b"9" * 2 * MEBIBYTE,
    "blanks": b" " * 2 * MEBIBYTE,
    "one key again and again": b"{" + b'"a":1,' * (MEBIBYTE // 3) + b'"a":1}',
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_two_mebibytes_of_spite_cost_little(data: bytes) -> None:
    """No two mebibytes keep the reader busy for long."""
    start = time.process_time()
    with pytest.raises(StrictJSONError):
        loads(data)
    assert time.process_time() - start < 2
