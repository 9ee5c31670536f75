"""The heads of a simulated force, kept day by day: who serves, who left how, who came; each man is counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.outlook.flows import Flow

Values = NDArray[np.float64]
Counts = NDArray[np.int64]
Cells = NDArray[np.bool_]

CAME: Final = ("start", "intake", "replaced")
WENT: Final = ("defected", "interdicted", "purged", "died")
COLUMNS: Final = (*CAME, *WENT, "serving")
"""Of a ledger of heads: what came is what went and what serves."""


@dataclass(frozen=True, eq=False)
class Asked:
    """What is to be kept of the heads of a force.

    Attributes
    ----------
    days : tuple of date
        At the end of which steps.
    levels : ndarray of bool, shape (level, cell)
        The cells of each kind that is counted day by day, the first of all.
    last : ndarray of bool, shape (level, cell)
        The cells of each kind that is counted on the last day.
    reliable : ndarray of bool, shape (cell,)
        Who is counted on.
    unit : ndarray of bool, shape (cell,)
        Whom the unit that may break is made up of.
    """

    days: tuple[date, ...]
    levels: Cells
    last: Cells
    reliable: Cells
    unit: Cells


@dataclass(frozen=True, eq=False)
class Heads:
    """What was kept of the heads of a force.

    Attributes
    ----------
    by_day : ndarray of int, shape (column, day, level, run)
        By the columns of a ledger.
    last : ndarray of int, shape (column, level, run)
    deployable, reliable : ndarray of int, shape (day, run)
        Men of the army.
    unit_hazard : ndarray, shape (step, run)
        Mean hazard of defection, over a step, of those whom the unit is made up of.
    """

    by_day: Counts
    last: Counts
    deployable: Counts
    reliable: Counts
    unit_hazard: Values


class Tally:
    """Counts the heads of some runs as they are simulated.

    Parameters
    ----------
    asked : Asked
    index : ndarray of int, shape (cell,)
        The cells that are simulated.
    confined : ndarray of bool, shape (cell,)
        Of these, who is kept in while confinement is in force.
    start : ndarray of int, shape (run, cell)
        Who serves at the start.
    """

    def __init__(self, asked: Asked, index: NDArray[np.int64], confined: Cells, start: Counts) -> None:
        self._asked, self._index, self._confined, self._serving = asked, index, confined, start
        self._columns = {name: np.zeros_like(start) for name in COLUMNS[1:-1]}
        self._start = start
        self._by_day: list[Counts] = []
        self._strength: list[Counts] = []
        self._unit: list[Values] = []

    def note(self, flow: Flow, day: date, *, kept_in: bool) -> None:
        """Count what a step, which ends on a day, did; some may be kept in as it ends."""
        in_unit = np.where(self._asked.unit[self._index], self._serving, 0)
        men = in_unit.sum(axis=1)
        self._unit.append((in_unit * flow.hazard).sum(axis=1) / np.maximum(men, 1))
        self._columns = {name: counted + getattr(flow, name) for name, counted in self._columns.items()}
        self._serving = self._serving + flow.change
        if day in self._asked.days:
            self._by_day.append(self._of(self._asked.levels))
            deployable = ~(self._confined & kept_in)
            reliable = deployable & self._asked.reliable[self._index]
            self._strength.append(np.array([_sums(self._serving, which) for which in (deployable, reliable)]))

    def heads(self) -> Heads:
        """Return what was kept."""
        by_day, strength = np.stack(self._by_day, axis=1), np.stack(self._strength, axis=1)
        return Heads(by_day, self._of(self._asked.last), strength[0], strength[1], np.array(self._unit))

    def _of(self, levels: Cells) -> Counts:
        """Return the ledger of each level, shape (column, level, run)."""
        columns = [self._start, *self._columns.values(), self._serving]
        inside = levels[:, self._index].T.astype(float)
        return np.rint(np.array([(column @ inside).T for column in columns])).astype(np.int64)


def joined(parts: Sequence[Heads]) -> Heads:
    """Return what was kept of all runs, from what was of some and of others."""
    names = ("by_day", "last", "deployable", "reliable", "unit_hazard")
    return Heads(*(np.concatenate([getattr(part, name) for part in parts], axis=-1) for name in names))


def _sums(counts: Counts, which: NDArray[np.bool_]) -> Counts:
    return np.asarray(counts[:, which].sum(axis=1))
