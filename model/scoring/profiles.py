"""From the words of a row to its risk: each profile is assessed once, however many rows have it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from model.risk.assessment import Standing, standing
from model.risk.summaries import checked_intervals
from model.risk.table import RiskTable
from model.scoring.errors import ColumnError
from priors.errors import PriorsError
from priors.timeline import Window
from priors.vocabulary import fold

UNKNOWN, REFUSED = -1, -2
"""Codes of a cell of a file that is empty, and of one whose word is not in the vocabulary."""

Words = Sequence[str | None]
"""The words of a row, one for each member of a profile."""


def word_columns(names: Sequence[str], members: Sequence[str], *, written: Collection[str] = ()) -> dict[str, str]:
    """Return which of the columns holds each member of a profile, matching names as words are matched.

    Parameters
    ----------
    names : sequence of str
        The columns.
    members : sequence of str
        What a profile may be stated by.
    written : collection of str
        The columns to be written.

    Raises
    ------
    ColumnError
        If there is none, if two stand for the same, or if a column to be written is there already.
    """
    found: dict[str, str] = {}
    for name in names:
        if name in written:
            raise ColumnError(f"{name}: is a column to be written; rename it")
        if fold(name) in members and found.setdefault(fold(name), name) != name:
            raise ColumnError(f"{name}: stands for the same as {found[fold(name)]}; keep one")
    for name in found.values():
        if list(names).count(name) > 1:
            raise ColumnError(f"{name}: appears twice; keep one")
    if not found:
        raise ColumnError(f"needs a column of {', '.join(members)} (in CSV, set off by commas)")
    return found


def risk_columns(intervals: Sequence[float]) -> tuple[str, ...]:
    """Return the names of the columns of numbers that are written: of the risk with its intervals, and what moved it.

    Examples
    --------
    >>> risk_columns([0.9])[:4]
    ('risk_mean', 'risk_median', 'risk_lower_90', 'risk_upper_90')
    """
    bounds = (f"risk_{side}_{100 * probability:g}" for probability in intervals for side in ("lower", "upper"))
    return ("risk_mean", "risk_median", *bounds, "relative_to_corps", "posterior_contraction", "author_shift")


class Profiles:
    """Numbers every profile, and assesses those that occur.

    A word is coded as the index of its level; a profile's code is the place of its levels among all combinations,
    with one place more for each attribute for the unknown level.

    Parameters
    ----------
    window : Window
        The window of every risk.
    intervals : sequence of float
        Probabilities of the equal-tailed intervals that columns are written for.
    """

    def __init__(self, table: RiskTable, *, window: Window, intervals: Sequence[float]) -> None:
        self.vocabulary = table.vocabulary
        self.window = self.vocabulary.timeline.checked(window.start, window.end)
        self.intervals = checked_intervals(intervals)
        self._table = table
        self._shape = tuple(levels + 1 for levels in self.vocabulary.shape)
        self._assessed = np.zeros(int(np.prod(self._shape)), dtype=bool)
        self._risks = np.zeros((len(self._assessed), len(self.columns)))
        self._levels = {name: self.vocabulary[name].words for name in self.vocabulary.names}
        self._levels["unit"] = self.vocabulary.unit_words

    @property
    def members(self) -> tuple[str, ...]:
        """The names of the columns that are read; all others are carried through."""
        return self.vocabulary.members

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns written that hold numbers."""
        return risk_columns(self.intervals)

    @property
    def said(self) -> dict[str, str]:
        """What is written beside the numbers, the same in every row: of which days they are, and who answered."""
        days = {"window_from": str(self.window.start), "window_to": str(self.window.end)}
        return days | {"prior_set": self._table.prior_set, "version": self._table.version}

    @property
    def written(self) -> tuple[str, ...]:
        """The names of all columns written."""
        return (*self.columns, *self.said)

    def code(self, column: str, word: str | None) -> int:
        """Return the index of the level a word stands for, `UNKNOWN` for no word, `REFUSED` for one not known."""
        if word is None or not word.strip():
            return UNKNOWN
        level = self._levels[column].get(fold(word))
        attribute = str(self.vocabulary.unit_attribute) if column == "unit" else column
        return REFUSED if level is None else self.vocabulary[attribute].names.index(level)

    def fault(self, words: Words) -> tuple[str, str] | None:
        """Return the first column of a row that cannot be used, and the rule it breaks."""
        stated = {name: word for name, word in zip(self.members, words, strict=True) if word and word.strip()}
        for name in stated:
            try:
                own = (name, self.vocabulary.unit_attribute)
                self.vocabulary.profile({other: stated[other] for other in stated if other in own})
            except PriorsError as error:
                column, _, rule = str(error).partition(": ")
                return column, rule
        return None

    def profile_codes(self, codes: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
        """Return the code of each row's profile, or `REFUSED`.

        Parameters
        ----------
        codes : sequence of ndarray, shape (row,)
            The codes of the words, one array for each of `members`.
        """
        attributes, units = list(codes[: len(self._shape)]), codes[len(self._shape) :]
        refused = np.min(codes, axis=0) == REFUSED
        for unit in units:
            place = self.vocabulary.names.index(str(self.vocabulary.unit_attribute))
            stated = attributes[place]
            attributes[place] = np.where(stated == UNKNOWN, unit, stated)
            refused |= (unit != UNKNOWN) & (attributes[place] != unit)
        places = [np.where(refused, 0, code + 1) for code in attributes]
        return np.where(refused, REFUSED, np.ravel_multi_index(places, self._shape))

    def risks(self, profile_codes: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the numbers of `columns` for rows of coded profiles, shape (row, column); NaN where there is none."""
        present = np.bincount(profile_codes, minlength=len(self._assessed)) > 0
        for code in np.flatnonzero(present & ~self._assessed):
            self._risks[code] = self._assess(int(code))
            self._assessed[code] = True
        return self._risks[profile_codes]

    def _assess(self, code: int) -> list[float]:
        levels = np.unravel_index(code, self._shape)
        profile = {
            attribute.name: attribute.names[int(level) - 1]
            for attribute, level in zip(self.vocabulary.attributes, levels, strict=True)
            if level
        }
        return _numbers(standing(self._table, profile, window=self.window, intervals=self.intervals))


def _numbers(found: Standing) -> list[float]:
    bounds = (bound for interval in found.risk.intervals for bound in (interval.lower, interval.upper))
    shift = np.nan if found.author_shift is None else found.author_shift
    relative, contraction = found.relative_to_corps.ratio, found.posterior_contraction
    return [found.risk.mean, found.risk.median, *bounds, relative, contraction, shift]
