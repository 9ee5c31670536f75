"""A force simulated forward, step by step, with the levers in force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.outlook.chances import taken
from model.outlook.force import Force
from model.outlook.levers import Levers
from model.outlook.pull import OccupiedCells, Pull, pulls
from model.outlook.timing import Step
from model.risk.draws import Draws

SIMULATION_WORK: Final = 4_000_000
"""Binomial numbers, one for each cell, step and run, that may be drawn for one simulation: half a second."""

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
    """

    draws: NDArray[np.int64]
    by_step: NDArray[np.int64]
    by_event: NDArray[np.int64]
    none: NDArray[np.float64]

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
    levers: Levers,
    *,
    which: NDArray[np.int64],
    seed: int,
    events: NDArray[np.bool_],
    held: NDArray[np.bool_] | None = None,
) -> Runs:
    """Simulate a force over the steps of a window.

    In each step each cell loses a binomial number of those it has left, with probability
    `1 - exp(-hazard x months x factor)`, the factor being the product of what the levers make of the past of the same
    run. What a profile leaves open is drawn for each member at the start, from the forces. With no lever, or levers
    that change nothing, this is the model itself.

    Some may be held: they do not defect, and the probability that they would not have is kept instead. Up to the
    first of them to defect nothing is different from a course in which they may, so its mean over runs is the
    probability that none does, with far less noise than a count of runs would have where it is small.

    Parameters
    ----------
    draws : Draws
    force : Force
    run : sequence of Step
    levers : Levers
    which : ndarray of int, shape (run,)
        The draw to make each run with; see `chosen`.
    seed : int
    events : ndarray of bool, shape (event, cell)
    held : ndarray of bool, shape (cell,), optional
        By default nobody.
    """
    generator = np.random.default_rng(seed)
    log_ratio = np.zeros(draws.count)
    if levers.contagion is not None:
        log_ratio = generator.normal(*levers.contagion.log_ratio, size=draws.count)
    held = np.zeros(events.shape[-1], dtype=bool) if held is None else held
    by_step = np.zeros((len(run), len(which)), dtype=np.int64)
    by_event = np.zeros((len(events), len(which)), dtype=np.int64)
    none = np.ones((len(run), len(which)))
    at_once = max(1, AT_ONCE // len(reachable(force, draws)))
    for start in range(0, len(which), at_once):
        part = slice(start, start + at_once)
        drawn = taken(draws, which[part])
        heads = _heads(force, drawn, generator)
        cells = OccupiedCells(np.flatnonzero(heads.any(axis=0)), draws.vocabulary)
        left = heads[:, cells.index]
        in_force = pulls(levers, cells, log_ratio[which[part]], left, run[0].window.start)
        walk = _walk(drawn, cells, left, run=run, in_force=in_force, held=held[cells.index], generator=generator)
        gone = np.zeros_like(left)
        for number, (defected, expected) in enumerate(walk):
            gone += defected
            by_step[number, part] = gone.sum(axis=1)
            none[number, part] = np.exp(-expected)
        by_event[:, part] = np.rint(events[:, cells.index].astype(float) @ gone.T)
    return Runs(which, by_step, by_event, none.cumprod(axis=0))


def chosen(draws: Draws, force: Force, run: Sequence[Step], expected: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the draw to make each run with: all as often as the work allows, or if not even once, some of them.

    Parameters
    ----------
    expected : ndarray, shape (draw,)
        Of the defections without levers. Some of the draws are taken evenly by it, which keeps the distribution as it
        is but for what the levers do; standard errors, which take them for independent, are then too large.
    """
    runs = max(FEWEST_RUNS, min(MOST_RUNS, SIMULATION_WORK // (len(reachable(force, draws)) * len(run))))
    if runs >= draws.count:
        return np.repeat(np.arange(draws.count, dtype=np.int64), runs // draws.count)
    evenly = ((np.arange(runs) + 0.5) * draws.count / runs).astype(np.int64)
    return np.sort(np.argsort(expected, kind="stable")[evenly])


def _walk(
    drawn: Draws,
    cells: OccupiedCells,
    left: NDArray[np.int64],
    *,
    run: Sequence[Step],
    in_force: Sequence[Pull],
    held: NDArray[np.bool_],
    generator: np.random.Generator,
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """Yield for each step how many of each cell defect, and the cumulative hazard of all who are held."""
    relative = np.exp(drawn.log_relative_hazard[:, cells.index].astype(np.float64))
    for period, together in groupby(run, key=lambda step: step.period):
        monthly = relative * drawn.at_cells(drawn.rates(np.array([period]))[0], cells.index).T
        for step in together:
            hazard = monthly * step.months
            pulled = hazard
            for pull in in_force:
                pulled = pulled * pull.factor(step.window.start)
            defected = generator.binomial(np.where(held, 0, left), -np.expm1(-pulled))
            left = left - defected
            for pull in in_force:
                pull.note(step.window.end, defected, hazard)
            yield defected, (left * pulled)[:, held].sum(axis=1)


def reachable(force: Force, draws: Draws) -> NDArray[np.int64]:
    """Return the cells that a member of a force may be in."""
    cells = np.zeros(draws.vocabulary.shape, dtype=bool)
    for group in force.groups:
        cells[draws.selection(group.profile)] = True
    return np.flatnonzero(cells)


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
