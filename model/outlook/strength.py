"""What is left to fight with: who serves, can be deployed and counted on, what is short, and whether a unit breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from model.outlook.allied import Beside
from model.outlook.counts import Count, cumulative_of
from model.outlook.flows import WHOLE
from model.outlook.force import levels_of, selected
from model.outlook.simulation import Runs
from model.outlook.tally import COLUMNS, Asked, Heads
from model.outlook.timing import Step, months_later
from model.risk.draws import Draws
from model.risk.errors import OutlookError
from model.risk.summaries import rounded, standard_error
from priors.moves import Unit
from priors.study import Study
from priors.timeline import Window
from priors.vocabulary import Vocabulary

Values = NDArray[np.float64]
Counts = NDArray[np.int64]

UNITS: Final = 10_000
"""Units drawn, for all runs together, or one for each."""

FEWEST: Final = 1e-6
"""Share of militiamen taken to stay, at least: a finite number makes up for what is short, however few stay."""

FIGHTING: Final = ("serving", "deployable", "reliable")
"""Of a force and those beside it: each a part of the one before, but for those who serve beside the army."""


@dataclass(frozen=True)
class StrengthTerms:
    """What is asked of what is left to fight with.

    Attributes
    ----------
    reliable_below : float
        The predicted risk over the window below which men are counted on.
    by : str
        The attribute by whose levels heads are told day by day.
    unit : Unit
        Of which it is asked whether it breaks.
    """

    reliable_below: float
    by: str
    unit: Unit

    def __post_init__(self) -> None:
        for name, value in (("reliable_below", self.reliable_below), ("loses", self.unit.loses)):
            if not 0 < value <= 1:
                raise OutlookError(f"{name}: must be a number above 0, at most 1; nearest: {min(max(value, 0.01), 1)}")
        if self.unit.men < 1:
            raise OutlookError("men: must be a whole number of at least 1; nearest: 1")

    @classmethod
    def of(cls, study: Study) -> StrengthTerms:
        """Return what is asked where a question says nothing else."""
        return cls(study.strength.reliable_below, study.vocabulary.community.name, study.strength.unit)

    def asked(self, predicted: Values, days: tuple[date, ...], vocabulary: Vocabulary) -> Asked:
        """Return what is to be kept of a simulated force.

        Parameters
        ----------
        predicted : ndarray, shape (cell,)
            Risk of each cell over the window; see `predicted_risks`.
        """
        everyone = np.ones((1, len(predicted)), dtype=bool)
        by_level = levels_of(vocabulary)
        return Asked(
            days=days,
            levels=np.concatenate([everyone, [cells for (name, _), cells in by_level.items() if name == self.by]]),
            last=np.concatenate([everyone, list(by_level.values())]),
            reliable=predicted < self.reliable_below,
            unit=selected([self.unit.of], vocabulary),
        )


def predicted_risks(draws: Draws, window: Window) -> Values:
    """Return the mean risk of each cell over a window, by the fit and without moves, shape (cell,)."""
    total, everything = np.zeros(draws.heads.shape[1]), draws.selection({})
    for part in draws.parts():
        hazard = np.exp(draws.hazards(everything, part)) * draws.exposures((window,), part=part)[0]
        total += -np.expm1(-hazard).reshape(len(total), -1).sum(axis=1)
    return np.asarray(total / draws.count)


@dataclass(frozen=True, eq=False)
class Strength:
    """What is left of a force in one course of events, in its runs.

    Attributes
    ----------
    runs : Runs
        With heads.
    days : tuple of date
    terms : StrengthTerms
    beside : Beside
    breaks : ndarray, shape (run,)
        Probability that the unit breaks, given the course of a run.
    """

    runs: Runs
    days: tuple[date, ...]
    terms: StrengthTerms
    beside: Beside
    breaks: Values

    @property
    def heads(self) -> Heads:
        """Who served, left and came."""
        if self.runs.heads is None:
            raise ValueError("the runs were made without keeping heads")
        return self.runs.heads

    @property
    def start(self) -> Counts:
        """Men of the army at the start, shape (run,)."""
        return np.asarray(self.heads.last[0, 0])

    @property
    def men(self) -> Mapping[str, Counts]:
        """Those who serve, can be deployed, and can be counted on, each of shape (day, run)."""
        return {
            "serving": self.heads.by_day[-1, :, 0],
            "deployable": self.heads.deployable + self.beside.serving,
            "reliable": self.heads.reliable + self.beside.reliable,
        }

    @property
    def short(self) -> Counts:
        """By how much the army's deployable men are fewer than those who served at the start, shape (day, run)."""
        return np.asarray(np.maximum(self.start - self.heads.deployable, 0))

    def as_dict(self, intervals: Sequence[float], vocabulary: Vocabulary) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        unit, terms = self.terms.unit, self.terms
        levels = iter(np.moveaxis(self.heads.last, 1, 0)[1:])
        answer: dict[str, Any] = {
            "reliable_below": terms.reliable_below,
            "start": rounded(float(self.start.mean())),
            "by": terms.by,
            "over_time": [self._point(at, day, intervals, vocabulary) for at, day in enumerate(self.days)],
            "ledger": self._ledger(self.heads.last[:, 0]),
            "by_attribute": {
                each.name: {level: self._ledger(next(levels)) for level in each.names} for each in vocabulary.attributes
            },
            "unit": {
                "men": unit.men,
                "of": {name: list(words) for name, words in unit.of.items()},
                "loses": unit.loses,
                "spread": unit.spread,
                "possible": bool(self.heads.unit_hazard.any()),
                "breaks": probability(self.runs.by_draw(self.breaks)),
            },
        }
        if (militia := self.beside.militia) is not None:
            counts = {"joined": militia.joined, "defected": militia.defected, "serving": militia.serving}
            answer["militias"] = {name: rounded(float(men[-1].mean())) for name, men in counts.items()}
        if self.beside.allies.any():
            answer["allies"] = rounded(float(self.beside.allies[-1].mean()))
        return answer

    def changed(self, before: Strength) -> dict[str, Any]:
        """Return what differs at the end from another course that was made with the same draws, draw by draw."""
        pairs = {name: (self.men[name][-1], before.men[name][-1]) for name in FIGHTING} | {
            "breaks": (self.breaks, before.breaks)
        }
        return {name: difference(self.runs.by_draw(now - then)) for name, (now, then) in pairs.items()}

    def _point(self, at: int, day: date, intervals: Sequence[float], vocabulary: Vocabulary) -> dict[str, Any]:
        point: dict[str, Any] = {"until": str(day)}
        point |= {name: self._count(men[at], intervals) for name, men in self.men.items()}
        point["short"] = self._count(self.short[at], intervals)
        if self.beside.militia is not None:
            staying = np.maximum(self.beside.militia.remaining[at], FEWEST)
            needed = np.ceil(self.short[at] / staying - WHOLE).astype(np.int64)
            point["militiamen_needed"] = self._count(needed, intervals)
        if self.beside.serving.any():
            point["made_up"] = probability(self.runs.by_draw(self.beside.serving[at] >= self.short[at]))
        whole, *levels = np.moveaxis(self.heads.by_day[:, at], 1, 0)
        point["ledger"] = self._ledger(whole)
        names = vocabulary[self.terms.by].names
        return point | {"levels": {name: self._ledger(level) for name, level in zip(names, levels, strict=True)}}

    def _count(self, men: Counts, intervals: Sequence[float]) -> dict[str, Any]:
        none = np.zeros((0, len(self.runs.used)))
        return Count(*cumulative_of(men), self.runs.by_draw(men), none).summary(intervals)

    def _ledger(self, columns: Counts) -> dict[str, float]:
        return {name: rounded(float(men.mean())) for name, men in zip(COLUMNS, columns, strict=True)}


