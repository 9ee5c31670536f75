"""One course of events, foreseen exactly or simulated: how many defect, who, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.outlook.chances import member_chances, taken
from model.outlook.counts import Count, Members, Method, count
from model.outlook.force import Force, levels_of, selected
from model.outlook.moves import Moves
from model.outlook.strength import Strength, probability
from model.outlook.timing import First, checkpoints, first_by_day, in_one_period
from model.risk.draws import Draws
from model.risk.summaries import rounded
from priors.moves import Selection
from priors.timeline import Window
from priors.vocabulary import Vocabulary

Values = NDArray[np.float64]

QUANTILES: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
TOTAL, DECISIVE, LEVELS = 0, 1, 2
"""Where events stand in arrays: anyone, the decisive, and from here each level of each attribute."""

CHANCES_WORK: Final = 60_000_000
"""Exponentials, one for each cell of a group, date and draw, that may be taken for one answer: some second."""

CHANCES_KEPT: Final = 8_000_000
"""Numbers, one for each group, event, date and draw, that may be kept at once: 64 MB."""

FEWEST_DRAWS: Final = 500


@dataclass(frozen=True, kw_only=True)
class OutlookQuestion:
    """What an outlook is asked for.

    Attributes
    ----------
    force : Force
    window : Window
        Inside the study; all of the force still serve at its start.
    intervals : tuple of float
        Probabilities of the equal-tailed intervals.
    at_least : tuple of int
        Numbers of which the probability of at least so many is wanted.
    decisive : tuple of Selection
        Those whose leaving counts as decisive are in any of these.
    moves : Moves
    seed : int
    """

    force: Force
    window: Window
    intervals: tuple[float, ...]
    at_least: tuple[int, ...]
    decisive: tuple[Selection, ...]
    moves: Moves
    seed: int

    def has_decisive(self, vocabulary: Vocabulary) -> bool:
        """Return whether anyone of the force could be one whose leaving is decisive."""
        serving = [{name: (level,) for name, level in group.profile.items()} for group in self.force.groups]
        return bool((selected(serving, vocabulary) & selected(self.decisive, vocabulary)).any())

    def events(self, vocabulary: Vocabulary) -> NDArray[np.bool_]:
        """Return which cells each event is about, shape (event, cell)."""
        everyone = np.ones(len(vocabulary.cells), dtype=bool)
        return np.array([everyone, selected(self.decisive, vocabulary), *levels_of(vocabulary).values()])


@dataclass(frozen=True, eq=False)
class Point:
    """How many had defected by a day."""

    until: date
    total: Count
    decisive: Values


@dataclass(frozen=True, eq=False)
class Scenario:
    """What is to be expected of a force.

    Attributes
    ----------
    method : Method
    counts : tuple of Count
        Of anyone, of the decisive, and of each level of each attribute, in their order.
    first, first_decisive : First
    over_time : tuple of Point
    strength : Strength or None
    """

    method: Method
    counts: tuple[Count, ...]
    first: First
    first_decisive: First
    over_time: tuple[Point, ...]
    strength: Strength | None

    @property
    def decisive(self) -> Values:
        """The probability by draw of at least one decisive defection, shape (draw,)."""
        return np.asarray(1 - self.first_decisive.none)

    def as_dict(self, question: OutlookQuestion, vocabulary: Vocabulary) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        intervals, total = question.intervals, self.counts[TOTAL]
        strength = {} if self.strength is None else {"strength": self.strength.as_dict(intervals, vocabulary)}
        return strength | {
            "method": self.method.as_dict(),
            "defections": total.summary(intervals)
            | {"quantiles": [{"probability": p, "count": total.quantile(p)} for p in QUANTILES]},
            "at_least": [
                {"count": least, "possible": least <= question.force.total} | probability(by_draw)
                for least, by_draw in zip(question.at_least, total.at_least, strict=True)
            ],
            "by_attribute": self._by_attribute(intervals, vocabulary),
            "first": self.first.as_dict(intervals),
            "decisive": {"possible": question.has_decisive(vocabulary)}
            | probability(self.decisive)
            | {
                "at_least": [
                    {"count": least} | probability(by_draw)
                    for least, by_draw in zip(question.at_least, self.counts[DECISIVE].at_least, strict=True)
                ],
                "expected": rounded(float(self.counts[DECISIVE].expected.mean())),
                "first": self.first_decisive.as_dict(intervals),
            },
            "over_time": [_point(point, intervals) for point in self.over_time],
        }

    def _by_attribute(self, intervals: Sequence[float], vocabulary: Vocabulary) -> Mapping[str, Any]:
        summaries = iter(self.counts[LEVELS:])
        return {
            each.name: {level: next(summaries).summary(intervals) for level in each.names}
            for each in vocabulary.attributes
        }


def limited(posterior: Draws, question: OutlookQuestion) -> Draws:
    """Return the draws to work with: all, or where that would take long, some evenly among them."""
    groups = question.force.groups
    everywhere = np.empty(posterior.vocabulary.shape, dtype=bool)
    cells = sum(everywhere[posterior.selection(group.profile)].size for group in groups)
    dates = len(in_one_period(question.window, checkpoints(question.window), posterior.vocabulary.timeline))
    kept = len(groups) * (len(question.events(posterior.vocabulary)) + LEVELS * dates)
    most = max(FEWEST_DRAWS, min(CHANCES_WORK // (cells * (1 + dates)), CHANCES_KEPT // kept))
    if most >= posterior.count:
        return posterior
    return taken(posterior, np.linspace(0, posterior.count - 1, most).astype(np.int64))


def foreseen(draws: Draws, question: OutlookQuestion) -> Scenario:
    """Return what is to be expected without moves."""
    vocabulary, window = draws.vocabulary, question.window
    generator = np.random.default_rng(question.seed)
    shown = checkpoints(window)
    dates = in_one_period(window, shown, vocabulary.timeline)
    events = question.events(vocabulary)
    ends = _members(draws, question.force, (window,), events)[0]
    by_date = _members(draws, question.force, [Window(window.start, day) for day in dates], events[:LEVELS])
    method, counts = count(ends, at_least=question.at_least, generator=generator)
    anyone, decisive = (np.array([each[event].probability_any for each in by_date]) for event in (TOTAL, DECISIVE))
    at = [dates.index(day) for day in shown]
    _, totals = count([by_date[number][TOTAL] for number in at], at_least=(), generator=generator)
    return Scenario(
        method,
        counts,
        first_by_day(window, dates, anyone),
        first_by_day(window, dates, decisive),
        tuple(Point(*each) for each in zip(shown, totals, decisive[at], strict=True)),
        None,
    )


def _members(draws: Draws, force: Force, windows: Sequence[Window], events: NDArray[np.bool_]) -> list[list[Members]]:
    """Return who may defect in each window, of those that each event is about."""
    chances = [member_chances(draws, group.profile, windows, events) for group in force.groups]
    return [
        [_some(force.counts, [of_group[number, event] for of_group in chances]) for event in range(len(events))]
        for number in range(len(windows))
    ]


def _some(sizes: NDArray[np.int64], chances: Sequence[Values]) -> Members:
    """Return the groups with a chance to defect."""
    able = [number for number, chance in enumerate(chances) if chance.any()] or [0]
    return Members(sizes[able], np.array([chances[number] for number in able]))


def _point(point: Point, intervals: Sequence[float]) -> dict[str, Any]:
    summary = point.total.summary(intervals)
    del summary["monte_carlo_error"]
    return {"until": str(point.until)} | summary | {"decisive_probability": rounded(float(point.decisive.mean()))}
