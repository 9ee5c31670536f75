"""The rules that a row must keep by itself, and those that the rows of one fit must keep together."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

import numpy as np

from model.evidence.counts import broken_rules
from model.evidence.errors import BrokenRuleError, ConflictingRowsError, FileFault
from model.evidence.fields import near, read_attribute, read_date, read_levels, read_name, read_names, read_number
from model.evidence.rows import (
    COMPOSITIONS,
    HEADS,
    KINDS,
    OF_THE_FORCES,
    OWNERS,
    RATE,
    SOURCE,
    TIMING,
    EvidenceRow,
    Origin,
    RowGroup,
    group_rows,
)
from priors.errors import WindowError
from priors.timeline import Window
from priors.vocabulary import Vocabulary


class RowCheck:
    """The fields of one row being read; every rule they break is kept in `problems`.

    Each method returns what a field says, or something that breaks no further rule where it says nothing valid.
    """

    def __init__(self, fields: Mapping[str, str], origin: Origin, vocabulary: Vocabulary) -> None:
        self.fields = fields
        self.origin = origin
        self.vocabulary = vocabulary
        self.problems: list[FileFault] = []

    def row(self) -> EvidenceRow | None:
        """Return the row that the fields state, or nothing if they break a rule."""
        population = self.population()
        total_low, total_high = self.total()
        row = EvidenceRow(
            id=self.read("id", read_name, ""),
            kind=self.kind(),
            population=population,
            attribute=self.attribute(population),
            window=self.window(),
            total_low=total_low,
            total_high=total_high,
            count_low=self.number("count_low"),
            count_high=self.number("count_high"),
            bound_by=self.bound_by(),
            overlaps=self.overlaps(),
            source=self.fields.get("source", ""),
            url=self.url(),
            note=self.fields.get("note", ""),
            origin=self.origin,
            published_on=self.published_on(),
        )
        for column, rule, *nearest in broken_rules(row):
            self.fail(column, rule, *nearest)
        self.check_publication(row)
        return None if self.problems else row

    def fail(self, column: str, rule: str, *nearest: str) -> None:
        """Keep a problem of this row."""
        self.problems.append(FileFault(self.origin.file, rule, self.origin.row, column, nearest))

    def read[Value](self, column: str, reader: Callable[[str], Value], otherwise: Value) -> Value:
        """Return what a field says, or `otherwise` where it breaks its reader's rule."""
        try:
            return reader(self.fields.get(column, ""))
        except BrokenRuleError as error:
            self.fail(column, error.rule, *error.nearest)
            return otherwise

    def number(self, column: str) -> float:
        """Return a number; NaN, which breaks no rule about bounds, where the field holds none."""
        return self.read(column, read_number, float("nan"))

    def total(self) -> tuple[float, float] | tuple[None, None]:
        """Return the bounds of the total; none for all who serve, which only rates and heads are counted among."""
        columns, kind = ("total_low", "total_high"), self.fields["kind"]
        given = [column for column in columns if self.fields.get(column)]
        if kind == HEADS:
            for column in given:
                self.fail(column, "must be empty: a row of heads counts all who serve of its population")
            return None, None
        if not given and kind == RATE:
            return None, None
        return self.number("total_low"), self.number("total_high")

    def bound_by(self) -> str:
        """Return whose the bounds are; the source's unless it is said."""
        owner = self.fields.get("bound_by") or SOURCE
        if owner not in OWNERS:
            self.fail("bound_by", f"must be {' or '.join(OWNERS)}, or empty for {SOURCE}", *near(owner, OWNERS))
        return owner

    def kind(self) -> str:
        """Return the kind of the row."""
        kind = self.fields["kind"]
        if kind not in KINDS:
            self.fail("kind", f"must be one of {', '.join(KINDS)}", *near(kind, KINDS))
        return kind

    def population(self) -> dict[str, tuple[str, ...]]:
        """Return the levels of each attribute that the row restricts."""
        population = {}
        for attribute in self.vocabulary.attributes:
            if self.fields.get(attribute.name):
                reader = partial(read_levels, self.vocabulary, attribute.name)
                population[attribute.name] = self.read(attribute.name, reader, attribute.names)
        return {name: levels for name, levels in population.items() if levels != self.vocabulary[name].names}

    def attribute(self, population: Mapping[str, Sequence[str]]) -> tuple[str, tuple[str, ...]] | None:
        """Return what a composition counts, which must be a part of the population."""
        composition = self.fields["kind"] in COMPOSITIONS
        if not self.fields.get("attribute"):
            if composition:
                example = self.vocabulary.attributes[-1]
                shown = f"{example.name}={'|'.join(example.names[-2:])}"
                self.fail("attribute", f"must say what a composition counts, as in {shown}")
            return None
        if not composition and self.fields["kind"] in KINDS:
            self.fail("attribute", f"must be empty: only {' and '.join(COMPOSITIONS)} rows have one")
            return None
        try:
            name, levels = read_attribute(self.vocabulary, self.fields["attribute"])
        except BrokenRuleError as error:
            self.fail("attribute", error.rule, *error.nearest)
            return None
        within = population.get(name, self.vocabulary[name].names)
        if not set(levels) & set(within):
            self.fail("attribute", "must meet the population; no cell has both", f"{name}={'|'.join(within)}")
        elif set(levels) >= set(within):
            self.fail("attribute", "must leave out part of the population, or the row says nothing")
        return name, levels

    def window(self) -> Window:
        """Return the window: a day is enough for what the armed forces were made of."""
        study = self.vocabulary.timeline
        before = len(self.problems)
        start = self.read("window_from", read_date, study.window.start)
        end = self.read("window_to", read_date, study.window.end)
        if len(self.problems) > before:
            return study.window
        one_day = start == end and self.fields["kind"] in OF_THE_FORCES
        try:
            study.checked(start, study.window.end if one_day else end)
        except WindowError as error:
            column, rule, *nearest = re.split(": |; nearest: ", str(error))
            self.fail(f"window_{column}", rule.replace("`from`", "`window_from`"), *nearest)
        if self.fields["kind"] == TIMING and Window(start, end) == study.window:
            self.fail("window_to", "must leave out part of the study, or the row says nothing")
        return Window(start, end)

    def overlaps(self) -> tuple[str, ...]:
        """Return the ids of the rows that count the same people."""
        text = self.fields.get("overlaps", "")
        none: tuple[str, ...] = ()
        ids = self.read("overlaps", read_names, none) if text else none
        if self.fields["id"] in ids:
            self.fail("overlaps", "must name other rows, not the row itself")
        return ids

    def url(self) -> str:
        """Return the link to the source."""
        url = self.fields.get("url", "")
        if url and not url.startswith(("https://", "http://")):
            self.fail("url", "must be empty or start with https:// or http://")
        return url

    def published_on(self) -> date | None:
        """Return the day on which the row could be known; none where it is not known."""
        return self.read("published_on", read_date, None) if self.fields.get("published_on") else None

    def check_publication(self, row: EvidenceRow) -> None:
        """Check that a count of those who left was not known before all of them had."""
        if row.published_on is not None and row.kind not in OF_THE_FORCES and row.published_on < row.window.end:
            rule = "must not be before window_to: who left by then could not be known yet"
            self.fail("published_on", rule, str(row.window.end))