def breaking(heads: Heads, run: Sequence[Step], unit: Unit, seed: int) -> Values:
    """Return the probability that a unit loses a share of its men to defection within a month, shape (run,).

    Parameters
    ----------
    heads : Heads
        Of the runs.
    run : sequence of Step
    unit : Unit
    seed : int

    Notes
    -----
    A unit has a hazard of its own about that of its kind, log-normal; some are drawn in each run. Given the course of
    the run its losses of a step are binomial. Those of all steps are drawn, and looked at over the month that ends with
    each; what is returned is the mean over units.
    """
    generator = np.random.default_rng([seed, crc32(b"unit")])
    runs = heads.unit_hazard.shape[1]
    own = np.exp(generator.normal(0.0, unit.spread, size=(max(1, UNITS // runs), runs)))
    left = [np.full(own.shape, unit.men)]
    broken = np.zeros(own.shape, dtype=bool)
    first = 0
    for number, step in enumerate(run):
        left.append(left[-1] - generator.binomial(left[-1], -np.expm1(-own * heads.unit_hazard[number])))
        while months_later(run[first].window.start, 1) < step.window.end:
            first += 1
        enough = np.ceil(unit.loses * left[first] - WHOLE)
        broken |= (left[first] - left[-1] >= enough) & (left[first] > 0)
    return np.asarray(broken.mean(axis=0))


def difference(by_draw: Values) -> dict[str, Any]:
    """Return a mean difference with its standard error, as they stand in an answer."""
    return {"difference": rounded(float(by_draw.mean())), "monte_carlo_error": standard_error(by_draw)}


def probability(by_draw: Values) -> dict[str, Any]:
    """Return a mean probability with its standard error, as they stand in an answer."""
    return {"probability": rounded(float(by_draw.mean())), "monte_carlo_error": standard_error(by_draw)}
