"""The study window, its periods and the months of a window."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priors.errors import WindowError
from priors.study import load_study
from priors.timeline import Window

STUDY = load_study().timeline
START, END = STUDY.window.start, STUDY.window.end
DAY = timedelta(days=1)

days = st.dates(START, END)


@settings(deadline=None, derandomize=True)
@given(st.lists(days, min_size=3, max_size=3).map(sorted))
def test_months_of_adjacent_windows_add_up(cuts: list[date]) -> None:
    """A window has the months of the two that it is cut into, period by period."""
    first, middle, last = cuts
    parts = STUDY.months(Window(first, middle)) + STUDY.months(Window(middle, last))
    np.testing.assert_allclose(parts, STUDY.months(Window(first, last)), rtol=1e-12)


@settings(deadline=None, derandomize=True)
@given(days, days)
def test_months_are_days(first: date, last: date) -> None:
    """The months of a window are its days, 365.25 / 12 of them to a month; a window turned round has none."""
    length = max((last - first).days, 0)
    assert STUDY.months(Window(first, last)).sum() == pytest.approx(length * 12 / 365.25)


def test_the_whole_study_is_sixty_months() -> None:
    """Five years are 60 months, to within a day."""
    months = STUDY.months(STUDY.window)
    assert months.sum() == pytest.approx(60, abs=1 / 30)
    assert months == pytest.approx([6.6, 3.0, 3.0, 3.0, 1.0, 1.0, 4.0, 12.0, 26.4], abs=0.1)


def test_days_outside_the_study_count_for_nothing() -> None:
    """A window that reaches beyond the study has the months of the part inside."""
    wide = Window(START - 100 * DAY, END + 100 * DAY)
    assert STUDY.months(wide).tolist() == STUDY.months(STUDY.window).tolist()


def test_each_period_fills_itself_alone() -> None:
    """The window of a period has months in that period and in no other."""
    for index, period in enumerate(STUDY.periods):
        months = STUDY.months(period.window)
        assert months[index] == months.sum() > 0


@settings(deadline=None, derandomize=True)
@given(days, days)
def test_a_window_inside_the_study_is_itself(first: date, last: date) -> None:
    """Any two days of the study in order make a window; any other two do not."""
    if first < last:
        assert STUDY.checked(first, last) == Window(first, last)
    else:
        with pytest.raises(WindowError):
            STUDY.checked(first, last)


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        (START - DAY, END, "from: must lie in the study, 2011-03-15 to 2016-03-15; nearest: 2011-03-15"),
        (START, END + DAY, "to: must lie in the study, 2011-03-15 to 2016-03-15; nearest: 2016-03-15"),
        (START, START - DAY, "to: must lie in the study"),
        (END + DAY, END + 2 * DAY, "from: must lie in the study"),
        (START + DAY, START + DAY, "to: must come after `from`"),
        (START + 2 * DAY, START + DAY, "to: must come after `from`"),
    ],
)
def test_a_bad_window_is_named(first: date, last: date, message: str) -> None:
    """The error says which end is wrong and why, and gives the nearest day allowed."""
    with pytest.raises(WindowError) as caught:
        STUDY.checked(first, last)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(("first", "last", "end"), [(END, END, "from"), (START, START, "to")])
def test_the_nearest_day_is_itself_allowed(first: date, last: date, end: str) -> None:
    """The day that an error offers in place of a wrong one passes the same check."""
    with pytest.raises(WindowError) as caught:
        STUDY.checked(first, last)
    field, nearest = str(caught.value).split(":")[0], date.fromisoformat(str(caught.value).rsplit(" ", 1)[-1])
    assert field == end
    STUDY.checked(*((nearest, END) if end == "from" else (START, nearest)))