def check_together(rows: Sequence[EvidenceRow], vocabulary: Vocabulary) -> None:
    """Check the rules that the rows of one fit keep together, whatever files they came from.

    Raises
    ------
    ConflictingRowsError
        If an id is given twice, two rows count the same people, or counts cannot add up to their total.
    """
    if problems := conflicts(rows, vocabulary):
        raise ConflictingRowsError(problems)


def conflicts(rows: Sequence[EvidenceRow], vocabulary: Vocabulary) -> tuple[FileFault, ...]:
    """Return what `check_together` would raise."""
    sums = (problem for group in group_rows(rows) for problem in _sum_problems(group, vocabulary))
    return (*_repeated(rows), *_overlapping(rows), *sums)


def _repeated(rows: Sequence[EvidenceRow]) -> list[FileFault]:
    first: dict[str, EvidenceRow] = {}
    return [
        _problem(row, "id", f"must be given once in a fit; it is also at {_place(first[row.id])}")
        for row in rows
        if first.setdefault(row.id, row) is not row
    ]


def _overlapping(rows: Sequence[EvidenceRow]) -> list[FileFault]:
    named = {row.id: row for row in rows}
    pairs = {frozenset((row.id, name)): (row, named[name]) for row in rows for name in row.overlaps if name in named}
    return [
        _problem(row, "overlaps", f"{row.id} and {other.id} ({_place(other)}) count the same people: use one of them")
        for row, other in pairs.values()
    ]


def _sum_problems(group: RowGroup, vocabulary: Vocabulary) -> list[FileFault]:
    (low, high), (least, most) = group.count_bounds, group.total
    row = group.rows[-1]
    ids = ", ".join(member.id for member in group.rows)
    if low > most and len(group.rows) > 1:
        rule = f"counts of {ids} add up to at least {low:.15g}, above their total of {most:.15g}"
        return [_problem(row, "count_low", rule)]
    if high < least and _leaves_nothing(group, vocabulary):
        rule = f"counts of {ids} add up to at most {high:.15g}, below their total of {least:.15g}"
        return [_problem(row, "count_high", f"{rule}, and they leave no other category")]
    return []


def _leaves_nothing(group: RowGroup, vocabulary: Vocabulary) -> bool:
    """Whether the categories of a group are all there are."""
    first, study = group.rows[0], vocabulary.timeline.window
    if group.kind == TIMING:
        days = sum((row.window.end - row.window.start).days for row in group.rows)
        return days == (study.end - study.start).days
    if first.attribute is None:
        return False
    counted = np.logical_or.reduce([row.attribute_mask(vocabulary) for row in group.rows])
    return bool(np.array_equal(counted, first.population_mask(vocabulary)))


def _problem(row: EvidenceRow, column: str, rule: str) -> FileFault:
    return FileFault(row.origin.file, rule, row.origin.row, column)


def _place(row: EvidenceRow) -> str:
    return f"{row.origin.file}: row {row.origin.row}"
