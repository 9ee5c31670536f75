"""An evidence row, which cells it speaks of, and which rows share one total."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from priors.timeline import Window
from priors.vocabulary import Vocabulary

RATE = "rate"
DEFECTOR_COMPOSITION = "defector_composition"
TIMING = "timing"
CORPS_COMPOSITION = "corps_composition"
HEADS = "heads"
KINDS = (RATE, DEFECTOR_COMPOSITION, TIMING, CORPS_COMPOSITION, HEADS)
COMPOSITIONS = (DEFECTOR_COMPOSITION, CORPS_COMPOSITION)
OF_THE_FORCES = (CORPS_COMPOSITION, HEADS)
"""Kinds that speak of who serves on a day, for which a window of that day is enough."""

SOURCE = "source"
COMPILER = "compiler"
OWNERS = (SOURCE, COMPILER)
"""Whose a row's bounds may be: stated by its source, or set by whoever compiled the file."""


@dataclass(frozen=True)
class Origin:
    """Where a row was read: the file, and the number of the data row in it, from 1."""

    file: str
    row: int


@dataclass(frozen=True)
class EvidenceRow:
    """One statement about a part of the armed forces, with bounds rather than points.

    `population` holds the levels of each attribute that it restricts; `attribute` is the part of the
    population that a composition counts. The totals and counts are numbers of people, or shares for a
    `corps_composition` whose total is 1. A rate without a total counts among all who serve; a row of `heads` counts
    those who serve, and never has one. `bound_by` is whose the bounds of the count are. `published_on` is
    the day on which the row as it stands could be known, that of the last of its sources. `weight` is the power to
    which its likelihood is raised: one, unless whoever fits doubts it.
    """

    id: str
    kind: str
    population: Mapping[str, tuple[str, ...]] = field(hash=False)
    attribute: tuple[str, tuple[str, ...]] | None
    window: Window
    total_low: float | None
    total_high: float | None
    count_low: float
    count_high: float
    bound_by: str
    overlaps: tuple[str, ...]
    source: str
    url: str
    note: str
    origin: Origin = field(compare=False)
    published_on: date | None = None
    weight: float = 1.0

    def population_mask(self, vocabulary: Vocabulary) -> NDArray[np.bool_]:
        """Return which cells, shape (cell,), the row's total speaks of."""
        return vocabulary.agreeing(self.population)

    def attribute_mask(self, vocabulary: Vocabulary) -> NDArray[np.bool_]:
        """Return which cells, shape (cell,), the row's count speaks of: the population where it has the attribute."""
        mask = self.population_mask(vocabulary)
        return mask if self.attribute is None else mask & vocabulary.agreeing(dict([self.attribute]))

    def as_dict(self) -> dict[str, Any]:
        """Return the row as values of JSON."""
        return {
            "id": self.id,
            "kind": self.kind,
            "population": {name: list(levels) for name, levels in self.population.items()},
            "attribute": self.attribute and {self.attribute[0]: list(self.attribute[1])},
            "window": self.window.as_dict(),
            "total": None if self.total is None else list(self.total),
            "count": [self.count_low, self.count_high],
            "bound_by": self.bound_by,
            "weight": self.weight,
            "source": self.source,
            "url": self.url,
            "published_on": None if self.published_on is None else str(self.published_on),
            "note": self.note,
        }

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> EvidenceRow:
        """Return the row that `as_dict` told, as far as it counts in a fit: what it overlaps is left out."""
        counted = [(name, tuple(levels)) for name, levels in (said["attribute"] or {}).items()]
        total = said["total"] or (None, None)
        return cls(
            id=said["id"],
            kind=said["kind"],
            population={name: tuple(each) for name, each in said["population"].items()},
            attribute=counted[0] if counted else None,
            window=Window.from_dict(said["window"]),
            total_low=total[0],
            total_high=total[1],
            count_low=said["count"][0],
            count_high=said["count"][1],
            bound_by=said["bound_by"],
            overlaps=(),
            source=said["source"],
            url=said["url"],
            note=said["note"],
            origin=Origin("manifest.json", 0),
            published_on=None if said["published_on"] is None else date.fromisoformat(said["published_on"]),
            weight=said["weight"],
        )

    @property
    def total(self) -> tuple[float, float] | None:
        """The bounds of the total; None where the count is among all who serve, of whom the model has the number."""
        return None if self.total_low is None or self.total_high is None else (self.total_low, self.total_high)

    @property
    def counts_shares(self) -> bool:
        """Whether the counts are shares of the armed forces, not people."""
        return self.kind == CORPS_COMPOSITION and self.total == (1, 1)


