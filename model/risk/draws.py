"""Draws of the hazard of every cell and of who serves, and the risks that follow from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import NDArray

from priors.timeline import Window
from priors.vocabulary import Profile, Vocabulary

DRAWS_AT_ONCE = 512
"""Draws of all cells worked on at once: the arrays then fit the processor's cache, and memory stays small."""

CERTAIN = 1 - np.finfo(float).epsneg
"""The largest risk below 1 that can be told from it; beyond it a log cumulative hazard would be infinite."""

ALL = slice(None)

Selection = tuple[slice, ...]
"""For each attribute, the levels that a profile leaves open: one where it states the level, all where it does not."""


@dataclass(frozen=True, eq=False, repr=False)
class Draws:
    """Draws from a distribution over hazards and over who serves, prior or posterior.

    The log monthly hazard of a cell in a period is the sum of its `log_relative_hazard`, the `baseline` of the period
    and, for each attribute that moves, `over_time` of its level in the period.

    Attributes
    ----------
    log_relative_hazard : ndarray of float32, shape (draw, cell)
        What does not change over time.
    baseline : ndarray, shape (draw, period)
        What all cells share.
    over_time : mapping of str to ndarray of float32, shape (draw, level, period)
        By attribute, how far the effect of each level is from its own in each period; attributes that do not move are
        not in it.
    heads : ndarray of float32, shape (draw, cell)
        Men who serve when the study begins.
    vocabulary : Vocabulary
    """

    log_relative_hazard: NDArray[np.float32]
    baseline: NDArray[np.float64]
    over_time: Mapping[str, NDArray[np.float32]]
    heads: NDArray[np.float32]
    vocabulary: Vocabulary

    @property
    def count(self) -> int:
        """The number of draws."""
        return len(self.baseline)

    @cached_property
    def total_heads(self) -> NDArray[np.float64]:
        """The men who serve when the study begins, in all, shape (draw,)."""
        return np.asarray(self.heads.sum(axis=1, dtype=np.float64))

    @cached_property
    def moving(self) -> tuple[int, ...]:
        """The attributes that move, as axes in order."""
        return tuple(axis for axis, name in enumerate(self.vocabulary.names) if name in self.over_time)

    def selection(self, profile: Profile) -> Selection:
        """Return the cells that agree with a profile, as one slice for each attribute."""
        attributes = self.vocabulary.attributes
        levels = (each.names.index(profile[each.name]) if each.name in profile else None for each in attributes)
        return tuple(ALL if level is None else slice(level, level + 1) for level in levels)

    def parts(self, selection: Selection | None = None) -> Iterator[slice]:
        """Yield the draws a few hundred at a time, or more of them where fewer cells than all are worked on."""
        shape = self.vocabulary.shape
        levels = zip(selection or self.selection({}), shape, strict=True)
        cells = prod(len(range(*each.indices(size))) for each, size in levels)
        at_once = DRAWS_AT_ONCE * prod(shape) // cells
        for start in range(0, self.count, at_once):
            yield slice(start, min(start + at_once, self.count))

    def rates(
        self, periods: NDArray[np.intp], selection: Selection | None = None, part: slice = ALL
    ) -> NDArray[np.float64]:
        """Return the monthly hazard of cells over their relative hazard, in some periods.

        Parameters
        ----------
        periods : ndarray of int
        selection : Selection, optional
            By default all cells.
        part : slice, optional
            Of the draws; by default all.

        Returns
        -------
        ndarray, shape (period, level of each attribute, ..., draw)
            1 along attributes that do not move.
        """
        levels = selection or self.selection({})
        baseline = self.baseline.T[:, part][periods]
        rates = np.exp(baseline).reshape(len(baseline), *(1 for _ in levels), -1)
        for axis in self.moving:
            moved = self.over_time[self.vocabulary.names[axis]].T[:, levels[axis], part][periods]
            places = (moved.shape[1] if axis == other else 1 for other in range(len(levels)))
            rates = rates * np.exp(moved.astype(np.float64)).reshape(len(moved), *places, moved.shape[-1])
        return rates

    def exposures(
        self, windows: Sequence[Window], selection: Selection | None = None, part: slice = ALL
    ) -> NDArray[np.float64]:
        """Return the cumulative hazard of cells over their relative hazard, in each of several windows.

        Parameters are as for `rates`, which this adds up over the months of each window.

        Returns
        -------
        ndarray, shape (window, level of each attribute, ..., draw)
            1 along attributes that do not move.
        """
        months = np.stack([self.vocabulary.timeline.months(window) for window in windows])
        touched = np.flatnonzero(months.any(axis=0))
        return np.asarray(np.tensordot(months[:, touched], self.rates(touched, selection, part), axes=1))

    def exposure(self, window: Window) -> NDArray[np.float64]:
        """Return the cumulative hazard of cells over their relative hazard in a window, as `exposures` does."""
        return np.asarray(self.exposures((window,))[0])

    def at_cells(self, by_level: NDArray[np.float64], cells: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return what stands by level of each attribute, or is 1 along some, for some cells, shape (cell, draw)."""
        shape = self.vocabulary.shape
        return np.asarray(np.broadcast_to(by_level, (*shape, by_level.shape[-1]))[np.unravel_index(cells, shape)])

    def hazards(self, selection: Selection, part: slice) -> NDArray[np.float64]:
        """Return log relative hazards, shape (level of each attribute, ..., draw)."""
        return self._by_level(self.log_relative_hazard, selection, part)

    def serving(self, selection: Selection, part: slice) -> NDArray[np.float64]:
        """Return the men of each cell, shape (level of each attribute, ..., draw)."""
        return self._by_level(self.heads, selection, part)

    def shares(self, selection: Selection, part: slice) -> NDArray[np.float64]:
        """Return the shares of cells in the armed forces, shape (level of each attribute, ..., draw)."""
        return self.serving(selection, part) / self.total_heads[part]

    def risk(self, profile: Profile, window: Window) -> NDArray[np.float64]:
        """Return the risk of a profile, poststratified over the armed forces for what the profile leaves open.

        Each cell that agrees with the profile counts by the men in it who serve when the study begins, of each draw.

        Parameters
        ----------
        profile : mapping of str to str
            Attributes in the names of their levels; any may be missing.
        window : Window
            Inside the study.

        Returns
        -------
        ndarray, shape (draw,)
            Probability that an officer still serving at the start of the window defects in it:
            `1 - exp(-sum over periods of months x hazard)`.
        """
        risk: NDArray[np.float64] = self.risks(profile, (window,))[0]
        return risk

    def risks(self, profile: Profile, windows: Sequence[Window]) -> NDArray[np.float64]:
        """Return the risk of a profile in each of several windows, shape (window, draw), as `risk` does in one."""
        if self._is_complete(profile):
            return np.asarray(-np.expm1(-np.exp(self._of_cell(profile)) * self._exposures_of_cell(profile, windows)))
        selection, risks = self.selection(profile), np.empty((len(windows), self.count))
        for part in self.parts(selection):
            ratios, heads = np.exp(self.hazards(selection, part)), self.serving(selection, part)
            cells = tuple(range(heads.ndim - 1))
            total = heads.sum(axis=cells)
            for risk, exposure in zip(risks, self.exposures(windows, selection, part), strict=True):
                of_cells = -np.expm1(-ratios * exposure)
                risk[part] = (heads * of_cells).sum(axis=cells) / total
        return risks

    def leavers(self, cells: NDArray[np.bool_], window: Window) -> NDArray[np.float64]:
        """Return how many men of some cells are to be expected to leave in a window, shape (draw,).

        Of those who serve when the study begins; whoever has left by the start of the window does not leave in it.

        Parameters
        ----------
        cells : ndarray of bool, shape (cell,)
        window : Window
            Inside the study.
        """
        index, before = np.flatnonzero(cells), Window(self.vocabulary.timeline.window.start, window.start)
        leavers = np.empty(self.count)
        for part in self.parts():
            ratios = np.exp(self.log_relative_hazard.T[index, part].astype(np.float64))
            earlier, within = (
                ratios * self.at_cells(exposure, index) for exposure in self.exposures((before, window), part=part)
            )
            heads = self.heads.T[index, part].astype(np.float64)
            leavers[part] = (heads * np.exp(-earlier) * -np.expm1(-within)).sum(axis=0)
        return leavers

    def monthly_hazards(self, profile: Profile, windows: Sequence[Window]) -> NDArray[np.float64]:
        """Return the monthly hazard of a profile in windows that follow each other.

        Parameters
        ----------
        profile : mapping of str to str
            Attributes in the names of their levels; any may be missing.
        windows : sequence of Window
            Inside the study, each beginning where the one before it ends, none of them across two periods.

        Returns
        -------
        ndarray, shape (window, draw)
            Of those who serve as the first window begins. For a profile that is averaged over the forces it is the one
            that reproduces the averaged risk: `log(1 - risk until start) - log(1 - risk until end)`, by month. It falls
            as those most likely to leave have left, also where no hazard of a cell does.
        """
        months = np.stack([self.vocabulary.timeline.months(window) for window in windows])
        in_all = months.sum(axis=1, keepdims=True)
        if self._is_complete(profile):
            return np.asarray(np.exp(self._of_cell(profile)) * self._exposures_of_cell(profile, windows) / in_all)
        until = [Window(windows[0].start, window.end) for window in windows]
        cumulative = -np.log1p(-np.minimum(self.risks(profile, until), CERTAIN))
        return np.asarray(np.diff(cumulative, axis=0, prepend=0.0) / in_all)

    def log_cumulative_hazard(self, profile: Profile, window: Window) -> NDArray[np.float64]:
        """Return the log cumulative hazard of a profile over a window, shape (draw,).

        For a profile that is averaged over the armed forces it is `log(-log(1 - risk))` of the averaged risk.
        """
        if self._is_complete(profile):
            return np.asarray(self._of_cell(profile) + np.log(self._exposures_of_cell(profile, (window,))[0]))
        risk = np.minimum(self.risk(profile, window), CERTAIN)
        return np.asarray(np.log(-np.log1p(-risk)))

    def _is_complete(self, profile: Profile) -> bool:
        return len(profile) == len(self.vocabulary.attributes)

    def _of_cell(self, profile: Profile) -> NDArray[np.float64]:
        """Return the log relative hazard of a complete profile, shape (draw,)."""
        return self.log_relative_hazard[:, self.vocabulary.cell(profile)].astype(np.float64)

    def _exposures_of_cell(self, profile: Profile, windows: Sequence[Window]) -> NDArray[np.float64]:
        """Return the exposures of a complete profile, shape (window, draw)."""
        return self.exposures(windows, self.selection(profile)).reshape(len(windows), -1)

    def _by_level(self, by_cell: NDArray[np.float32], selection: Selection, part: slice) -> NDArray[np.float64]:
        by_level = by_cell.T.reshape(*self.vocabulary.shape, self.count)
        return by_level[*selection, part].astype(np.float64)
