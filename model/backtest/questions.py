"""Rows as questions: of whom, when and out of how many, without what they answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from model.evidence.rows import SOURCE, EvidenceRow, RowGroup, group_rows
from priors.corps import LARGEST_ARMY

HALF = 0.5, 0.5 + 2 / LARGEST_ARMY
"""Bounds of a share, as near to each other as bounds may be."""


def asked(rows: Sequence[EvidenceRow]) -> tuple[EvidenceRow, ...]:
    """Return rows whose counts are no longer their own, so that no forecast can depend on them.

    The counts that stand in their place are exact, for what is foreseen is a count and not an interval. Totals, and
    whether the rows of a list divide all of theirs, are a part of what is asked.
    """
    asked_of = {question.id: question for group in group_rows(rows) for question in _questions(group)}
    return tuple(asked_of[row.id] for row in rows)


def _questions(group: RowGroup) -> list[EvidenceRow]:
    counts = [_count(row) for row in group.rows]
    if not group.has_remainder:
        counts[0] = group.total[1], group.total[1]
    return [
        replace(row, count_low=low, count_high=high, bound_by=SOURCE, weight=1.0)
        for row, (low, high) in zip(group.rows, counts, strict=True)
    ]


def _count(row: EvidenceRow) -> tuple[float, float]:
    if row.total is None:
        return LARGEST_ARMY, LARGEST_ARMY  # so many that their sampling error is none
    return HALF if row.counts_shares else (0.0, 0.0)
