"""When: the dates an outlook looks at, and how soon the first defection comes."""

from __future__ import annotations

import calendar
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.risk.summaries import rounded, standard_error
from priors.timeline import Timeline, Window

Values = NDArray[np.float64]

MONTHS_IN_DETAIL: Final = 24
"""Longest window that is shown by month; a longer one is shown by quarter."""

QUARTER: Final = 3

MOST_MONTHS: Final = 60
"""For how long anything supposed may last or be remembered, at most."""


@dataclass(frozen=True)
class Step:
    """A stretch of time in which nothing but the past changes a hazard: a month, or less."""

    window: Window
    period: int
    months: float


def months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > MAXYEAR:  # beyond which the calendar ends
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def checkpoints(window: Window) -> tuple[date, ...]:
    """Return the days up to which an outlook is drawn: by month, or by quarter where that makes many; the end last."""
    by = 1 if months_later(window.start, MONTHS_IN_DETAIL) >= window.end else QUARTER
    found: list[date] = []
    while (day := months_later(window.start, by * (len(found) + 1))) < window.end:
        found.append(day)
    return (*found, window.end)


def steps(window: Window, timeline: Timeline, cuts: Iterable[date] = ()) -> tuple[Step, ...]:
    """Return a window in steps of a month, cut besides where a period of the study begins and at other days.

    Parameters
    ----------
    window : Window
        Inside the study.
    timeline : Timeline
    cuts : iterable of date
        Days on which something else changes; those outside the window do not matter.
    """
    days = {window.start, window.end}
    months = 0
    while (day := months_later(window.start, months)) < window.end:
        days.add(day)
        months += 1
    starts = [period.window.start for period in timeline.periods]
    days |= {day for day in (*starts, *cuts) if window.start < day < window.end}
    in_order = sorted(days)
    return tuple(
        Step(part := Window(start, end), bisect_left(starts, end) - 1, float(timeline.months(part).sum()))
        for start, end in pairwise(in_order)
    )


def in_one_period(window: Window, dates: Iterable[date], timeline: Timeline) -> tuple[date, ...]:
    """Return dates in a window with the days between on which a period of the study begins, in order."""
    starts = {period.window.start for period in timeline.periods}
    return tuple(sorted({*dates, *(day for day in starts if window.start < day < window.end)}))


@dataclass(frozen=True)
class First:
    """How soon the first defection comes.

    Attributes
    ----------
    none : ndarray, shape (draw,)
        Probability by draw that there is none in the window.
    by : callable
        Returns the day by whose end there was one with a probability, or None if not in the window.
    resolution : str
        "day", or the "month" where it was simulated by month.
    """

    none: Values
    by: Callable[[float], date | None]
    resolution: str

    def as_dict(self, intervals: Sequence[float]) -> dict[str, Any]:
        """Return it as it stands in an answer; a date is null where the window ends before it."""
        return {
            "probability_none": rounded(float(self.none.mean())),
            "monte_carlo_error": standard_error(self.none),
            "median_date": _text(self.by(0.5)),
            "intervals": [
                {
                    "kind": "eti",
                    "probability": p,
                    "lower": _text(self.by((1 - p) / 2)),
                    "upper": _text(self.by((1 + p) / 2)),
                }
                for p in intervals
            ],
            "resolution": self.resolution,
        }


def first_by_day(window: Window, dates: Sequence[date], probability_any: Values) -> First:
    """Return when the first comes, by the probabilities of at least one up to some dates.

    Parameters
    ----------
    dates : sequence of date
        In order, among them every day in the window on which a period of the study begins; the last is its end.
    probability_any : ndarray, shape (date, draw)

    Notes
    -----
    Given a draw, the first of independent times has the sum of their cumulative hazards. Between two dates it is taken
    to grow evenly by day: exact for complete profiles, since no hazard changes within a period; for averaged ones it
    neglects how much the mix of those left changes between two dates.
    """
    days = [window.start, *dates]
    with np.errstate(divide="ignore"):
        hazard = np.vstack([np.zeros(probability_any.shape[1]), -np.log1p(-probability_any)])
    # Certain but for less than can be told from it.
    hazard = np.minimum(hazard, -np.log(np.finfo(float).tiny))

    def probability(day: date) -> float:
        later = max(bisect_left(days, day), 1)
        between = (day - days[later - 1]) / (days[later] - days[later - 1])
        so_far = hazard[later - 1] + between * (hazard[later] - hazard[later - 1])
        return float(-np.expm1(-so_far).mean())

    def by(wanted: float) -> date | None:
        if probability(window.end) < wanted:
            return None
        ends = range(1, (window.end - window.start).days + 1)
        at = bisect_left(ends, wanted, key=lambda days_on: probability(window.start + timedelta(days=days_on)))
        return window.start + timedelta(days=at)

    return First(1 - probability_any[-1], by, "day")


def first_by_step(run: Sequence[Step], none: Values) -> First:
    """Return when the first comes where it was simulated.

    Parameters
    ----------
    run : sequence of Step
    none : ndarray, shape (step, draw)
        Probability of none by the end of each step.
    """
    probability = 1 - none.mean(axis=1)

    def by(wanted: float) -> date | None:
        at = int(np.searchsorted(probability, wanted))
        return run[at].window.end - timedelta(days=1) if at < len(run) else None

    return First(none[-1], by, "month")


def _text(day: date | None) -> str | None:
    return None if day is None else str(day)
