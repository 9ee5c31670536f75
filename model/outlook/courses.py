"""Courses of events simulated forward, with the moves of a question and without, by the same random numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from model.outlook.allied import beside
from model.outlook.counts import Count, Method, cumulative_of
from model.outlook.moves import Moves
from model.outlook.scenarios import DECISIVE, TOTAL, OutlookQuestion, Point, Scenario
from model.outlook.simulation import Runs, chosen, occupiable, simulate
from model.outlook.strength import Strength, StrengthTerms, breaking, difference, predicted_risks
from model.outlook.tally import Asked
from model.outlook.timing import Step, checkpoints, first_by_step, steps
from model.risk.draws import Draws
from model.risk.summaries import rounded

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Course:
    """A simulated course of events.

    Attributes
    ----------
    strength : Strength
        With its runs, in which is who defected.
    nobody, no_decisive : ndarray, shape (step, draw)
        Probability that by the end of each step nobody had defected, and nobody whose leaving is decisive.
    """

    strength: Strength
    nobody: Values
    no_decisive: Values

    def changed(self, before: Course, question: OutlookQuestion) -> dict[str, Any]:
        """Return what differs at the end from a course without moves, draw by draw, as it stands in an answer."""
        runs, without = self.strength.runs, before.strength.runs
        after, expected = (runs.by_draw(each.by_event[TOTAL]) for each in (runs, without))
        tails = [
            (least, runs.by_draw((runs.by_event[TOTAL] >= least) - 1.0 * (without.by_event[TOTAL] >= least)))
            if least > 1
            else (least, before.nobody[-1] - self.nobody[-1])
            for least in question.at_least
        ]
        without_moves = float(expected.mean())
        ratio = rounded(float(after.mean()) / without_moves) if without_moves > 0 else None
        return {
            "defections": difference(after - expected) | {"ratio": ratio},
            "at_least": [{"count": least} | difference(change) for least, change in tails],
            "decisive": difference(before.no_decisive[-1] - self.no_decisive[-1]),
        } | self.strength.changed(before.strength)


@dataclass(frozen=True, eq=False)
class Courses:
    """What the courses of a question have in common.

    Attributes
    ----------
    draws : Draws
    question : OutlookQuestion
    terms : StrengthTerms
    run : tuple of Step
    days : tuple of date
        On which heads are counted; steps end on them.
    which : ndarray of int, shape (run,)
        The draw that each run is made with.
    cells_at_most : int
        That anyone may be in, by any of the courses.
    predicted : ndarray, shape (cell,)
        Risk of each cell over the window, by the fit and without moves.
    """

    draws: Draws
    question: OutlookQuestion
    terms: StrengthTerms
    run: tuple[Step, ...]
    days: tuple[date, ...]
    which: NDArray[np.int64]
    cells_at_most: int
    predicted: Values

    @classmethod
    def of(
        cls, draws: Draws, question: OutlookQuestion, terms: StrengthTerms, plain: Scenario, also: Iterable[date] = ()
    ) -> Courses:
        """Return how a force is to be simulated, of which it is known what is to be expected without moves.

        Parameters
        ----------
        also : iterable of date
            Days in the window on which heads are counted too.
        """
        days = tuple(sorted({*checkpoints(question.window), *also}))
        run = steps(question.window, draws.vocabulary.timeline, [*question.moves.days, *days])
        cells = len(occupiable(question.force, question.moves, draws))
        which = chosen(draws, cells, run, plain.counts[TOTAL].expected)
        return cls(draws, question, terms, run, days, which, cells, predicted_risks(draws, question.window))

    def strength(self, moves: Moves) -> Strength:
        """Return what is left to fight with by some moves, or none."""
        draws, seed, days = self.draws, self.question.seed, self.days
        asked = self.terms.asked(self.predicted, days, draws.vocabulary)
        runs = self._simulated(moves, self.question.events(draws.vocabulary), asked=asked)
        allied = beside(
            moves,
            draws,
            self.which,
            self.run,
            days,
            numbers={key: values[self.which] for key, values in moves.drawn(draws.count, seed).items()},
            reliable_below=self.terms.reliable_below,
            generator=np.random.default_rng([seed, crc32(b"beside")]),
        )
        strength = Strength(runs, days, self.terms, allied, np.zeros(len(self.which)))
        return replace(strength, breaks=breaking(strength.heads, self.run, self.terms.unit, seed))

    def course(self, moves: Moves) -> Course:
        """Return the course of events by some moves, or none."""
        strength = self.strength(moves)
        events = self.question.events(self.draws.vocabulary)
        nobody, no_decisive = (
            strength.runs.by_draw(self._simulated(moves, events[:0], held=events[event]).none)
            for event in (TOTAL, DECISIVE)
        )
        return Course(strength, nobody, no_decisive)

    def scenario(self, course: Course) -> Scenario:
        """Return what is to be expected by a course."""
        runs, at_least = course.strength.runs, self.question.at_least
        counts = [_counted(runs, event, at_least) for event in runs.by_event]
        for row, least in enumerate(at_least):
            if least == 1:
                counts[TOTAL].at_least[row] = 1 - course.nobody[-1]
                counts[DECISIVE].at_least[row] = 1 - course.no_decisive[-1]
        ends = {step.window.end: number for number, step in enumerate(self.run)}
        over_time = tuple(
            Point(day, _counted(runs, runs.by_step[ends[day]], ()), 1 - course.no_decisive[ends[day]])
            for day in course.strength.days
        )
        method = Method("simulated forward by month", len(runs.used), len(self.which) // len(runs.used))
        first, first_decisive = (first_by_step(self.run, none) for none in (course.nobody, course.no_decisive))
        return Scenario(method, tuple(counts), first, first_decisive, over_time, course.strength)

    def _simulated(
        self, moves: Moves, events: NDArray[np.bool_], held: NDArray[np.bool_] | None = None, asked: Asked | None = None
    ) -> Runs:
        confined = np.zeros(len(self.predicted), dtype=bool)
        for move in moves.named("confine"):
            confined |= self.predicted >= move.above
        return simulate(
            self.draws,
            self.question.force,
            self.run,
            moves,
            which=self.which,
            seed=self.question.seed,
            events=events,
            confined=confined,
            held=held,
            asked=asked,
            cells_at_most=self.cells_at_most,
        )


def _counted(runs: Runs, counts: NDArray[np.int64], at_least: tuple[int, ...]) -> Count:
    tails = np.array([runs.by_draw(counts >= least) for least in at_least])
    return Count(*cumulative_of(counts), runs.by_draw(counts), tails)
