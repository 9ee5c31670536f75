"""On which days forecasts are made, and of what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from model.backtest.dates import default_days, published_after
from model.evidence.known import known_by
from model.evidence.reading import bundled_evidence
from priors.study import load_study, study_names
from tests.support.made_up import FLEET, GARRISON, made_up


@pytest.mark.parametrize("name", [*study_names(), GARRISON, FLEET])
def test_each_day_leaves_something_to_forecast(name: str) -> None:
    """On the first day nothing is known, on each after it more, and never all."""
    rows = bundled_evidence(made_up(name) if name in {GARRISON, FLEET} else load_study(name))
    days = default_days(rows)
    known = [len(known_by(rows, day)) for day in days]
    assert known[0] == 0
    assert known == sorted(set(known))
    assert all(published_after(rows, day) for day in days)


def test_the_study_is_tried_on_four_days() -> None:
    """Of syria, a day before any row and three after some."""
    rows = bundled_evidence(load_study())
    assert [str(day) for day in default_days(rows)] == ["2012-08-05", "2012-08-31", "2013-05-31", "2017-12-31"]


def test_rows_without_a_day_are_neither_known_nor_forecast() -> None:
    """Of a row that nobody dates it cannot be said that it came later."""
    rows = [replace(row, published_on=None) for row in bundled_evidence(made_up(GARRISON))]
    assert default_days(rows) == ()
    assert published_after(rows, date.min) == ()
