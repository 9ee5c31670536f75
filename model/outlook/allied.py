"""Those who fight beside a simulated army: militias, which lose men too, and allies, who do not defect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.outlook.chances import taken
from model.outlook.flows import shares_among
from model.outlook.moves import Move, Moves
from model.outlook.timing import Step
from model.risk.draws import Draws

Values = NDArray[np.float64]
Counts = NDArray[np.int64]

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, eq=False)
class Militia:
    """A militia on some days, each of shape (day, run).

    Attributes
    ----------
    joined, defected, serving : ndarray of int
        Men who had joined, who had defected, and who serve.
    reliable : ndarray of int
        Of those who serve, who can be counted on.
    remaining : ndarray
        Probability that a man who joined has not defected; 1 before anyone has.
    """

    joined: Counts
    defected: Counts
    serving: Counts
    reliable: Counts
    remaining: Values


@dataclass(frozen=True, eq=False)
class Beside:
    """Who is beside the army: a militia, if there is one, and allies, shape (day, run)."""

    militia: Militia | None
    allies: Counts

    @property
    def serving(self) -> Counts:
        """All of them who serve, shape (day, run)."""
        return self.allies if self.militia is None else self.allies + self.militia.serving

    @property
    def reliable(self) -> Counts:
        """Those who can be counted on, shape (day, run)."""
        return self.allies if self.militia is None else self.allies + self.militia.reliable


def beside(
    moves: Moves,
    draws: Draws,
    which: Counts,
    run: Sequence[Step],
    days: Sequence[date],
    *,
    numbers: Mapping[tuple[str, str], Values],
    reliable_below: float,
    generator: np.random.Generator,
) -> Beside:
    """Return who is beside the army by the moves in force.

    Parameters
    ----------
    moves : Moves
    draws : Draws
    which : ndarray of int, shape (run,)
        The draw that each run is made with.
    run : sequence of Step
    days : sequence of date
        The ends of some steps, in order.
    numbers : mapping of (str, str) to ndarray, each of shape (run,)
        See `Moves.drawn`.
    reliable_below : float
        Mean risk by the last day below which militiamen are counted on.
    generator : numpy.random.Generator
    """
    allies: Counts = np.zeros((len(days), len(which)), dtype=np.int64)
    militia = None
    for key, move in moves.keyed:
        if move.name == "militias":
            men = np.rint(numbers[key, "men"]).astype(np.int64)
            force = _Militia(move, taken(draws, which), men, numbers[key, "factor"])
            militia = force.followed(run, days, reliable_below=reliable_below, generator=generator)
        elif move.name == "allies":
            there = np.array([[move.holds(day - DAY)] for day in days])
            allies = allies + np.where(there, np.rint(numbers[key, "men"]).astype(np.int64), 0)
    return Beside(militia, allies)


class _Militia:
    """A militia that is to be followed over the steps of some runs."""

    def __init__(self, move: Move, drawn: Draws, men: Counts, factor: Values) -> None:
        among = move.among(drawn.vocabulary)
        self._move, self._drawn, self._men = move, drawn, men
        self._cells, self._shares = np.flatnonzero(among), shares_among(among, drawn)
        self._relative = np.exp(drawn.log_relative_hazard[:, self._cells].astype(np.float64)) * factor[:, None]

    def followed(
        self,
        run: Sequence[Step],
        days: Sequence[date],
        *,
        reliable_below: float,
        generator: np.random.Generator,
    ) -> Militia:
        """Return it on each day; its men are drawn, and those they lose in each step."""
        in_all = sum((self._hazard(step) for step in run), start=np.zeros(self._relative.shape))
        reliable = -np.expm1(-in_all).mean(axis=0) < reliable_below
        left, hazard = generator.multinomial(self._men, self._shares), np.zeros(in_all.shape)
        told: list[list[NDArray[np.number]]] = []
        for step in run:
            within = self._hazard(step)
            left, hazard = left - generator.binomial(left, -np.expm1(-within)), hazard + within
            if (day := step.window.end) in days:
                joined = self._men * (self._move.days[0] < day)
                serving, counted_on = (
                    men.sum(axis=1) * self._move.holds(day - DAY) for men in (left, left[:, reliable])
                )
                gone = (self._men - left.sum(axis=1)) * (joined > 0)
                told.append([joined, gone, serving, counted_on, (self._shares * np.exp(-hazard)).sum(axis=1)])
        joined, gone, serving, counted_on, remaining = (np.array(each) for each in zip(*told, strict=True))
        return Militia(joined, gone, serving, counted_on, remaining)

    def _hazard(self, step: Step) -> Values:
        """Return the cumulative hazard of each cell in a step, shape (run, cell)."""
        rates = self._drawn.at_cells(self._drawn.rates(np.array([step.period]))[0], self._cells).T
        return self._relative * rates * (step.months if self._move.holds(step.window.start) else 0.0)
