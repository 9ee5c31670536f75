"""Evidence as what the model points at: groups of cells, dates, and the rows of each kind that speak of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.evidence.officers import Officers
from model.evidence.points import Grid, Interval, count_grid, is_small_count, list_grid, men_interval, share_interval
from model.evidence.rows import (
    DEFECTOR_COMPOSITION,
    RATE,
    TIMING,
    EvidenceRow,
    RowGroup,
    group_rows,
)
from priors.timeline import Window
from priors.vocabulary import Vocabulary

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Musters:
    """Groups of cells on dates: who of them still serves is what all rows are about.

    Attributes
    ----------
    count : int
    cell, date, muster : ndarray of int, shape (member,)
        The members: each a cell on a date, of a muster.
    named : ndarray, shape (member,)
        One where men are mustered as a list of defectors names them, who is news more readily; else zero.
    """

    count: int
    cell: IntArray
    date: IntArray
    muster: IntArray
    named: FloatArray


@dataclass(frozen=True)
class Counted:
    """Rows that count one group of men each: those who leave in a window, or who serve at its start.

    Attributes
    ----------
    dim : str
        The name of their dimension.
    ids : tuple of str
        Of the rows.
    start, end, whole : ndarray of int, shape (row,)
        The musters of those counted, at the start and at the end of the window, and of the total at its start.
    leaves : ndarray, shape (row,)
        One where the count is of those who leave in the window, zero where it is of those who serve at its start.
    weight : ndarray, shape (row,)
        The power to which the likelihood of each is raised: one, unless it is doubted.
    """

    dim: str
    ids: tuple[str, ...]
    start: IntArray
    end: IntArray
    whole: IntArray
    leaves: FloatArray
    weight: FloatArray


@dataclass(frozen=True)
class Bounded(Counted):
    """Rows known within bounds, on the log of the men or the logit of the share that they count.

    Attributes
    ----------
    lower, upper : ndarray, shape (row,)
        The bounds; infinite where there is none.
    softness : ndarray, shape (row,)
        Scale of the logistic error.
    """

    lower: FloatArray
    upper: FloatArray
    softness: FloatArray


@dataclass(frozen=True)
class SmallCounts(Counted):
    """Rows whose count is small, out of a total that the source states, and known within bounds.

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
    start, end : ndarray of int, shape (list, place)
        The musters between which those leave whom a place counts.
    remainder : ndarray, shape (list, place)
        One where a place takes what the other places leave of its part.
    used : ndarray, shape (list, place)
        One at a place of the list, zero where it is padded.
    weight : ndarray, shape (list,)
        The power to which the likelihood of each is raised.
    grid : Grid
    """

    ids: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    start: IntArray
    end: IntArray
    remainder: FloatArray
    used: FloatArray
    weight: FloatArray
    grid: Grid


@dataclass(frozen=True)
class Design:
    """All evidence of one fit.

    Attributes
    ----------
    musters : Musters
        What rows count, as groups of cells on dates.
    months : ndarray, shape (date, period)
        From the start of the study to each date, in each period.
    men : Bounded
        Rows that count among all who serve, on the log of the men.
    shares : Bounded
        Rows that count out of a stated total, or state a share, on the logit.
    small_counts : SmallCounts
    lists : Lists
    officers : Officers
    row_ids : tuple of str
        All rows, in the order given.
    """

    musters: Musters
    months: FloatArray
    men: Bounded
    shares: Bounded
    small_counts: SmallCounts
    lists: Lists
    officers: Officers
    row_ids: tuple[str, ...]

    @property
    def coordinates(self) -> dict[str, list[str]]:
        """The names along the dimensions of each kind of evidence."""
        kinds = {rows.dim: list(rows.ids) for rows in (self.men, self.shares, self.small_counts) if rows.ids}
        places = [f"place {place + 1}" for place in range(self.lists.used.shape[1])]
        windows = [f"window {window + 1}" for window in range(len(self.officers.undated_counts))]
        return kinds | {"list": list(self.lists.ids), "place": places, "undated_window": windows}

    def reporting(self, values: Mapping[str, NDArray[Any]]) -> Design:
        """Return the same design where rows report other intervals, as wide as their own.

        Parameters
        ----------
        values : mapping of str to ndarray
            By the name of the node, the lower ends of the intervals.
        """
        men, shares = (_moved(rows, values.get(name)) for name, rows in (("men", self.men), ("shares", self.shares)))
        small_counts, lists = self.small_counts, self.lists
        if "small_counts" in values:
            low = np.column_stack([values["small_counts"], small_counts.grid.low[:, 1:]]).astype(int)
            small_counts = replace(small_counts, grid=replace(small_counts.grid, low=low))
        if "lists" in values:
            lists = replace(lists, grid=replace(lists.grid, low=values["lists"].astype(int)))
        return replace(self, men=men, shares=shares, small_counts=small_counts, lists=lists)


def make_design(evidence: Sequence[EvidenceRow], officers: Officers, vocabulary: Vocabulary) -> Design:
    """Return the design of evidence rows and officers.

    Parameters
    ----------
    evidence : sequence of EvidenceRow
    officers : Officers
    vocabulary : Vocabulary
    """
    places, groups = _Places(vocabulary), group_rows(evidence)
    single = [group.rows[0] for group in groups if not group.is_list]
    men = [row for row in single if row.total is None]
    small = [row for row in single if is_small_count(row)]
    shares = [row for row in single if row not in men and row not in small]
    by_men = _bounded("man_count", men, places, men_interval)
    by_share = _bounded("share", shares, places, share_interval)
    small_counts = SmallCounts("small_count", **places.counted(small), grid=count_grid(small))
    listed = _lists([group for group in groups if group.is_list], places)
    return Design(
        musters=places.mustered(),
        months=np.array([
            vocabulary.timeline.months(Window(vocabulary.timeline.window.start, day)) for day in places.dates
        ]).reshape(-1, len(vocabulary.timeline.periods)),
        men=by_men,
        shares=by_share,
        small_counts=small_counts,
        lists=listed,
        officers=officers,
        row_ids=tuple(row.id for group in groups for row in group.rows),
    )  # fmt: skip


@dataclass
class _Places:
    """Gathers the distinct musters and dates as rows come in."""

    vocabulary: Vocabulary
    musters: dict[tuple[bytes, int, bool], int] = field(default_factory=dict)
    dates: dict[date, int] = field(default_factory=dict)

    def muster(self, mask: NDArray[np.bool_], day: date, *, named: bool = False) -> int:
        at = self.dates.setdefault(day, len(self.dates))
        return self.musters.setdefault((mask.tobytes(), at, named), len(self.musters))

    def mustered(self) -> Musters:
        """Return the musters."""
        cells = [np.flatnonzero(np.frombuffer(mask, dtype=bool)) for mask, _, _ in self.musters]
        sizes = [len(each) for each in cells]
        _, dates, named = zip(*self.musters, strict=True) if self.musters else ((), (), ())
        return Musters(
            count=len(cells),
            cell=np.concatenate([np.zeros(0, dtype=int), *cells]),
            date=np.repeat(np.array(dates, dtype=int), sizes),
            muster=np.repeat(np.arange(len(cells)), sizes),
            named=np.repeat(np.array(named, dtype=float), sizes),
        )

    def counted(self, rows: Sequence[EvidenceRow]) -> dict[str, Any]:
        """Return what `Counted` says of rows."""
        parts = [row.attribute_mask(self.vocabulary) for row in rows]
        wholes = [row.population_mask(self.vocabulary) for row in rows]
        ends = [row.window.end if row.kind == RATE else row.window.start for row in rows]
        starts = [row.window.start for row in rows]
        return {
            "ids": tuple(row.id for row in rows),
            "start": np.array([self.muster(*each) for each in zip(parts, starts, strict=True)], dtype=int),
            "end": np.array([self.muster(*each) for each in zip(parts, ends, strict=True)], dtype=int),
            "whole": np.array([self.muster(*each) for each in zip(wholes, starts, strict=True)], dtype=int),
            "leaves": np.array([row.kind == RATE for row in rows], dtype=float),
            "weight": np.array([row.weight for row in rows], dtype=float),
        }


def _moved(rows: Bounded, lower: FloatArray | None) -> Bounded:
    """Return rows whose intervals begin elsewhere; one without a bound becomes what lies beyond the other, or stays."""
    if lower is None:
        return rows
    edge = np.where(np.isfinite(rows.lower), rows.lower, rows.upper)
    width, open_ended = rows.upper - rows.lower, np.where(np.isinf(lower), edge, np.inf)
    return replace(rows, lower=lower, upper=np.where(np.isfinite(width), lower + width, open_ended))


def _bounded(
    dim: str, rows: Sequence[EvidenceRow], places: _Places, interval: Callable[[EvidenceRow], Interval]
) -> Bounded:
    reports = [interval(row) for row in rows]
    return Bounded(
        dim,
        **places.counted(rows),
        lower=np.array([report.lower for report in reports], dtype=float),
        upper=np.array([report.upper for report in reports], dtype=float),
        softness=np.array([report.softness for report in reports], dtype=float),
    )


def _lists(groups: Sequence[RowGroup], places: _Places) -> Lists:
    grid, vocabulary = list_grid(groups), places.vocabulary
    shape = grid.low.shape
    start, end = (np.zeros(shape, dtype=int) for _ in range(2))
    remainder = np.zeros(shape)
    for at, group in enumerate(groups):
        first, named = group.rows[0], group.kind == DEFECTOR_COMPOSITION
        counted = [(row.attribute_mask(vocabulary), row.window) for row in group.rows]
        if group.has_remainder:
            window = vocabulary.timeline.window if group.kind == TIMING else first.window
            remainder[at, len(counted)] = 1.0
            counted.append((first.population_mask(vocabulary), window))
        for place, (mask, window) in enumerate(counted):
            start[at, place] = places.muster(mask, window.start, named=named)
            end[at, place] = places.muster(mask, window.end, named=named)
    used = np.array([np.arange(shape[1]) < len(group.rows) + group.has_remainder for group in groups], dtype=float)
    ids = tuple(tuple(row.id for row in group.rows) for group in groups)
    weight = np.array([group.rows[0].weight for group in groups], dtype=float)
    names = tuple(group.ids for group in groups)
    return Lists(names, ids, start, end, remainder, used.reshape(shape), weight, grid)
