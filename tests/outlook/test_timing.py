"""Promises about time: steps fill the window, and the first defection comes when the hazards say."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.outlook.timing import checkpoints, first_by_day, in_one_period, months_later, steps
from priors.study import load_study
from priors.timeline import Window
from tests.support.risk_tables import synthetic_table

STUDY = load_study().vocabulary.timeline
WHOLE = STUDY.window
COLONEL = {"sect": "sunni", "rank": "colonel", "eliteness": "ordinary", "proximity": "outside"}
GENERAL = {"sect": "alawite", "rank": "general", "eliteness": "elite", "proximity": "core"}
days = st.dates(WHOLE.start, WHOLE.end)


@given(ends=st.tuples(days, days).filter(lambda pair: pair[0] < pair[1]), cut=days)
def test_steps_fill_the_window(ends: tuple[date, date], cut: date) -> None:
    """Steps follow each other, none longer than a month, each in one period, cut where they are told to be."""
    window = Window(*ends)
    found = steps(window, STUDY, [cut])
    assert [found[0].window.start, found[-1].window.end] == [window.start, window.end]
    assert all(one.window.end == other.window.start for one, other in itertools.pairwise(found))
    assert max(step.months for step in found) < 1.03
    months = np.zeros(len(STUDY.periods))
    for step in found:
        months[step.period] += step.months
    assert months == pytest.approx(STUDY.months(window))
    assert not window.start < cut < window.end or cut in {step.window.start for step in found}
    assert set(checkpoints(window)) <= {step.window.end for step in found}


def test_checkpoints_are_few_and_end_with_the_window() -> None:
    """A year is shown by month and the whole study by quarter."""
    year = Window(date(2012, 1, 31), date(2013, 1, 31))
    assert checkpoints(year)[:2] == (date(2012, 2, 29), date(2012, 3, 31))
    assert len(checkpoints(year)) == 12
    assert (len(checkpoints(WHOLE)), checkpoints(WHOLE)[-1]) == (20, WHOLE.end)
    assert months_later(date(2011, 12, 31), 14) == date(2013, 2, 28)
    assert months_later(date(9999, 12, 31), 60) == date.max


@given(ends=st.tuples(days, days).filter(lambda pair: pair[0] < pair[1]))
def test_between_dates_there_is_one_period(ends: tuple[date, date]) -> None:
    """Dates of a window with those on which a period begins leave nothing between them that changes a hazard."""
    window = Window(*ends)
    dates = in_one_period(window, checkpoints(window), STUDY)
    assert set(checkpoints(window)) <= set(dates)
    for start, end in itertools.pairwise((window.start, *dates)):
        assert np.count_nonzero(STUDY.months(Window(start, end))) == 1


@pytest.mark.parametrize("profile", [COLONEL, GENERAL])
def test_the_first_comes_as_the_hazard_says(profile: dict[str, str]) -> None:
    """Of men of one cell, whose rank and sect move, each date is the day by whose end the probability is reached."""
    draws, men = synthetic_table(draws=50).posterior, 20
    dates = in_one_period(WHOLE, checkpoints(WHOLE), STUDY)

    def any_by(end: date) -> np.ndarray:
        return 1 - (1 - draws.risk(profile, Window(WHOLE.start, end))) ** men

    first = first_by_day(WHOLE, dates, np.array([any_by(day) for day in dates]))
    last = float(any_by(WHOLE.end).mean())
    assert last == pytest.approx(1 - first.none.mean())
    for wanted in (0.05 * last, 0.3 * last, 0.9 * last):
        day = first.by(wanted)
        assert day is not None
        before = 0.0 if day == WHOLE.start else any_by(day).mean()
        assert before < wanted <= any_by(day + timedelta(days=1)).mean()
    assert first.by(last + 0.001) is None


def test_what_is_certain_comes_on_the_first_day() -> None:
    """Where one is sure to be among so many, the first day has it."""
    dates = in_one_period(WHOLE, checkpoints(WHOLE), STUDY)
    first = first_by_day(WHOLE, dates, np.ones((len(dates), 50)))
    assert first.as_dict((0.5,))["median_date"] == str(WHOLE.start)
    assert first.as_dict((0.5,))["probability_none"] == 0


def test_periods_far_apart_leave_the_date_what_it_is() -> None:
    """After a period of hazards e^40 times those of the next, the day is told by the next one's own hazards."""
    start, (end, *_) = WHOLE.start, (period.window.end for period in STUDY.periods)
    dates = in_one_period(WHOLE, (end, WHOLE.end), STUDY)
    days_on = np.array([(day - end).days for day in dates]) / (WHOLE.end - end).days
    probability = np.repeat(-np.expm1(-(1e-18 + 2 * days_on))[:, None], 3, axis=1)
    first = first_by_day(WHOLE, dates, probability)
    day = first.by(float(-np.expm1(-1.0)))
    assert day is not None
    assert abs((day - end).days - (WHOLE.end - end).days / 2) <= 1
    assert first.by(1e-19) is not None
    assert start <= first.by(1e-19) < end  # type: ignore[operator]
