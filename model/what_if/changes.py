"""What is supposed otherwise: claims and rows struck, articles and rows weighed, bounds of rows moved."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from math import inf
from typing import Any, Final

from model.evidence.checks import conflicts
from model.evidence.counts import broken_rules
from model.evidence.rows import EvidenceRow, group_rows
from model.what_if.errors import ChangeError
from priors.study import Study

HEAVIEST: Final = 10.0
"""How much more than another an article or a row may count."""

SIDES: Final = {"count_low": "low", "count_high": "high"}

Bounds = tuple[float | None, float | None]
"""The least and the most that a row counts; None where it stays."""


@dataclass(frozen=True)
class Changes:
    """What is otherwise than in the study and in its evidence.

    Attributes
    ----------
    without_claims, without_rows : tuple of str
        Ids; a row of a list strikes the list, which is one report.
    authors : mapping of str to float
        How much an article counts against the others where they differ, by its name.
    rows : mapping of str to float
        The power to which the likelihood of a row is raised, by its id; a list has one weight.
    bounds : mapping of str to tuple of float or None
        The least and the most that a row counts, by its id.
    """

    without_claims: tuple[str, ...] = ()
    without_rows: tuple[str, ...] = ()
    authors: Mapping[str, float] = field(default_factory=dict)
    rows: Mapping[str, float] = field(default_factory=dict)
    bounds: Mapping[str, Bounds] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        study: Study,
        rows: Sequence[EvidenceRow],
        *,
        without_claims: Iterable[str] = (),
        without_rows: Iterable[str] = (),
        weights: Mapping[str, float] | None = None,
        bounds: Mapping[str, Bounds] | None = None,
    ) -> Changes:
        """Return changes once they are known to make sense of a study and of rows of evidence.

        Parameters
        ----------
        rows : sequence of EvidenceRow
            What is fitted.
        weights : mapping of str to float
            By the name of an article or the id of a row, 0 to 10.

        Raises
        ------
        ChangeError
            If there is no such claim, article or row, or a value is not allowed.
        """
        articles = [article.name for article in study.articles]
        lists = {row.id: tuple(each.id for each in group.rows) for group in group_rows(rows) for row in group.rows}
        claims = [claim.id for claim in study.claims.claims]
        dropped = {_known(claim, claims, "without_claims", "claim") for claim in without_claims}
        struck = {each for row in without_rows for each in lists[_known(row, lists, "without_rows", "row")]}
        by_author: dict[str, float] = {}
        by_row: dict[str, float] = {}
        for name, weight in (weights or {}).items():
            _known(name, (*articles, *lists), "weights", "article or row")
            if not 0 <= weight <= HEAVIEST:
                nearest = "0" if weight < 0 else f"{HEAVIEST:g}"
                raise ChangeError(("weights", name), f"must be from 0 to {HEAVIEST:g}", (nearest,))
            for each in lists.get(name, ()):
                if by_row.setdefault(each, weight) != weight:
                    rule = f"must be that of the list {'+'.join(lists[name])}, which is one report"
                    raise ChangeError(("weights", name), rule, (f"{by_row[each]:g}",))
            if name in articles:
                by_author[name] = weight
        found = cls(
            without_claims=tuple(claim for claim in claims if claim in dropped),
            without_rows=tuple(row.id for row in rows if row.id in struck),
            authors=by_author,
            rows=by_row,
            bounds={_known(name, lists, "bounds", "row"): pair for name, pair in (bounds or {}).items()},
        )
        found._check_bounds(rows, study)
        return found

    def __bool__(self) -> bool:
        """Whether anything is otherwise."""
        return self != Changes()

    def altered(self, rows: Sequence[EvidenceRow]) -> tuple[EvidenceRow, ...]:
        """Return rows as they are supposed to be, without those struck."""
        return tuple(self._altered(row) for row in rows if row.id not in self.without_rows)

    def _altered(self, row: EvidenceRow) -> EvidenceRow:
        low, high = self.bounds.get(row.id, (None, None))
        return dataclasses.replace(
            row,
            count_low=row.count_low if low is None else low,
            count_high=row.count_high if high is None else high,
            weight=self.rows.get(row.id, row.weight),
        )

    def _check_bounds(self, rows: Sequence[EvidenceRow], study: Study) -> None:
        """Raise ChangeError where a bound that is moved breaks a rule of rows."""
        for name, pair in self.bounds.items():
            for side, at in zip(SIDES.values(), pair, strict=True):
                if at is not None and not 0 <= at < inf:
                    raise ChangeError(("bounds", name, side), "must be a finite number that is not negative", ("0",))
        altered = [self._altered(row) for row in rows if row.id in self.bounds]
        for row in altered:
            for column, rule, *nearest in broken_rules(row):
                raise ChangeError(("bounds", row.id, SIDES.get(column, column)), _of_sides(rule), nearest)
        if altered:
            for fault in conflicts(self.altered(rows), study.vocabulary):
                raise ChangeError(("bounds",), fault.rule)

    def as_dict(self) -> dict[str, Any]:
        """Return the changes as values of JSON, as they are asked for."""
        bounds = {row: {"low": low, "high": high} for row, (low, high) in self.bounds.items()}
        return {
            "without_claims": list(self.without_claims),
            "without_rows": list(self.without_rows),
            "weights": {**self.authors, **self.rows},
            "bounds": {row: {side: at for side, at in pair.items() if at is not None} for row, pair in bounds.items()},
        }

    @property
    def options(self) -> tuple[str, ...]:
        """The options of `refit` that make the same changes."""
        weights = (*self.authors.items(), *self.rows.items())
        bounds = ((row, *("" if at is None else f"{at:.15g}" for at in pair)) for row, pair in self.bounds.items())
        return (
            *(part for claim in self.without_claims for part in ("--without", claim)),
            *(part for row in self.without_rows for part in ("--without-row", row)),
            *(part for name, weight in weights for part in ("--weight", f"{name}={weight:.15g}")),
            *(part for row, low, high in bounds for part in ("--bound", f"{row}={low}:{high}")),
        )


def _of_sides(rule: str) -> str:
    """Return a rule of columns as one of the bounds that are stated."""
    for column, side in SIDES.items():
        rule = rule.replace(column, side)
    return rule


def _known(name: str, names: Iterable[str], place: str, kind: str) -> str:
    """Return a name that there is.

    Raises
    ------
    ChangeError
        If there is none such.
    """
    names = list(names)
    if name not in names:
        nearest = get_close_matches(name[:64], names) or names[:8]
        raise ChangeError((place,), f"no {kind} of this name", nearest)
    return name
