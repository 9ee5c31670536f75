"""Promises about all cells at once: the numbers of 576 assessments, in order, and shares that make up the forces."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from model.risk.assessment import assess
from model.risk.cells import PROBABILITY, cells
from priors.errors import WindowError
from priors.timeline import Window
from tests.support.risk_tables import cell_shares, synthetic_table
from tests.support.syria import ATTRIBUTES

TABLE = synthetic_table()
WINDOW = Window(date(2012, 3, 1), date(2014, 1, 2))


def test_they_are_the_assessments_of_the_cells() -> None:
    """Median and interval of each cell are those of the assessment of its profile, digit for digit."""
    found = cells(TABLE, window=WINDOW).as_dict()
    for index, levels in enumerate(TABLE.vocabulary.cells):
        profile = dict(zip(ATTRIBUTES, levels, strict=True))
        risk = assess(TABLE, profile, window=WINDOW, intervals=(PROBABILITY,)).standing.risk
        (interval,) = risk.intervals
        shown = found["median"][index], found["lower"][index], found["upper"][index]
        assert shown == (risk.median, interval.lower, interval.upper)


def test_shares_are_the_mean_over_draws_and_make_up_the_corps() -> None:
    """The share of a cell is that of the armed forces under the posterior; all of them sum to 1."""
    found = cells(TABLE, window=WINDOW).corps_share
    np.testing.assert_allclose(found, cell_shares(TABLE.posterior).mean(axis=0), rtol=1e-9)
    assert found.sum() == pytest.approx(1)


def test_a_window_outside_the_study_is_refused() -> None:
    """A window that the study does not hold is an error of its own."""
    with pytest.raises(WindowError):
        cells(TABLE, window=Window(date(2010, 1, 1), date(2012, 1, 1)))
