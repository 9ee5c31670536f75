"""What was known on a day: rows by the day on which they were published, and articles by that of their writing."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from model.evidence.rows import EvidenceRow, group_rows
from priors.study import Study


def known_on(rows: Sequence[EvidenceRow]) -> dict[str, date | None]:
    """Return the day on which each row was known, by its id; None where it is not known.

    The rows of one list share a total, which nobody knew before the last of them was published.
    """
    days: dict[str, date | None] = {}
    for group in group_rows(rows):
        stated = [row.published_on for row in group.rows if row.published_on is not None]
        last = max(stated) if len(stated) == len(group.rows) else None
        days |= dict.fromkeys((row.id for row in group.rows), last)
    return days


def known_by(rows: Sequence[EvidenceRow], day: date) -> tuple[EvidenceRow, ...]:
    """Return the rows that were known on a day; of a row without a day of publication nobody can say so."""
    days = known_on(rows)
    return tuple(row for row in rows if (known := days[row.id]) is not None and known <= day)


def hindsight(study: Study, prior_set: str, day: date) -> tuple[str, ...]:
    """Return the articles that a prior set rests on and that are younger than a day.

    An article that is dated by a month or a year counts as of its last day.
    """
    written = {article.name: _last_day(article.date) for article in study.articles}
    return tuple(name for name in study.claims.prior_sets[prior_set] if written[name] > day)


@dataclass(frozen=True)
class AsOf:
    """A day, and what of the rows was known on it.

    Attributes
    ----------
    day : date
    known : tuple of EvidenceRow
    left_out, undated : tuple of str
        Ids of the rows that were not, and of those of them that do not say when they were published.
    """

    day: date
    known: tuple[EvidenceRow, ...]
    left_out: tuple[str, ...]
    undated: tuple[str, ...]

    @classmethod
    def of(cls, rows: Sequence[EvidenceRow], day: date) -> AsOf:
        """Divide rows by whether they were known on a day."""
        known = known_by(rows, day)
        ids = {row.id for row in known}
        undated = tuple(row.id for row in rows if row.published_on is None)
        return cls(day, known, tuple(row.id for row in rows if row.id not in ids), undated)

    @property
    def options(self) -> tuple[str, ...]:
        """Those of the `refit` command that ask for it."""
        return "--as-of", str(self.day)

    def as_dict(self, study: Study, prior_set: str) -> dict[str, Any]:
        """Return what a version says of it, as values of JSON."""
        return {
            "day": str(self.day),
            "left_out": list(self.left_out),
            "undated": list(self.undated),
            "hindsight": list(hindsight(study, prior_set, self.day)),
        }


def told(said: Mapping[str, Any]) -> str:
    """Return in words what `AsOf.as_dict` says."""
    parts = [f"only what was known on {said['day']}; rows left out: {', '.join(said['left_out']) or 'none'}"]
    if said["undated"]:
        parts.append(f"of these, without a day of publication: {', '.join(said['undated'])}")
    if said["hindsight"]:
        parts.append(f"in hindsight, since younger than that day: the article of {' and of '.join(said['hindsight'])}")
    return "; ".join(parts)


def _last_day(text: str) -> date:
    """Return the last day of a day, a month or a year."""
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    month = month or 12
    return date(year, month, day or monthrange(year, month)[1])
