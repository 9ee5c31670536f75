"""JSON lines, one object a line; the risk numbers are put before its closing brace and the rest stays as it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO

import numpy as np

from model.scoring.bad_rows import ASIDE, BadRow, BadRows
from model.scoring.errors import ColumnError, FileFormatError
from model.scoring.formats import OpenFile
from model.scoring.profiles import REFUSED, Profiles, Words, word_columns

ROWS_BETWEEN_REPORTS = 1 << 15
LONGEST_LINE = 1 << 20
"""Bytes of a line, at most: a file without line ends would be taken into memory whole."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def score_json_lines(
    profiles: Profiles, source: OpenFile, target: BinaryIO, bad: BadRows
) -> Iterator[tuple[int, float]]:
    """Write JSON lines with risk numbers; yield the rows done and the share of the file read, now and then."""
    scorer, read, rows = _LineScorer(profiles, bad), 0, 0
    lines = iter(partial(source.stream.readline, LONGEST_LINE + 1), b"")
    for number, line in enumerate(lines, start=1):
        read += len(line)
        if len(line) > LONGEST_LINE:
            raise FileFormatError(f"{source.name}: line {number}: must have at most {LONGEST_LINE:,} bytes")
        text = (line.removeprefix(BYTE_ORDER_MARK) if number == 1 else line).strip()
        if not text:
            continue
        try:
            target.write(scorer.scored(text))
        except _BadLineError as error:
            _put_aside(BadRow(source.name, f"line {number}", error.column, error.rule), text, bad)
            continue
        rows += 1
        if rows % ROWS_BETWEEN_REPORTS == 0:
            yield rows, read / source.size
    yield rows, 1.0


class _BadLineError(Exception):
    """A line cannot be used, for the fault of a column or as a whole."""

    def __init__(self, column: str | None, rule: str) -> None:
        self.column = column
        self.rule = rule


class _LineScorer:
    """Remembers where objects keep their words, and what each combination of words is answered with."""

    def __init__(self, profiles: Profiles, bad: BadRows) -> None:
        self._profiles, self._bad = profiles, bad
        self._places: dict[tuple[str, ...], tuple[str | None, ...]] = {}
        self._answers: dict[Words, bytes] = {}

    def scored(self, text: bytes) -> bytes:
        """Return a line with the risk numbers of the object it holds."""
        record = _record(text)
        words = tuple(None if key is None else record[key] for key in self._keys(tuple(record)))
        for name, word in zip(self._profiles.members, words, strict=True):
            if word is not None and not isinstance(word, str):
                raise _BadLineError(name, "must be a text or null")
        if words not in self._answers:
            self._answers[words] = self._answer(words)
        return text[:-1].rstrip() + self._answers[words]

    def _keys(self, names: tuple[str, ...]) -> tuple[str | None, ...]:
        if names not in self._places:
            try:
                found = word_columns(names, self._profiles.members, written=self._profiles.written)
            except ColumnError as error:
                raise _BadLineError(None, str(error)) from error
            self._places[names] = tuple(found.get(name) for name in self._profiles.members)
        return self._places[names]

    def _answer(self, words: Words) -> bytes:
        codes = [np.array([self._profiles.code(*pair)]) for pair in zip(self._profiles.members, words, strict=True)]
        code = self._profiles.profile_codes(codes)
        if code[0] == REFUSED:
            raise _BadLineError(*((self._profiles.fault(words) if self._bad.left else None) or (None, "")))
        found = (None if np.isnan(number) else number for number in self._profiles.risks(code)[0].tolist())
        numbers = dict(zip(self._profiles.columns, found, strict=True))
        return b", " + json.dumps(numbers | self._profiles.said).removeprefix("{").encode() + b"\n"


def _record(text: bytes) -> dict[str, Any]:
    try:
        record = json.loads(text.decode(), object_pairs_hook=_members)
    except _TwiceError as error:
        raise _BadLineError(None, "must not give a member twice") from error
    except (ValueError, RecursionError) as error:
        raise _BadLineError(None, "must be a JSON object on one line, in UTF-8") from error
    if not isinstance(record, dict):
        raise _BadLineError(None, "must be a JSON object on one line")
    return record


def _put_aside(row: BadRow, text: bytes, bad: BadRows) -> None:
    """Write a line aside, under the reason: as it stands if it is an object, else as a text."""
    if bad.left:
        try:
            held: Any = _record(text)
        except _BadLineError:
            held = {"text": text.decode(errors="replace")}
        bad.aside.write(json.dumps(held | dict(zip(ASIDE, (row.place, row.reason), strict=True))).encode() + b"\n")
    bad.note(row)


class _TwiceError(ValueError):
    """An object has two members of one name, of which a reader would keep the last."""


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _TwiceError
    return members
