"""What moves make of the hazard of each cell in the next step of a simulated run, given its past."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from model.outlook.contagion import Contagion
from model.outlook.moves import Move, Moves
from model.outlook.timing import months_later
from priors.vocabulary import Vocabulary

Values = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class OccupiedCells:
    """The cells that somebody is in."""

    index: NDArray[np.int64]
    vocabulary: Vocabulary

    def alike(self, attributes: Sequence[str]) -> NDArray[np.int64]:
        """Return a number for each cell that those of equal levels in some attributes share, shape (cell,)."""
        levels = np.unravel_index(self.index, self.vocabulary.shape)
        code = np.zeros(len(self.index), dtype=np.int64)
        for axis, (name, size) in enumerate(zip(self.vocabulary.names, self.vocabulary.shape, strict=True)):
            if name in attributes:
                code = code * size + levels[axis]
        return code


@dataclass(frozen=True, eq=False)
class Kinds:
    """Kinds of cells: those of one kind agree in some attributes.

    Attributes
    ----------
    distinct : ndarray of int, shape (kind,)
        The number that the cells of each kind share.
    of_cell : ndarray of int, shape (cell,)
        Which kind each cell is of.
    """

    distinct: NDArray[np.int64]
    of_cell: NDArray[np.int64]

    @classmethod
    def of(cls, cells: OccupiedCells, attributes: Sequence[str]) -> Kinds:
        """Return the kinds of cells that agree in some attributes."""
        distinct, of_cell = np.unique(cells.alike(attributes), return_inverse=True)
        return cls(distinct, of_cell)

    def sums(self, values: NDArray[np.number]) -> Values:
        """Return the sums over the cells of each kind, shape (run, kind)."""
        if len(self.distinct) == len(self.of_cell):
            return np.asarray(values[:, np.argsort(self.of_cell)], dtype=float)
        return np.asarray(values @ (self.of_cell[:, None] == np.arange(len(self.distinct))).astype(float))


class Pull(Protocol):
    """A move at work in some runs."""

    def factor(self, day: date) -> Values:
        """Return the factor on hazards in the step that begins on a day; broadcasts to (run, cell)."""

    def note(self, day: date, defected: Counts, hazard: Values) -> None:
        """Note who defected in the step that ended on a day, and the hazard without moves, both (run, cell)."""


class Memory:
    """What happened in the last months, summed up."""

    def __init__(self, months: int) -> None:
        self._months = months
        self._noted: deque[tuple[date, Values]] = deque()
        self._sum: Values = np.zeros(())

    def note(self, day: date, values: Values) -> None:
        """Note what happened up to a day."""
        self._noted.append((months_later(day, self._months), values))
        self._sum = self._sum + values

    def since(self, day: date) -> Values:
        """Return the sum of what is recent on a day."""
        while self._noted and self._noted[0][0] <= day:
            self._sum = self._sum - self._noted.popleft()[1]
        # What is taken off again may leave a rounding error behind.
        return np.maximum(self._sum, 0.0)


class Spreading:
    """Contagion at work; see `Contagion`."""

    def __init__(self, move: Contagion, cells: OccupiedCells, ratio: Values, left: Counts, day: date) -> None:
        self._communities = Kinds.of(cells, [cells.vocabulary.community.name])
        self._log_ratio, self._weight = np.log(ratio)[:, None], move.services_weight
        self._left = left.astype(float)
        self._expecting = move.against == "expected"
        self._services = move.among(cells.vocabulary)[cells.index]
        self._recent, self._recent_in_services = Memory(move.months), Memory(move.months)
        self._foreseen, self._foreseen_in_services = Memory(move.months), Memory(move.months)
        names = cells.vocabulary.community.names
        already = [move.already.get(names[each], 0) for each in self._communities.distinct]
        self._recent.note(day, np.array([already], dtype=float))

    def factor(self, day: date) -> Values:
        """Return the ratio to the power of how often recent defections were doubled."""
        doublings = _doublings(self._recent.since(day), self._foreseen.since(day))
        factors = np.exp(self._log_ratio * doublings)[:, self._communities.of_cell]
        if self._weight != 1:
            again = _doublings(self._recent_in_services.since(day), self._foreseen_in_services.since(day))
            further = np.exp(self._log_ratio * (self._weight - 1) * again) * np.ones(len(self._communities.distinct))
            factors = np.where(self._services, factors * further[:, self._communities.of_cell], factors)
        return np.asarray(factors)

    def note(self, day: date, defected: Counts, hazard: Values) -> None:
        """Note defections by community, and those that were to be expected."""
        self._note(day, defected, self._recent, self._recent_in_services)
        if self._expecting:
            foreseen = self._left * -np.expm1(-hazard)
            self._left = self._left - foreseen
            self._note(day, foreseen, self._foreseen, self._foreseen_in_services)

    def _note(self, day: date, values: NDArray[np.number], everywhere: Memory, in_services: Memory) -> None:
        everywhere.note(day, self._communities.sums(values))
        if self._weight != 1:
            in_services.note(day, self._communities.sums(values * self._services))


class Punishing:
    """Punishment at work; see `Move`."""

    def __init__(self, move: Move, cells: OccupiedCells, factor: Values) -> None:
        self._alike, self._factor = Kinds.of(cells, move.same), factor[:, None]
        self._recent = Memory(move.months or 0)
        self._recent.note(cells.vocabulary.timeline.window.start, np.zeros((1, len(self._alike.distinct))))

    def factor(self, day: date) -> Values:
        """Return the factor where one who is alike defected of late."""
        return np.asarray(np.where(self._recent.since(day) > 0, self._factor, 1.0)[:, self._alike.of_cell])

    def note(self, day: date, defected: Counts, hazard: Values) -> None:  # noqa: ARG002 - as a Pull does
        """Note where anyone defected."""
        self._recent.note(day, self._alike.sums(defected))


class Steady:
    """A factor on the hazard of some while a move is in force, whatever happens: an offer, or confinement."""

    def __init__(self, move: Move, among: NDArray[np.bool_], factor: Values) -> None:
        self._move = move
        self._factors = np.where(among, factor[:, None], 1.0)

    def factor(self, day: date) -> Values:
        """Return the factor for those it falls on, while it is in force."""
        return np.asarray(self._factors if self._move.holds(day) else np.ones(()))

    def note(self, day: date, defected: Counts, hazard: Values) -> None:
        """Note nothing: it does not depend on the past."""


def pulls(
    moves: Moves,
    cells: OccupiedCells,
    numbers: Mapping[tuple[str, str], Values],
    left: Counts,
    *,
    confined: NDArray[np.bool_],
    day: date,
) -> list[Pull]:
    """Return the moves at work on hazards.

    Parameters
    ----------
    moves : Moves
    cells : OccupiedCells
    numbers : mapping of (str, str) to ndarray, each of shape (run,)
        See `Moves.drawn`.
    left : ndarray of int, shape (run, cell)
        Who serves at the start.
    confined : ndarray of bool, shape (cell,)
        Who is kept in while confinement is in force.
    day : date
        The start.
    """
    found: list[Pull] = []
    if moves.contagion is not None:
        found.append(Spreading(moves.contagion, cells, numbers["contagion", "ratio"], left, day))
    for key, move in moves.keyed:
        if move.name == "punish":
            found.append(Punishing(move, cells, numbers[key, "factor"]))
        elif move.name == "offers":
            found.append(Steady(move, move.among(cells.vocabulary)[cells.index], numbers[key, "factor"]))
        elif move.name == "confine":
            found.append(Steady(move, confined, numbers[key, "factor"]))
    return found


def _doublings(recent: Values, foreseen: Values) -> Values:
    return np.asarray(np.log2((1 + recent) / (1 + foreseen)))
