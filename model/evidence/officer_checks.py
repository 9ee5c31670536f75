"""The columns of an officer file turned into numbers, and the rules that its rows must keep."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from model.evidence.errors import SHOWN, BrokenRuleError, FileFault
from model.evidence.fields import read_date, read_flag, read_level
from model.evidence.tables import FileTable
from priors.errors import WindowError
from priors.vocabulary import Vocabulary

Integers = NDArray[np.int64]

DAYS = ("from", "to", "defected")
REFUSAL = "not a column of an officer file; a profile carries attributes, never a name"
BLANK = -1
BROKEN = -2


@dataclass(frozen=True, eq=False)
class Individuals:
    """Officers one by one, each array of shape (officer,); a day is the number that `date.toordinal` gives.

    `start` and `end` bound the days at risk, `end` not among them; `defected_on` is -1 where no day is known or
    the officer did not defect.
    """

    cell: Integers
    start: Integers
    end: Integers
    defected: NDArray[np.bool_]
    defected_on: Integers


def required(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the columns that an officer file must have; of that which a unit may stand for, one of the two."""
    return (*(name for name in vocabulary.names if name != vocabulary.unit_attribute), *DAYS)


class OfficerCheck:
    """An officer file being read; the rules it breaks are kept, those of its rows for the first 20 of each."""

    def __init__(self, table: FileTable, vocabulary: Vocabulary, *, as_of: date | None = None) -> None:
        self.table = table
        self.vocabulary = vocabulary
        self.as_of = as_of
        self.problems: list[FileFault] = []

    def found(self) -> list[FileFault]:
        """Return the problems of the header, then those of the rows in their order."""
        return [*self.table.problems, *sorted(self.problems, key=lambda problem: problem.row or 0)]

    def individuals(self) -> Individuals:
        """Return the officers of the file; they may be used only if nothing was found."""
        start = self.numbers("from", self._start)
        end = self.numbers("to", self._end)
        defected = self.numbers("defected", read_flag)
        defected_on = self.numbers("defected_on", lambda text: read_date(text).toordinal(), optional=True)
        self._check_days(start, end, defected, defected_on)
        by_unit = self.vocabulary.unit_attribute
        levels = [self._of_unit(name) if name == by_unit else self._level(name) for name in self.vocabulary.names]
        cell = np.ravel_multi_index(tuple(np.maximum(level, 0) for level in levels), self.vocabulary.shape)
        return Individuals(cell, start, end, defected == 1, defected_on)

    def numbers(self, name: str, reader: Callable[[str], int], *, optional: bool = False) -> Integers:
        """Return a column, shape (row,), as the numbers that a reader gives for its texts."""
        if name not in self.table.columns:
            return np.full(self.table.rows, BLANK)
        column = self.table.columns[name]
        values = np.full(len(column.texts), BLANK)
        broken: dict[int, BrokenRuleError] = {}
        for code in np.flatnonzero(np.bincount(column.codes, minlength=len(column.texts))).tolist():
            if column.texts[code] or not optional:
                try:
                    values[code] = reader(column.texts[code]) if column.texts[code] else _not_stated()
                except BrokenRuleError as error:
                    values[code] = BROKEN
                    broken[code] = error
            # A column of a million wrong words must not be looked up word by word.
            if len(broken) == SHOWN:
                break
        numbers = values[column.codes]
        for row in np.flatnonzero(numbers == BROKEN)[:SHOWN].tolist():
            wrong = broken[int(column.codes[row])]
            self._fail(row, name, wrong.rule, *wrong.nearest)
        return numbers

    def _level(self, name: str, *, optional: bool = False) -> Integers:
        return self.numbers(name, lambda text: read_level(self.vocabulary, name, text), optional=optional)

    def _of_unit(self, name: str) -> Integers:
        """Return the levels of the attribute that a unit may stand for."""
        stated, unit = self._level(name, optional=True), self._level("unit", optional=True)
        if not {name, "unit"} & set(self.table.columns):
            rule = "the column is missing, and so is unit, which may take its place"
            self.problems.append(FileFault(self.table.file, rule, column=name))
            return stated
        self._fail_where((stated == BLANK) & (unit == BLANK), name, "must be stated, or a unit in its place")
        differ = (stated >= 0) & (unit >= 0) & (stated != unit)
        names = self.vocabulary[name].names
        rule = f"must be the {name} that is stated"
        self._fail_where(differ, "unit", rule, lambda row: f"a unit that is {names[stated[row]]}")
        return np.where(stated >= 0, stated, unit)

    def _start(self, text: str) -> int:
        start = read_date(text)
        return self._in_study(start, self.vocabulary.timeline.window.end, start)

    def _end(self, text: str) -> int:
        end = read_date(text)
        if self.as_of is not None and end > self.as_of:
            raise BrokenRuleError(f"must not be after {self.as_of}: what is observed later was not known then")
        return self._in_study(self.vocabulary.timeline.window.start, end, end)

    def _in_study(self, start: date, end: date, day: date) -> int:
        try:
            self.vocabulary.timeline.checked(start, end)
        except WindowError as error:
            _, rule, *nearest = re.split(": |; nearest: ", str(error))
            raise BrokenRuleError(rule, *nearest) from error
        return day.toordinal()

    def _check_days(self, start: Integers, end: Integers, defected: Integers, defected_on: Integers) -> None:
        known = (start >= 0) & (end >= 0)
        self._fail_where(known & (end <= start), "to", "must come after `from`")
        given = (defected_on >= 0) & (defected >= 0)
        self._fail_where(given & (defected == 0), "defected_on", "must be empty where `defected` is no")
        outside = given & (defected == 1) & known & (start < end) & ((defected_on < start) | (defected_on >= end))
        self._fail_where(
            outside,
            "defected_on",
            "must be from `from` on and before `to`",
            lambda row: str(date.fromordinal(min(max(defected_on[row], start[row]), end[row] - 1))),
        )

    def _fail_where(
        self, wrong: NDArray[np.bool_], column: str, rule: str, nearest: Callable[[int], str] | None = None
    ) -> None:
        for row in np.flatnonzero(wrong)[:SHOWN].tolist():
            self._fail(row, column, rule, *([nearest(row)] if nearest else []))

    def _fail(self, row: int, column: str, rule: str, *nearest: str) -> None:
        self.problems.append(FileFault(self.table.file, rule, row + 1, column, nearest))


def _not_stated() -> int:
    raise BrokenRuleError("must be stated")
