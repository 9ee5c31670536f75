"""JSON lines, one object a line; the risk numbers are put before its closing brace and the rest stays as it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO

import numpy as np

from model.scoring.columns import word_columns
from model.scoring.errors import RowError
from model.scoring.formats import OpenFile
from model.scoring.profiles import REFUSED, Profiles, Words

ROWS_BETWEEN_REPORTS = 1 << 15
LONGEST_LINE = 1 << 20
"""Bytes of a line, at most: a file without line ends would be taken into memory whole."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def score_json_lines(profiles: Profiles, source: OpenFile, target: BinaryIO) -> Iterator[tuple[int, float]]:
    """Write JSON lines with risk numbers; yield the rows done and the share of the file read, now and then."""
    scorer, read, rows = _LineScorer(profiles, source.name), 0, 0
    lines = iter(partial(source.stream.readline, LONGEST_LINE + 1), b"")
    for number, line in enumerate(lines, start=1):
        read += len(line)
        if len(line) > LONGEST_LINE:
            raise RowError(source.name, number, None, f"must have at most {LONGEST_LINE:,} bytes")
        text = (line.removeprefix(BYTE_ORDER_MARK) if number == 1 else line).strip()
        if not text:
            continue
        target.write(scorer.scored(number, text))
        rows += 1
        if rows % ROWS_BETWEEN_REPORTS == 0:
            yield rows, read / source.size
    yield rows, 1.0


class _LineScorer:
    """Remembers where objects keep their words, and what each combination of words is answered with."""

    def __init__(self, profiles: Profiles, file: str) -> None:
        self._profiles, self._file = profiles, file
        self._places: dict[tuple[str, ...], tuple[str | None, ...]] = {}
        self._answers: dict[Words, bytes] = {}

    def scored(self, number: int, text: bytes) -> bytes:
        """Return a line with the risk numbers of the object it holds."""
        record = self._record(number, text)
        words = tuple(None if key is None else record[key] for key in self._keys(number, tuple(record)))
        for name, word in zip(self._profiles.members, words, strict=True):
            if word is not None and not isinstance(word, str):
                raise RowError(self._file, number, name, "must be a text or null")
        if words not in self._answers:
            self._answers[words] = self._answer(number, words)
        return text[:-1].rstrip() + self._answers[words]

    def _record(self, number: int, text: bytes) -> dict[str, Any]:
        try:
            record = json.loads(text.decode(), object_pairs_hook=_members)
        except _TwiceError as error:
            raise RowError(self._file, number, None, "must not give a member twice") from error
        except (ValueError, RecursionError) as error:
            raise RowError(self._file, number, None, "must be a JSON object on one line, in UTF-8") from error
        if not isinstance(record, dict):
            raise RowError(self._file, number, None, "must be a JSON object on one line")
        return record

    def _keys(self, number: int, names: tuple[str, ...]) -> tuple[str | None, ...]:
        if names not in self._places:
            found = word_columns(f"{self._file}: row {number}", names, self._profiles)
            self._places[names] = tuple(found.get(name) for name in self._profiles.members)
        return self._places[names]

    def _answer(self, number: int, words: Words) -> bytes:
        codes = [np.array([self._profiles.code(*pair)]) for pair in zip(self._profiles.members, words, strict=True)]
        code = self._profiles.profile_codes(codes)
        if code[0] == REFUSED:
            column, rule = self._profiles.fault(words) or ("", "")
            raise RowError(self._file, number, column, rule)
        found = (None if np.isnan(number) else number for number in self._profiles.risks(code)[0].tolist())
        numbers = dict(zip(self._profiles.columns, found, strict=True))
        return b", " + json.dumps(numbers).removeprefix("{").encode() + b"\n"


class _TwiceError(ValueError):
    """An object has two members of one name, of which a reader would keep the last."""


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _TwiceError
    return members
