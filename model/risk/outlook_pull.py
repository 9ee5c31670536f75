"""What each lever makes of the past of a simulated run: the factor on the hazard of each cell in the next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from model.risk.outlook_force import selected
from model.risk.outlook_levers import Contagion, Levers, Offer, Reprisal, intelligence
from model.risk.outlook_timing import months_later
from priors.vocabulary import ATTRIBUTES, Vocabulary

Values = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells that somebody is in."""

    index: NDArray[np.int64]
    vocabulary: Vocabulary

    def alike(self, attributes: Sequence[str]) -> NDArray[np.int64]:
        """Return a number for each cell that those of equal levels in some attributes share, shape (cell,)."""
        levels = np.unravel_index(self.index, self.vocabulary.shape)
        code = np.zeros(len(self.index), dtype=np.int64)
        for axis, (name, size) in enumerate(zip(ATTRIBUTES, self.vocabulary.shape, strict=True)):
            if name in attributes:
                code = code * size + levels[axis]
        return code

    def sum_over(self, values: NDArray[np.number], alike: NDArray[np.int64]) -> Values:
        """Return for each cell the sum over all that are alike, shape (run, cell)."""
        distinct, place = np.unique(alike, return_inverse=True)
        if len(distinct) == len(alike):
            return np.asarray(values, dtype=float)
        member = (place[:, None] == np.arange(len(distinct))).astype(float)
        return np.asarray((values @ member)[:, place])


class Pull(Protocol):
    """A lever at work in some runs."""

    def factor(self, day: date) -> Values:
        """Return the factor on hazards in the step that begins on a day; broadcasts to (run, cell)."""

    def note(self, day: date, defected: Counts, hazard: Values) -> None:
        """Note who defected in the step that ended on a day, and the hazard without levers, both (run, cell)."""


class Memory:
    """What happened in the last months."""

    def __init__(self, months: int) -> None:
        self._months = months
        self._noted: list[tuple[date, Values]] = []

    def note(self, day: date, values: Values) -> None:
        """Note what happened up to a day."""
        self._noted.append((day, values))

    def since(self, day: date) -> Values:
        """Return the sum of what is recent on a day."""
        self._noted = [(then, values) for then, values in self._noted if months_later(then, self._months) > day]
        return np.asarray(sum((values for _, values in self._noted), start=np.zeros(())))


class Spreading:
    """Contagion at work; see `Contagion`."""

    def __init__(self, lever: Contagion, cells: Cells, log_ratio: Values, left: Counts, day: date) -> None:
        self._cells, self._sect = cells, cells.alike(["sect"])
        self._log_ratio, self._weight = log_ratio[:, None], lever.intelligence_weight
        self._left = left.astype(float)
        self._expecting = lever.against == "expected"
        self._services = intelligence(cells.vocabulary)[cells.index]
        self._in_sect, self._in_services = Memory(lever.months), Memory(lever.months)
        self._foreseen, self._foreseen_in_services = Memory(lever.months), Memory(lever.months)
        names = cells.vocabulary["sect"].names
        before = np.array([lever.already.get(names[sect], 0) for sect in self._sect], dtype=float)
        self._in_sect.note(day, before[None, :])

    def factor(self, day: date) -> Values:
        """Return the ratio to the power of how often recent defections were doubled."""
        doublings = _doublings(self._in_sect.since(day), self._foreseen.since(day))
        if self._weight != 1:
            again = _doublings(self._in_services.since(day), self._foreseen_in_services.since(day))
            doublings = doublings + (self._weight - 1) * np.where(self._services, again, 0.0)
        return np.asarray(np.exp(self._log_ratio * doublings))

    def note(self, day: date, defected: Counts, hazard: Values) -> None:
        """Note defections by sect, and those that were to be expected."""
        self._in_sect.note(day, self._cells.sum_over(defected, self._sect))
        self._in_services.note(day, self._cells.sum_over(defected * self._services, self._sect))
        if self._expecting:
            foreseen = self._left * -np.expm1(-hazard)
            self._left = self._left - foreseen
            self._foreseen.note(day, self._cells.sum_over(foreseen, self._sect))
            self._foreseen_in_services.note(day, self._cells.sum_over(foreseen * self._services, self._sect))


class Punishing:
    """Reprisal at work; see `Reprisal`."""

    def __init__(self, lever: Reprisal, cells: Cells) -> None:
        self._cells, self._alike, self._factor = cells, cells.alike(lever.same), lever.factor
        self._recent = Memory(lever.months)

    def factor(self, day: date) -> Values:
        """Return the stated factor where one who is alike defected of late."""
        return np.asarray(np.where(self._recent.since(day) > 0, self._factor, 1.0))

    def note(self, day: date, defected: Counts, hazard: Values) -> None:  # noqa: ARG002 - as a Pull does
        """Note where anyone defected."""
        self._recent.note(day, self._cells.sum_over(defected, self._alike))


class Offering:
    """An offer at work; see `Offer`."""

    def __init__(self, lever: Offer, cells: Cells) -> None:
        self._lever = lever
        self._factors = np.where(selected([lever.selection], cells.vocabulary)[cells.index], lever.factor, 1.0)

    def factor(self, day: date) -> Values:
        """Return the stated factor for those it is made to, while it is open."""
        return np.asarray(self._factors if self._lever.holds(day) else np.ones(()))

    def note(self, day: date, defected: Counts, hazard: Values) -> None:
        """Note nothing: an offer does not depend on the past."""


def pulls(levers: Levers, cells: Cells, log_ratio: Values, left: Counts, day: date) -> list[Pull]:
    """Return the levers at work.

    Parameters
    ----------
    levers : Levers
    cells : Cells
    log_ratio : ndarray, shape (run,)
        Of contagion.
    left : ndarray of int, shape (run, cell)
        Who serves at the start.
    day : date
        The start.
    """
    found: list[Pull] = []
    if levers.contagion is not None:
        found.append(Spreading(levers.contagion, cells, log_ratio, left, day))
    if levers.reprisal is not None:
        found.append(Punishing(levers.reprisal, cells))
    return [*found, *(Offering(offer, cells) for offer in levers.offers)]


def _doublings(recent: Values, foreseen: Values) -> Values:
    return np.asarray(np.log2((1 + recent) / (1 + foreseen)))
