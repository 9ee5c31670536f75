"""The rules that the count and the total of a row keep, wherever its bounds come from."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.evidence.rows import CORPS_COMPOSITION, HEADS, RATE, EvidenceRow
from priors.corps import LARGEST_ARMY

Broken = tuple[str, ...]
"""The column, the rule that it breaks, and the nearest valid values."""


def broken_rules(row: EvidenceRow) -> Iterator[Broken]:
    """Yield the rules that a row's count and total break; a bound that is no number breaks none."""
    yield from _bounds(row)
    yield from _shares(row) if row.counts_shares else _people(row)


def _bounds(row: EvidenceRow) -> Iterator[Broken]:
    """Bounds must be in order, of an army's size, and counts within totals."""
    if row.count_low < 0:
        yield "count_low", "must be at least 0", "0"
    if row.count_high < row.count_low:
        yield "count_high", "must not be below count_low", f"{row.count_low:.15g}"
    if row.kind == HEADS and row.count_low < 1:
        yield "count_low", "must be at least 1: of nobody there is nothing to say", "1"
    if row.kind == RATE and row.total is None and row.count_high < 1:
        yield "count_high", "must be at least 1: among all who serve a count is known to some width", "1"
    if row.total is None:
        yield from _size("count_high", row.count_high)
        return
    low, high = row.total
    if low < 1:
        yield "total_low", "must be at least 1", "1"
    for column, total in (("total_low", low), ("total_high", high)):
        yield from _size(column, total)
    if high < low:
        yield "total_high", "must not be below total_low", f"{low:.15g}"
    if row.count_high > high:
        yield "count_high", "must not be above total_high", f"{high:.15g}"


def _size(column: str, people: float) -> Iterator[Broken]:
    """So many must be able to have served."""
    if people > LARGEST_ARMY:
        yield column, f"must be at most {LARGEST_ARMY:,}: no more can have served", str(LARGEST_ARMY)


def _people(row: EvidenceRow) -> Iterator[Broken]:
    """People are whole."""
    for column in ("total_low", "total_high", "count_low", "count_high"):
        value = getattr(row, column)
        if value is not None and np.isfinite(value) and value != np.round(value):
            hint = " (or shares, with a total of 1)" if row.kind == CORPS_COMPOSITION else ""
            yield column, f"must be a whole number of people{hint}", f"{np.round(value):.15g}"


def _shares(row: EvidenceRow) -> Iterator[Broken]:
    """Shares leave room on both sides and between them: at least one man of the largest army."""
    man = 1 / LARGEST_ARMY
    why = "with a total of 1 the counts are shares"
    if row.count_low < man:
        yield "count_low", f"must be at least {man:g}: {why}", f"{man:g}"
    if 1 - man < row.count_high <= 1:
        yield "count_high", f"must be at most {1 - man:g}: {why}", f"{1 - man:g}"
    if 0 <= row.count_high - row.count_low < man:
        yield "count_high", f"must be above count_low by {man:g} at least: a share known exactly has no interval"
