"""Promises about time: steps fill the window, and the first defection comes when the hazards say."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.outlook.timing import checkpoints, exposures, first_by_day, months_later, steps
from priors.study import load_study
from priors.timeline import Window
from tests.support.risk_tables import synthetic_table

STUDY = load_study().vocabulary.timeline
WHOLE = STUDY.window
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


def test_the_first_comes_as_the_hazard_says() -> None:
    """For hazards proportional to the baseline, each date is the day by whose end the probability is reached."""
    draws = synthetic_table(draws=50).posterior
    dates, rate = checkpoints(WHOLE), 2.0
    probability = -np.expm1(-rate * exposures(draws, WHOLE.start, dates))
    first = first_by_day(draws, WHOLE, dates, probability)

    def by_end_of(day: date) -> float:
        return float(-np.expm1(-rate * draws.exposure(Window(WHOLE.start, day))).mean())

    assert by_end_of(WHOLE.end) == pytest.approx(1 - first.none.mean())
    for wanted in (0.01, 0.1, 0.3):
        day = first.by(wanted)
        assert day is not None
        assert by_end_of(day) < wanted <= by_end_of(date.fromordinal(day.toordinal() + 1))
    assert first.by(float(probability[-1].mean()) + 0.01) is None


def test_what_is_certain_comes_on_the_first_day() -> None:
    """Where one is sure to be among so many, the first day has it."""
    draws = synthetic_table(draws=50).posterior
    first = first_by_day(draws, WHOLE, checkpoints(WHOLE), np.ones((20, 50)))
    assert first.as_dict((0.5,))["median_date"] == str(WHOLE.start)
    assert first.as_dict((0.5,))["probability_none"] == 0


def test_periods_far_apart_leave_the_date_what_it_is() -> None:
    """After a period of hazards e^200 times those of the next, the day is told by the next one's own hazards."""
    draws = synthetic_table(draws=3).posterior
    first, *others = STUDY.periods
    far_apart = replace(draws, baseline=np.array([[100.0] + [-100.0] * len(others)] * draws.count))
    dates = (first.window.end, WHOLE.end)
    probability = np.array([[0.1] * draws.count, [0.9] * draws.count])
    day = first_by_day(far_apart, WHOLE, dates, probability).by(0.89)
    assert day is not None
    assert date(2015, 1, 1) < day < WHOLE.end