@dataclass(frozen=True)
class RowGroup:
    """Rows that divide one total between them, or a single row.

    Without a remainder the rows are all there is: the total is conditional on the union of their
    categories. With one, what the rows leave of the total lies in no row's category.
    """

    kind: str
    rows: tuple[EvidenceRow, ...]

    @property
    def ids(self) -> str:
        """The ids of the rows, joined by `+`: what the term of the likelihood that they make is called."""
        return "+".join(row.id for row in self.rows)

    @property
    def is_list(self) -> bool:
        """Whether the rows divide those who left among them, by an attribute or by date."""
        return self.kind in {DEFECTOR_COMPOSITION, TIMING}

    @property
    def count_bounds(self) -> tuple[float, float]:
        """The least and the most that the counts add up to."""
        return sum(row.count_low for row in self.rows), sum(row.count_high for row in self.rows)

    @property
    def total(self) -> tuple[float, float]:
        """The bounds of the total that the rows divide, which rows of lists always have."""
        total = self.rows[0].total
        return (np.nan, np.nan) if total is None else total

    @property
    def has_remainder(self) -> bool:
        """Whether part of the total lies outside the rows; a single row would say nothing without it."""
        low, high = self.count_bounds
        least, most = self.total
        return len(self.rows) == 1 or not (low <= most and high >= least)


def group_rows(rows: Sequence[EvidenceRow]) -> tuple[RowGroup, ...]:
    """Return the rows by the total they share, in the order of the first row of each group.

    Rows of `defector_composition` share a total when population, window and totals agree and no two
    count the same cells; rows of `timing` when population and totals agree and no two windows meet.
    Every other row stands alone.
    """
    groups: list[list[EvidenceRow]] = []
    lists: dict[object, list[list[EvidenceRow]]] = {}
    for row in rows:
        alike = lists.setdefault(_list(row), [])
        home = next((group for group in alike if all(_disjoint(row, other) for other in group)), None)
        if home is None:
            alike.append([row])
            groups.append(alike[-1])
        else:
            home.append(row)
    return tuple(RowGroup(group[0].kind, tuple(group)) for group in groups)


def evidence_digest(rows: Sequence[EvidenceRow]) -> str:
    """Return the sha256 of what the rows say, whatever their order, their words and the format of their file.

    Sources, links, notes and days of publication do not count: they change no fit.
    """
    said = sorted(json.dumps(_said(row), sort_keys=True) for row in rows)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _list(row: EvidenceRow) -> object:
    """Return what rows that may divide one total agree in; a row that never shares its total agrees with none."""
    whole = (row.kind, *row.population.items(), row.total_low, row.total_high)
    if row.kind == TIMING:
        return whole
    if row.kind == DEFECTOR_COMPOSITION and row.attribute is not None:
        return (*whole, row.window, row.attribute[0])
    return id(row)


def _disjoint(one: EvidenceRow, other: EvidenceRow) -> bool:
    """Whether no defector of one list can be counted by both rows."""
    if one.attribute is None or other.attribute is None:
        return one.window.end <= other.window.start or other.window.end <= one.window.start
    name, levels = one.attribute
    return not set(levels) & set(other.attribute[1]) & set(one.population.get(name, levels))


def _said(row: EvidenceRow) -> list[object]:
    bounds = [row.total_low, row.total_high, row.count_low, row.count_high]
    doubted = [] if row.weight == 1 else [row.weight]
    return [row.id, row.kind, dict(row.population), row.attribute, str(row.window), bounds, row.bound_by, *doubted]
