"""The days on which forecasts are made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from model.evidence.known import known_on
from model.evidence.rows import EvidenceRow

DAYS = 3
"""Days on which something was known that are taken of themselves, if there are so many."""


def default_days(rows: Sequence[EvidenceRow]) -> tuple[date, ...]:
    """Return a day on which no row was known, then some on which more and more were; each leaves something to forecast.

    The first is the eve of the first publication. The others are days of publication from each third of those before
    the last.
    """
    published = sorted({day for day in known_on(rows).values() if day is not None})
    if not published:
        return ()
    earlier = published[:-1]
    chosen = {earlier[(2 * third + 1) * len(earlier) // (2 * DAYS)] for third in range(DAYS)} if earlier else set()
    return published[0] - timedelta(days=1), *sorted(chosen)


def published_after(rows: Sequence[EvidenceRow], day: date) -> tuple[EvidenceRow, ...]:
    """Return the rows that were published later than a day."""
    days = known_on(rows)
    return tuple(row for row in rows if (known := days[row.id]) is not None and known > day)
