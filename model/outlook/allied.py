"""Those who fight beside a simulated army: militias, which lose men too, and allies, who do not defect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

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
    drawn: Draws,
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
    drawn : Draws
        One for each run.
    run : sequence of Step
    days : sequence of date
        The ends of some steps, in order.
    numbers : mapping of (str, str) to ndarray, each of shape (run,)
        See `Moves.drawn`.
    reliable_below : float
        Mean risk by the last day below which militiamen are counted on.
    generator : numpy.random.Generator
    """
    allies: Counts = np.zeros((len(days), drawn.count), dtype=np.int64)
    militia = None
    for key, move in moves.keyed:
        if move.name in {"militias", "allies"}:
            men = np.rint(numbers[key, "men"]).astype(np.int64)
            there: Counts = np.array([[move.holds(day - DAY)] for day in days], dtype=np.int64)
            if move.name == "allies":
                allies = allies + there * men
            else:
                course = _course(move, drawn, run, men=men, factor=numbers[key, "factor"], generator=generator)
                came: Counts = np.array([[move.days[0] < day] for day in days], dtype=np.int64)
                militia = _counted(course, men, run, days, came=came, there=there, reliable_below=reliable_below)
    return Beside(militia, allies)


@dataclass(frozen=True, eq=False)
class _Course:
    """Men left in each cell, and their cumulative hazard, before the first step and after each; (step, run, cell)."""

    left: Counts
    hazard: Values


def _course(
    move: Move,
    drawn: Draws,
    run: Sequence[Step],
    *,
    men: Counts,
    factor: Values,
    generator: np.random.Generator,
) -> _Course:
    among = move.among(drawn.vocabulary)
    cells = np.flatnonzero(among)
    relative = np.exp(drawn.log_relative_hazard[:, cells].astype(np.float64)) * factor[:, None]
    left: list[Counts] = [generator.multinomial(men, shares_among(among, drawn))]
    hazard: list[Values] = [np.zeros(relative.shape, dtype=np.float64)]
    for step in run:
        rates = drawn.at_cells(drawn.rates(np.array([step.period]))[0], cells).T
        within = relative * rates * (step.months if move.holds(step.window.start) else 0.0)
        left.append(left[-1] - generator.binomial(left[-1], -np.expm1(-within)))
        hazard.append(hazard[-1] + within)
    return _Course(np.array(left), np.array(hazard))


def _counted(
    course: _Course,
    men: Counts,
    run: Sequence[Step],
    days: Sequence[date],
    *,
    came: Counts,
    there: Counts,
    reliable_below: float,
) -> Militia:
    at = [1 + [step.window.end for step in run].index(day) for day in days]
    left, remaining = course.left[at], np.exp(-course.hazard[at])
    reliable = (1 - remaining[-1]).mean(axis=0) < reliable_below
    first = course.left[0]
    joined = men * came
    shares = first / np.maximum(men, 1)[:, None]
    return Militia(
        joined=joined,
        defected=np.where(joined > 0, men - left.sum(axis=2), 0),
        serving=there * left.sum(axis=2),
        reliable=there * left[:, :, reliable].sum(axis=2),
        remaining=np.where(men > 0, (shares * remaining).sum(axis=2), remaining.mean(axis=2)),
    )
