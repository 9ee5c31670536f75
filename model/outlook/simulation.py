"""A force simulated forward, step by step, with the moves in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.outlook.chances import taken
from model.outlook.flows import Flow, Flows, with_newcomers
from model.outlook.force import Force
from model.outlook.moves import Moves
from model.outlook.pull import OccupiedCells, Pull, pulls
from model.outlook.tally import Asked, Heads, Tally, joined
from model.outlook.timing import Step
from model.risk.draws import Draws

SIMULATION_WORK: Final = 4_000_000
"""Binomial numbers, one for each cell, step and run, that may be drawn for one simulation: half a second."""

NEGLIGIBLE: Final = 1e-12
"""Probability that none of those held defects, below which it is none and no run need go on."""

MOST_RUNS: Final = 4_000
FEWEST_RUNS: Final = 200
AT_ONCE: Final = 60_000
"""Runs times cells that are simulated at once, so that what is remembered of past steps stays small."""


@dataclass(frozen=True, eq=False)
class Runs:
    """What became of a force in each run.

    Attributes
    ----------
    draws : ndarray of int, shape (run,)
        The draw of the parameters that each run was made with.
    by_step : ndarray of int, shape (step, run)
        How many had defected by the end of each step.
    by_event : ndarray of int, shape (event, run)
        How many had by the end of the last, of those that each event is about.
    none : ndarray, shape (step, run)
        Probability that by the end of each step none of those held had defected, given what the others did.
    heads : Heads or None
        Who served, left and came, where it was asked for.
    """

    draws: NDArray[np.int64]
    by_step: NDArray[np.int64]
    by_event: NDArray[np.int64]
    none: NDArray[np.float64]
    heads: Heads | None

    @property
    def used(self) -> NDArray[np.int64]:
        """The draws that any run was made with, in order, shape (draw,)."""
        return np.unique(self.draws)

    def by_draw(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Return the means over the runs of each draw used; the last axis becomes that of draws."""
        of_draw = np.unique(self.draws, return_inverse=True)[1]
        runs = np.bincount(of_draw)
        return np.apply_along_axis(lambda row: np.bincount(of_draw, weights=row) / runs, -1, values)


