"""Draws of the hazard of every cell and of who serves, and the risks that follow from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from priors.timeline import Window
from priors.vocabulary import Profile, Vocabulary

DRAWS_AT_ONCE = 512
"""Draws worked on at once: the arrays over cells then fit the processor's cache, and memory stays small."""

CERTAIN = 1 - np.finfo(float).epsneg
"""The largest risk below 1 that can be told from it; beyond it a log cumulative hazard would be infinite."""

Selection = tuple[slice, ...]
"""For each attribute, the levels that a profile leaves open: one where it states the level, all where it does not."""


@dataclass(frozen=True, eq=False, repr=False)
class Draws:
    """Draws from a distribution over hazards, prior or posterior.

    Attributes
    ----------
    log_relative_hazard : ndarray of float32, shape (draw, cell)
        Log monthly hazard of a cell less the baseline.
    baseline : ndarray, shape (draw, period)
        Log monthly hazard that all cells share.
    community_shares : ndarray, shape (draw, class, community)
        Share of each community within each class of service.
    within_community : ndarray, shape (class, cell)
        Share of a cell in the armed forces over the share of its community in its class.
    vocabulary : Vocabulary
    """

    log_relative_hazard: NDArray[np.float32]
    baseline: NDArray[np.float64]
    community_shares: NDArray[np.float64]
    within_community: NDArray[np.float64]
    vocabulary: Vocabulary

    @property
    def count(self) -> int:
        """The number of draws."""
        return len(self.baseline)

    def exposure(self, window: Window) -> NDArray[np.float64]:
        """Return the cumulative baseline hazard over a window, shape (draw,)."""
        exposure: NDArray[np.float64] = np.exp(self.baseline) @ self.vocabulary.timeline.months(window)
        return exposure

    def selection(self, profile: Profile) -> Selection:
        """Return the cells that agree with a profile, as one slice for each attribute."""
        attributes = self.vocabulary.attributes
        levels = (each.names.index(profile[each.name]) if each.name in profile else None for each in attributes)
        return tuple(slice(None) if level is None else slice(level, level + 1) for level in levels)

    def parts(self) -> Iterator[slice]:
        """Yield the draws a few hundred at a time."""
        for start in range(0, self.count, DRAWS_AT_ONCE):
            yield slice(start, min(start + DRAWS_AT_ONCE, self.count))

    def hazards(self, selection: Selection, part: slice) -> NDArray[np.float64]:
        """Return log relative hazards, shape (level of each attribute, ..., draw)."""
        by_level = self.log_relative_hazard.T.reshape(*self.vocabulary.shape, self.count)
        return by_level[*selection, part].astype(np.float64)

    def shares(self, selection: Selection, part: slice) -> NDArray[np.float64]:
        """Return the shares of cells in the armed forces, shape (level of each attribute, ..., draw).

        The share of a cell is the sum over classes of the share of its community in the class times
        `within_community`.
        """
        within = self.within_community.reshape(-1, *self.vocabulary.shape)[:, *selection]
        of_community = self.community_shares[part][:, :, selection[0]]
        shares: NDArray[np.float64] = np.einsum("kc...,dkc->c...d", within, of_community)
        return shares

    def risk(self, profile: Profile, window: Window) -> NDArray[np.float64]:
        """Return the risk of a profile, poststratified over the armed forces for what the profile leaves open.

        Each cell that agrees with the profile counts by its share of those who serve when the study begins.

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
        exposures, selection = np.stack([self.exposure(window) for window in windows]), self.selection(profile)
        if len(profile) == len(self.vocabulary.attributes):
            cell = self.log_relative_hazard[:, self.vocabulary.cell(profile)].astype(np.float64)
            return np.asarray(-np.expm1(-np.exp(cell) * exposures))
        risks = np.empty(exposures.shape)
        for part in self.parts():
            ratios, shares = np.exp(self.hazards(selection, part)), self.shares(selection, part)
            cells = tuple(range(shares.ndim - 1))
            total = shares.sum(axis=cells)
            for risk, exposure in zip(risks, exposures, strict=True):
                of_cells = -np.expm1(-ratios * exposure[part])
                risk[part] = (shares * of_cells).sum(axis=cells) / total
        return risks

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
        if len(profile) == len(self.vocabulary.attributes):
            cell = self.log_relative_hazard[:, self.vocabulary.cell(profile)].astype(np.float64)
            return np.asarray(np.exp(cell + self.baseline.T[months.argmax(axis=1)]))
        until = [Window(windows[0].start, window.end) for window in windows]
        cumulative = -np.log1p(-np.minimum(self.risks(profile, until), CERTAIN))
        return np.asarray(np.diff(cumulative, axis=0, prepend=0.0) / months.sum(axis=1, keepdims=True))

    def log_cumulative_hazard(self, profile: Profile, window: Window) -> NDArray[np.float64]:
        """Return the log cumulative hazard of a profile over a window, shape (draw,).

        For a profile that is averaged over the armed forces it is `log(-log(1 - risk))` of the averaged risk.
        """
        if len(profile) == len(self.vocabulary.attributes):
            cell = self.log_relative_hazard[:, self.vocabulary.cell(profile)].astype(np.float64)
            return np.asarray(cell + np.log(self.exposure(window)))
        risk = np.minimum(self.risk(profile, window), CERTAIN)
        return np.asarray(np.log(-np.log1p(-risk)))
