"""How men leave a simulated force, by risks that compete, and who comes: a watch, a purge, deaths, intake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.outlook.moves import Move, Moves
from model.outlook.pull import OccupiedCells
from model.outlook.timing import Step
from model.risk.draws import Draws
from priors.vocabulary import Vocabulary

Values = NDArray[np.float64]
Counts = NDArray[np.int64]
Cells = NDArray[np.int64]

WHOLE: Final = 1e-9
"""By how much the men due may fall short of a whole number by rounding, and it is one."""

LEAST_UNSTOPPED: Final = 0.01
"""Share of attempts that is not stopped, at least, where the fit is of these: else attempts were without number."""


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
    hazard : ndarray
        Of defection, cumulative over the step.
    """

    defected: Counts
    interdicted: Counts
    died: Counts
    purged: Counts
    replaced: Counts
    intake: Counts
    hazard: Values

    @property
    def change(self) -> Counts:
        """By how much the men who serve grow."""
        return self.replaced + self.intake - self.defected - self.interdicted - self.died - self.purged


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

    Notes
    -----
    Of hazards that compete, each constant over a step, a man leaves with probability `1 - exp(-sum)`, and by each of
    them in proportion to it (Prentice et al. 1978).
    """

    def __init__(
        self, moves: Moves, cells: OccupiedCells, numbers: Mapping[tuple[str, str], Values], drawn: Draws
    ) -> None:
        vocabulary = cells.vocabulary
        self._moves = {move.name: (key, move) for key, move in moves.keyed}
        self._among = {move.name: np.flatnonzero(move.among(vocabulary)[cells.index]) for move in moves.others}
        self._numbers, self._shape = numbers, (drawn.count, len(cells.index))
        self._due = np.zeros(drawn.count)
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
        share, more = self._watch(step)
        hazard = hazard * more
        defects, interdicts = hazard * (1 - share), hazard * share
        taken = {"purge": self._rate("purge", step), "deaths": self._rate("deaths", step)}
        rest = np.where(held, 0.0, defects) + interdicts
        leaving = generator.binomial(left, -np.expm1(-(rest + taken["purge"] + taken["deaths"])))
        purged = self._part(leaving, "purge", taken["purge"], rest + taken["deaths"], how)
        died = self._part(leaving - purged, "deaths", taken["deaths"], rest, how)
        tried = leaving - purged - died
        interdicted = self._part(tried, "watch", interdicts, rest - interdicts, how)
        return Flow(
            defected=tried - interdicted,
            interdicted=interdicted,
            died=died,
            purged=purged,
            replaced=self._in_their_places(purged),
            intake=self._called_up(step, how),
            hazard=defects,
        )

    def _watch(self, step: Step) -> tuple[Values, Values]:
        """Return the share of attempts that is stopped, and attempts for each that the hazard counts."""
        shares, more = self._number("watch", "share", step), np.ones(())
        if "watch" in self._moves and self._moves["watch"][1].against == "fit":
            more = 1 / np.maximum(1 - shares, LEAST_UNSTOPPED)
        return shares, more

    def _rate(self, name: str, step: Step) -> Values:
        return self._number(name, "rate", step) * step.months

    def _number(self, name: str, number: str, step: Step) -> Values:
        """Return the number of a move for those it falls on and none for others; without it, none for all."""
        if name not in self._moves or not self._moves[name][1].holds(step.window.start):
            return np.zeros(())
        key, _ = self._moves[name]
        found = np.zeros(self._shape)
        found[:, self._among[name]] = self._numbers[key, number][:, None]
        return found

    def _part(self, men: Counts, name: str, hazard: Values, others: Values, generator: np.random.Generator) -> Counts:
        """Return how many of some men, who left by one hazard or by others, left by the one that a move brings."""
        found = np.zeros_like(men)
        if name in self._moves and hazard.shape:
            among = self._among[name]
            of_all = hazard[:, among] + np.broadcast_to(others, men.shape)[:, among]
            share = np.divide(hazard[:, among], of_all, out=np.zeros_like(of_all), where=of_all > 0)
            found[:, among] = generator.binomial(men[:, among], share)
        return found

    def _in_their_places(self, purged: Counts) -> Counts:
        come = np.zeros_like(purged)
        if self._places is not None:
            np.add.at(come.T, self._places, purged.T[self._among["purge"]])
        return come

    def _called_up(self, step: Step, generator: np.random.Generator) -> Counts:
        """Return who is called up in a step, in whole men."""
        come = np.zeros(self._shape, dtype=np.int64)
        if "intake" in self._moves:
            key, move = self._moves["intake"]
            if move.holds(step.window.start):
                before = np.floor(self._due + WHOLE)
                self._due = self._due + self._numbers[key, "men"] * step.months
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