def simulate(
    draws: Draws,
    force: Force,
    run: Sequence[Step],
    moves: Moves,
    *,
    which: NDArray[np.int64],
    seed: int,
    events: NDArray[np.bool_],
    confined: NDArray[np.bool_] | None = None,
    held: NDArray[np.bool_] | None = None,
    asked: Asked | None = None,
    cells_at_most: int | None = None,
) -> Runs:
    """Simulate a force over the steps of a window.

    In each step each cell loses a binomial number of those it has left, with probability
    `1 - exp(-hazard x months x factor)`, the factor being the product of what the moves make of the past of the same
    run; where men are stopped, purged or die, these hazards compete with that of defection (see `Flows`). What a
    profile leaves open is drawn for each member at the start, from the forces. With no move, or moves that change
    nothing, this is the model itself; each step has random numbers of its own, so that courses with and without a move
    differ by what it does.

    Some may be held: they do not defect, and the probability that they would not have is kept instead. Up to the
    first of them to defect nothing is different from a course in which they may, so its mean over runs is the
    probability that none does, with far less noise than a count of runs would have where it is small.

    Parameters
    ----------
    draws : Draws
    force : Force
    run : sequence of Step
    moves : Moves
    which : ndarray of int, shape (run,)
        The draw to make each run with; see `chosen`.
    seed : int
    events : ndarray of bool, shape (event, cell)
    confined, held : ndarray of bool, shape (cell,), optional
        By default nobody.
    asked : Asked, optional
        What to keep of the heads; by default nothing.
    cells_at_most : int, optional
        By which runs are taken together. Courses that are to have the same random numbers state the same; by default
        those that these moves need.
    """
    numbers = moves.drawn(draws.count, seed)
    nobody = np.zeros(events.shape[-1], dtype=bool)
    held, confined = (nobody if cells is None else cells for cells in (held, confined))
    by_step = np.zeros((len(run), len(which)), dtype=np.int64)
    by_event = np.zeros((len(events), len(which)), dtype=np.int64)
    none = np.ones((len(run), len(which)))
    kept: list[Heads] = []
    at_once = max(1, AT_ONCE // (cells_at_most or len(occupiable(force, moves, draws))))
    for start in range(0, len(which), at_once):
        part = slice(start, start + at_once)
        of_force, *of_steps = np.random.default_rng([seed, start]).spawn(1 + len(run))
        drawn, of_run = taken(draws, which[part]), {key: values[which[part]] for key, values in numbers.items()}
        heads = _heads(force, drawn, of_force)
        occupied = np.flatnonzero(heads.any(axis=0))
        if held.any() and not moves.ties:
            occupied = occupied[held[occupied]]
        cells = OccupiedCells(with_newcomers(moves, occupied, draws.vocabulary), draws.vocabulary)
        left = heads[:, cells.index]
        kept_in = confined[cells.index]
        at_work = AtWork(
            pulls(moves, cells, of_run, left, confined=kept_in, day=run[0].window.start),
            Flows(moves, cells, of_run, drawn, left.any(axis=0)),
        )
        tally = None if asked is None else Tally(asked, cells.index, kept_in, left)
        walk = _walk(drawn, cells, left, run=zip(run, of_steps, strict=True), at_work=at_work, held=held[cells.index])
        gone = np.zeros_like(left)
        for number, (flow, expected) in enumerate(walk):
            gone += flow.defected
            by_step[number, part] = gone.sum(axis=1)
            none[number, part] = np.exp(-expected)
            if tally is not None:
                step = run[number].window
                tally.note(flow, step.end, kept_in=any(move.holds(step.start) for move in moves.named("confine")))
            elif held.any() and (none[:number, part].prod(axis=0) < NEGLIGIBLE).all():
                none[number:, part] = 0.0
                break
        by_event[:, part] = np.rint(events[:, cells.index].astype(float) @ gone.T)
        kept += [] if tally is None else [tally.heads()]
    return Runs(which, by_step, by_event, none.cumprod(axis=0), joined(kept) if kept else None)


def chosen(draws: Draws, cells_at_most: int, run: Sequence[Step], expected: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the draw to make each run with: all as often as the work allows, or if not even once, some of them.

    Parameters
    ----------
    cells_at_most : int
        Cells that anyone may be in; see `occupiable`.
    expected : ndarray, shape (draw,)
        Of the defections without moves. Some of the draws are taken evenly by it, which keeps the distribution as it
        is but for what the moves do; standard errors, which take them for independent, are then too large.
    """
    runs = max(FEWEST_RUNS, min(MOST_RUNS, SIMULATION_WORK // (cells_at_most * len(run))))
    if runs >= draws.count:
        return np.repeat(np.arange(draws.count, dtype=np.int64), runs // draws.count)
    evenly = ((np.arange(runs) + 0.5) * draws.count / runs).astype(np.int64)
    return np.sort(np.argsort(expected, kind="stable")[evenly])


@dataclass(frozen=True, eq=False)
class AtWork:
    """The moves at work in some runs: on hazards, and on who serves."""

    pulls: Sequence[Pull]
    flows: Flows


def _walk(
    drawn: Draws,
    cells: OccupiedCells,
    left: NDArray[np.int64],
    *,
    run: Iterable[tuple[Step, np.random.Generator]],
    at_work: AtWork,
    held: NDArray[np.bool_],
) -> Iterator[tuple[Flow, NDArray[np.float64]]]:
    """Yield for each step what becomes of each cell, and the cumulative hazard of all who are held."""
    relative = np.exp(drawn.log_relative_hazard[:, cells.index].astype(np.float64))
    for period, together in groupby(run, key=lambda each: each[0].period):
        monthly = relative * drawn.at_cells(drawn.rates(np.array([period]))[0], cells.index).T
        for step, generator in together:
            hazard = monthly * step.months
            pulled = hazard
            for pull in at_work.pulls:
                pulled = pulled * pull.factor(step.window.start)
            flow = at_work.flows.of(left, pulled, step, held=held, generator=generator)
            expected = (left[:, held] * flow.hazard[:, held]).sum(axis=1)
            left = left + flow.change
            for pull in at_work.pulls:
                pull.note(step.window.end, flow.defected, hazard)
            yield flow, expected


def occupiable(force: Force, moves: Moves, draws: Draws) -> NDArray[np.int64]:
    """Return the cells that a member of a force, or whoever a move brings, may be in."""
    cells = np.zeros(draws.vocabulary.shape, dtype=bool)
    for group in force.groups:
        cells[draws.selection(group.profile)] = True
    found = with_newcomers(moves, np.flatnonzero(cells), draws.vocabulary)
    for militia in moves.named("militias"):
        found = np.union1d(found, np.flatnonzero(militia.among(draws.vocabulary)))
    return found


def _heads(force: Force, drawn: Draws, generator: np.random.Generator) -> NDArray[np.int64]:
    """Return how many are in each cell at the start, shape (run, cell)."""
    heads = np.zeros((drawn.count, *drawn.vocabulary.shape), dtype=np.int64)
    for group in force.groups:
        selection = drawn.selection(group.profile)
        inside = heads[:, *selection]
        shares = drawn.shares(selection, slice(0, drawn.count)).reshape(-1, drawn.count).T
        members = generator.multinomial(group.count, shares / shares.sum(axis=1, keepdims=True))
        heads[:, *selection] = inside + members.reshape(inside.shape)
    return heads.reshape(drawn.count, -1)
