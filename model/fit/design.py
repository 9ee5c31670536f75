"""Evidence as what the model points at: groups of cells, dates, and the rows of each kind that speak of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from model.evidence.officers import Officers
from model.evidence.points import NORMAL_90, SMALL_COUNT, Grid, count_grid, list_grid, logit_normal
from model.evidence.rows import DEFECTOR_COMPOSITION, RATE, TIMING, EvidenceRow, RowGroup, group_rows
from priors.timeline import Window
from priors.vocabulary import Vocabulary

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Shares:
    """Rows that speak of one share each: of those at risk who defect, or of the forces with an attribute.

    Attributes
    ----------
    dim : str
        The name of their dimension.
    ids : tuple of str
        Of the rows.
    part, whole : ndarray of int, shape (row,)
        The groups of cells that the count and the total are of.
    start, end : ndarray of int, shape (row,)
        Places among the dates.
    leaves : ndarray, shape (row,)
        One where the count is of those of the part who leave in the window, zero where it is of those who serve.
    """

    dim: str
    ids: tuple[str, ...]
    part: IntArray
    whole: IntArray
    start: IntArray
    end: IntArray
    leaves: FloatArray


@dataclass(frozen=True)
class Logits(Shares):
    """Rows whose bounds amount to a normal on the logit of the share.

    Attributes
    ----------
    share : ndarray, shape (row,)
        The middle of the bounds, on the logit.
    scale : ndarray, shape (row,)
        Standard deviation on the logit.
    """

    share: FloatArray
    scale: FloatArray

    @property
    def lowest(self) -> FloatArray:
        """The lower end of the central 90 %."""
        return np.asarray(expit(logit(self.share) - NORMAL_90 * self.scale))

    @property
    def highest(self) -> FloatArray:
        """The upper end of the central 90 %."""
        return np.asarray(expit(logit(self.share) + NORMAL_90 * self.scale))


@dataclass(frozen=True)
class SmallCounts(Shares):
    """Rows whose count is small, and known within bounds.

    Attributes
    ----------
    grid : Grid
        Of one place a row.
    """

    grid: Grid


@dataclass(frozen=True)
class Lists:
    """Lists of defectors divided among places, by an attribute or by date, padded to the longest.

    Attributes
    ----------
    ids : tuple of str
        Of the lists: the ids of their rows, joined by `+`.
    rows : tuple of tuple of str
        Ids of the rows of each list, in the order of its places; a remainder has no row.
    part, start, end : ndarray of int, shape (list, place)
        Whose members, leaving between which dates, a place counts.
    remainder : ndarray, shape (list, place)
        One where a place takes what the other places leave of its part.
    used : ndarray, shape (list, place)
        One at a place of the list, zero where it is padded.
    grid : Grid
    """

    ids: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    part: IntArray
    start: IntArray
    end: IntArray
    remainder: FloatArray
    used: FloatArray
    grid: Grid


@dataclass(frozen=True)
class Design:
    """All that the likelihood is about.

    Attributes
    ----------
    members : ndarray, shape (group, cell)
        One where a cell belongs to a group.
    months : ndarray, shape (date, period)
        Months of each period from the start of the study to each date.
    rates, compositions : Logits
        Rows about those who defect; rows about who serves.
    small_counts : SmallCounts
    lists : Lists
    officers : Officers
    row_ids : tuple of str
        All rows, in the order given.
    """

    members: FloatArray
    months: FloatArray
    rates: Logits
    compositions: Logits
    small_counts: SmallCounts
    lists: Lists
    officers: Officers
    row_ids: tuple[str, ...]

    @property
    def coordinates(self) -> dict[str, list[str]]:
        """The names along the dimensions of each kind of evidence."""
        kinds = {rows.dim: list(rows.ids) for rows in (self.rates, self.compositions, self.small_counts) if rows.ids}
        places = [f"place {place + 1}" for place in range(self.lists.used.shape[1])]
        windows = [f"window {window + 1}" for window in range(len(self.officers.undated_counts))]
        return kinds | {"list": list(self.lists.ids), "place": places, "undated_window": windows}


def make_design(evidence: Sequence[EvidenceRow], officers: Officers, vocabulary: Vocabulary) -> Design:
    """Return the design of evidence rows and officers.

    Parameters
    ----------
    evidence : sequence of EvidenceRow
    officers : Officers
    vocabulary : Vocabulary
    """
    places, groups = _Places(vocabulary), group_rows(evidence)
    rows = [group.rows[0] for group in groups if group.kind not in (DEFECTOR_COMPOSITION, TIMING)]
    small = [row for row in rows if not row.counts_shares and row.count_high <= SMALL_COUNT]
    large = [row for row in rows if row not in small]
    lists = [group for group in groups if group.kind in (DEFECTOR_COMPOSITION, TIMING)]
    rates = _logits("rate", [row for row in large if row.kind == RATE], places)
    compositions = _logits("composition", [row for row in large if row.kind != RATE], places)
    small_counts = SmallCounts("small_count", **places.shares(small), grid=count_grid(small))
    listed = _lists(lists, places)
    return Design(
        members=np.array([np.frombuffer(mask, dtype=bool) for mask in places.groups], dtype=float).reshape(
            -1, len(vocabulary.cells)
        ),
        months=np.array([
            vocabulary.timeline.months(Window(vocabulary.timeline.window.start, day)) for day in places.dates
        ]).reshape(-1, len(vocabulary.timeline.periods)),
        rates=rates,
        compositions=compositions,
        small_counts=small_counts,
        lists=listed,
        officers=officers,
        row_ids=tuple(row.id for group in groups for row in group.rows),
    )  # fmt: skip


@dataclass
class _Places:
    """Gathers the distinct groups of cells and dates as rows come in."""

    vocabulary: Vocabulary
    groups: dict[bytes, int] = field(default_factory=dict)
    dates: dict[date, int] = field(default_factory=dict)

    def group(self, mask: NDArray[np.bool_]) -> int:
        return self.groups.setdefault(mask.tobytes(), len(self.groups))

    def day(self, day: date) -> int:
        return self.dates.setdefault(day, len(self.dates))

    def part(self, row: EvidenceRow) -> int:
        return self.group(row.attribute_mask(self.vocabulary))

    def whole(self, row: EvidenceRow) -> int:
        return self.group(row.population_mask(self.vocabulary))

    def shares(self, rows: Sequence[EvidenceRow]) -> dict[str, Any]:
        """Return what `Shares` says of rows."""
        ends = [row.window.end if row.kind == RATE else row.window.start for row in rows]
        return {
            "ids": tuple(row.id for row in rows),
            "part": np.array([self.part(row) for row in rows], dtype=int),
            "whole": np.array([self.whole(row) for row in rows], dtype=int),
            "start": np.array([self.day(row.window.start) for row in rows], dtype=int),
            "end": np.array([self.day(end) for end in ends], dtype=int),
            "leaves": np.array([row.kind == RATE for row in rows], dtype=float),
        }


def _logits(dim: str, rows: Sequence[EvidenceRow], places: _Places) -> Logits:
    location, scale = np.array([logit_normal(row) for row in rows], dtype=float).reshape(-1, 2).T
    return Logits(dim, **places.shares(rows), share=expit(location), scale=scale)


def _lists(groups: Sequence[RowGroup], places: _Places) -> Lists:
    grid = list_grid(groups)
    shape = grid.low.shape
    part, start, end = (np.zeros(shape, dtype=int) for _ in range(3))
    remainder = np.zeros(shape)
    for at, group in enumerate(groups):
        first = group.rows[0]
        for place, row in enumerate(group.rows):
            part[at, place] = places.part(row)
            start[at, place], end[at, place] = places.day(row.window.start), places.day(row.window.end)
        if group.has_remainder:
            window = places.vocabulary.timeline.window if group.kind == TIMING else first.window
            place = len(group.rows)
            part[at, place], remainder[at, place] = places.whole(first), 1.0
            start[at, place], end[at, place] = places.day(window.start), places.day(window.end)
    used = np.array([np.arange(shape[1]) < len(group.rows) + group.has_remainder for group in groups], dtype=float)
    ids = tuple(tuple(row.id for row in group.rows) for group in groups)
    return Lists(tuple("+".join(rows) for rows in ids), ids, part, start, end, remainder, used.reshape(shape), grid)
