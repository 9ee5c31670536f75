"""Files of individual officers, collapsed to counts and exposure by cell and period."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.evidence.errors import FileFault, InvalidFileError
from model.evidence.officer_checks import BLANK, DAYS, REFUSAL, Individuals, Integers, OfficerCheck, required
from model.evidence.tables import read_file
from priors.corps import LARGEST_ARMY
from priors.timeline import DAYS_IN_MONTH, Timeline
from priors.vocabulary import Vocabulary


@dataclass(frozen=True, eq=False)
class Officers:
    """Officers collapsed: what a likelihood needs, whatever their number.

    Attributes
    ----------
    events : ndarray, shape (cell, period)
        Defections whose day is known, by the period of that day.
    exposure : ndarray, shape (cell, period)
        Months at risk of all but the undated defectors: until the day of defection, or to the end.
    undated_cells, undated_counts : ndarray, shape (undated,)
        Defectors whose day is not known, by distinct cell and window: the cell, and how many.
    undated_at_risk : ndarray, shape (undated,)
        Of how many: in a file of them alone, since whoever stayed counts by exposure.
    undated_months : ndarray, shape (undated, period)
        The months of that window, for one officer.
    count : int
        Officers in all.
    digest : str
        What names the data; for files the sha256 over their own, whatever their order.
    """

    events: Integers
    exposure: NDArray[np.float64]
    undated_cells: Integers
    undated_months: NDArray[np.float64]
    undated_counts: Integers
    undated_at_risk: Integers
    count: int
    digest: str


def read_officers(paths: Sequence[Path], vocabulary: Vocabulary, *, as_of: date | None = None) -> Officers:
    """Read and collapse officer files; no file is no officers.

    Parameters
    ----------
    paths : sequence of Path
        CSV or Parquet files with a column for each attribute, or `unit` in place of one, `from`, `to`,
        `defected` and, where days are known, `defected_on`.
    vocabulary : Vocabulary
        The words that the files may use, with their synonyms.
    as_of : date, optional
        The day by which all that they hold must have been known.

    Raises
    ------
    UnreadableFileError
        If a file is missing, empty, damaged, or not what its name says.
    InvalidFileError
        If columns or rows break a rule; it carries the problems of all files.
    """
    parts: list[Individuals] = []
    problems: list[FileFault] = []
    digests: dict[str, str] = {}
    officers = 0
    for path in paths:
        columns = (*vocabulary.members, *DAYS, "defected_on")
        table = read_file(path, columns=columns, required=required(vocabulary), refusal=REFUSAL)
        if table.digest in digests:
            problems.append(FileFault(table.file, f"holds the same as {digests[table.digest]}: give it once"))
        digests[table.digest] = table.file
        check = OfficerCheck(table, vocabulary, as_of=as_of)
        parts.append(check.individuals())
        problems += check.found()
        officers += table.rows
        if officers > LARGEST_ARMY:
            rule = f"must hold, with the files before it, at most {LARGEST_ARMY:,} officers: no more can have served"
            problems.append(FileFault(table.file, rule))
    if problems:
        raise InvalidFileError(problems)
    digest = hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()
    return collapse(_joined(parts), vocabulary, digest=digest)


def collapse(individuals: Individuals, vocabulary: Vocabulary, *, digest: str) -> Officers:
    """Return officers collapsed to counts and exposure by cell and period.

    Parameters
    ----------
    individuals : Individuals
        Officers whose days all lie in the study.
    vocabulary : Vocabulary
        The cells and the periods.
    digest : str
        What names the data.
    """
    timeline = vocabulary.timeline
    shape = (len(vocabulary.cells), len(timeline.periods))
    dated = individuals.defected_on != BLANK
    undated = individuals.defected & ~dated
    day = individuals.defected_on[dated]
    period = sum((day >= start for start, _ in _bounds(timeline)), start=np.full(day.shape, -1))
    end = np.where(dated, individuals.defected_on, individuals.end)
    end = np.where(undated, individuals.start, end)
    exposure = [np.bincount(individuals.cell, days, shape[0]) for days in _days(timeline, individuals.start, end)]
    cells, starts, ends, counts = _distinct(individuals.cell, individuals.start, individuals.end, undated)
    return Officers(
        events=np.bincount(individuals.cell[dated] * shape[1] + period, minlength=shape[0] * shape[1]).reshape(shape),
        exposure=np.stack(exposure, axis=1) / DAYS_IN_MONTH,
        undated_cells=cells,
        undated_months=np.stack(list(_days(timeline, starts, ends)), axis=1) / DAYS_IN_MONTH,
        undated_counts=counts,
        undated_at_risk=counts,
        count=len(individuals.cell),
        digest=digest,
    )


def _bounds(timeline: Timeline) -> list[tuple[int, int]]:
    windows = [period.window for period in timeline.periods]
    return [(window.start.toordinal(), window.end.toordinal()) for window in windows]


def _days(timeline: Timeline, start: Integers, end: Integers) -> Iterable[Integers]:
    """Yield, for each period, the days of each window in it: `Timeline.months` for many windows at once."""
    for first, last in _bounds(timeline):
        yield np.maximum(np.minimum(end, last) - np.maximum(start, first), 0)


def _distinct(cell: Integers, start: Integers, end: Integers, chosen: NDArray[np.bool_]) -> tuple[Integers, ...]:
    """Return the distinct cells and windows among the chosen officers, and how many have each."""
    # One integer for all three sorts much faster than rows do; ordinals of days stay below 2**22.
    keys = (cell[chosen] << 44) | (start[chosen] << 22) | end[chosen]
    distinct, counts = np.unique(keys, return_counts=True)
    day = (1 << 22) - 1
    return distinct >> 44, (distinct >> 22) & day, distinct & day, counts


def _joined(parts: Sequence[Individuals]) -> Individuals:
    none = np.array([], dtype=np.int64)
    return Individuals(
        cell=np.concatenate([none, *(part.cell for part in parts)]),
        start=np.concatenate([none, *(part.start for part in parts)]),
        end=np.concatenate([none, *(part.end for part in parts)]),
        defected=np.concatenate([none.astype(bool), *(part.defected for part in parts)]),
        defected_on=np.concatenate([none, *(part.defected_on for part in parts)]),
    )
