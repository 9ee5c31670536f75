"""How men leave a simulated force, by risks that compete, and who comes: a watch, a purge, deaths, intake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.outlook.moves import MOST_STOPPED, Move, Moves
from model.outlook.pull import OccupiedCells
from model.outlook.timing import Step
from model.risk.draws import Draws
from priors.vocabulary import Vocabulary

Values = NDArray[np.float64]
Counts = NDArray[np.int64]
Cells = NDArray[np.int64]

WHOLE: Final = 1e-9
"""By how much the men due may fall short of a whole number by rounding, and it is one."""


@dataclass(frozen=True, eq=False)
class Flow:
    """What became of the men of each cell in a step, each of shape (run, cell).

    Attributes
    ----------
    defected, interdicted : ndarray of int
        Of those who tried to leave: who did, and who was stopped.
    died, purged : ndarray of int
    replaced, intake : ndarray of int
        Who came: into the places of those purged, and called up.
    change : ndarray of int
        By how much the men who serve grow.
    hazard : ndarray
        Of defection, cumulative over the step.
    """

    defected: Counts
    interdicted: Counts
    died: Counts
    purged: Counts
    replaced: Counts
    intake: Counts
    change: Counts
    hazard: Values


class Flows:
    """The moves that take men from a force, or bring them, at work in some runs.

    Parameters
    ----------
    moves : Moves
    cells : OccupiedCells
        With all whom a move may bring.
    numbers : mapping of (str, str) to ndarray, each of shape (run,)
        See `Moves.drawn`.
    drawn : Draws
        One for each run: how those called up divide over cells.
    serving : ndarray of bool, shape (cell,)
        In which cells anyone serves at the start: these have random numbers of their own.

    Notes
    -----
    Of hazards that compete, each constant over a step, a man leaves with probability `1 - exp(-sum)`, and by each of
    them in proportion to it (Prentice et al. 1978). Of n men of cumulative hazard h the first leaves when nh reaches an
    exponential number e, and the others go on with what is left of theirs, h - e / n: so n men lose a binomial number,
    which costs little where nobody leaves.
    """

    def __init__(
        self,
        moves: Moves,
        cells: OccupiedCells,
        numbers: Mapping[tuple[str, str], Values],
        drawn: Draws,
        serving: NDArray[np.bool_],
    ) -> None:
        vocabulary, self._serving = cells.vocabulary, serving
        self._moves = {move.name: move for move in moves.others}
        self._shape = (drawn.count, len(cells.index))
        self._among = {move.name: np.flatnonzero(move.among(vocabulary)[cells.index]) for move in moves.others}
        self._numbers = {
            move.name: self._on_those(move, numbers[key, number])
            for key, move in moves.keyed
            for number in ("share", "rate")
            if number in move.numbers
        }
        self._due, self._called = np.zeros(drawn.count), numbers.get(("intake", "men"), np.zeros(drawn.count))
        self._places, self._shares = None, np.zeros(())
        for move in moves.named("purge"):
            if move.replaced_by:
                self._places = np.searchsorted(
                    cells.index, replaced(move, cells.index[self._among["purge"]], vocabulary)
                )
        for move in moves.named("intake"):
            self._shares = shares_among(move.among(vocabulary), drawn)

    def of(
        self,
        left: Counts,
        hazard: Values,
        step: Step,
        *,
        held: NDArray[np.bool_],
        generator: np.random.Generator,
    ) -> Flow:
        """Return what becomes of the men of each cell in a step.

        Parameters
        ----------
        left : ndarray of int, shape (run, cell)
            Who serves as it begins.
        hazard : ndarray, shape (run, cell)
            Of attempts to leave, or where the fit is taken to hold a watch already, of those not stopped.
        held : ndarray of bool, shape (cell,)
            Who does not defect, whatever his hazard.
        generator : numpy.random.Generator
            How many leave is drawn from it, and how from another that comes of it: so that with and without a move
            that changes nothing as many leave.
        """
        how = generator.spawn(1)[0]
        stopped = self._in_force("watch", step)
        if "watch" in self._moves and self._moves["watch"].against == "fit":
            stopped = np.minimum(stopped, MOST_STOPPED)
            hazard = hazard / (1 - stopped)
        purge, deaths = (self._in_force(name, step) * step.months for name in ("purge", "deaths"))
        defects = hazard * (1 - stopped)
        tries = np.where(held, hazard - defects, hazard) if held.any() else hazard
        total = tries + purge + deaths
        leaving = np.zeros_like(left)
        # Few cells lose anyone in a step: how many more than one, and how, is drawn for these alone.
        first = np.full(self._shape, np.inf)
        for cells, numbers in ((self._serving, generator), (~self._serving, how)):
            first[:, cells] = numbers.standard_exponential((len(left), np.count_nonzero(cells)))
        some = (first < left * total).nonzero()
        men, others = left[some], total[some]
        rest = 1 + generator.binomial(men - 1, -np.expm1(first[some] / men - others))
        leaving[some] = rest
        nobody = np.zeros_like(left)
        taken = {"purge": nobody, "deaths": nobody, "watch": nobody}
        for name, part in (("purge", purge), ("deaths", deaths), ("watch", hazard - defects)):
            if name in self._moves and part.ndim:
                men = how.binomial(rest, np.clip(part[some] / others, 0, 1))
                rest, others = rest - men, np.maximum(others - part[some], np.finfo(float).tiny)
                taken[name] = np.zeros_like(left)
                taken[name][some] = men
        defected = np.zeros_like(left)
        defected[some] = rest
        replaced, intake = self._in_their_places(taken["purge"]), self._called_up(step, how)
        return Flow(
            defected=defected,
            interdicted=taken["watch"],
            died=taken["deaths"],
            purged=taken["purge"],
            replaced=replaced,
            intake=intake,
            change=replaced + intake - leaving,
            hazard=defects,
        )

    def _on_those(self, move: Move, number: Values) -> Values:
        """Return a number for those a move falls on and none for others, shape (run, cell)."""
        found = np.zeros(self._shape)
        found[:, self._among[move.name]] = number[:, None]
        return found

    def _in_force(self, name: str, step: Step) -> Values:
        """Return the number of a move by run and cell, or none for all where it is not in force."""
        in_force = name in self._moves and self._moves[name].holds(step.window.start)
        return self._numbers[name] if in_force else np.zeros(())

    def _in_their_places(self, purged: Counts) -> Counts:
        come = np.zeros_like(purged)
        if self._places is not None and purged.any():
            np.add.at(come.T, self._places, purged.T[self._among["purge"]])
        return come

    def _called_up(self, step: Step, generator: np.random.Generator) -> Counts:
        """Return who is called up in a step, in whole men."""
        come = np.zeros(self._shape, dtype=np.int64)
        if "intake" in self._moves and self._moves["intake"].holds(step.window.start):
            before = np.floor(self._due + WHOLE)
            self._due = self._due + self._called * step.months
            men = (np.floor(self._due + WHOLE) - before).astype(np.int64)
            come[:, self._among["intake"]] = generator.multinomial(men, self._shares)
        return come


def replaced(move: Move, cells: Cells, vocabulary: Vocabulary) -> Cells:
    """Return the cell of whoever comes into the place of a man of each of some cells, shape (cell,).

    Parameters
    ----------
    move : Move
        A purge.
    cells : ndarray of int, shape (cell,)
    """
    levels = list(np.unravel_index(cells, vocabulary.shape))
    for axis, attribute in enumerate(vocabulary.attributes):
        if attribute.name in move.replaced_by:
            levels[axis] = np.full(len(cells), attribute.names.index(move.replaced_by[attribute.name]))
    return np.asarray(np.ravel_multi_index(levels, vocabulary.shape))


def with_newcomers(moves: Moves, cells: Cells, vocabulary: Vocabulary) -> Cells:
    """Return some cells with those that a move may bring men into, shape (cell,)."""
    for move in moves.named("intake"):
        cells = np.union1d(cells, np.flatnonzero(move.among(vocabulary)))
    for move in moves.named("purge"):
        if move.replaced_by:
            on = cells[move.among(vocabulary)[cells]]
            cells = np.union1d(cells, replaced(move, on, vocabulary))
    return cells


def shares_among(among: NDArray[np.bool_], draws: Draws) -> Values:
    """Return how the men of some cells divide over them in the armed forces, shape (draw, cell)."""
    heads = draws.heads[:, among].astype(np.float64)
    return np.asarray(heads / heads.sum(axis=1, keepdims=True))
