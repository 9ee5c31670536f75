"""Promises about distributions: the risk of an assessment, and hazards that add up to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.risk.assessment import assess
from model.risk.distribution import distribution, parts_of
from model.risk.table import RiskTable
from priors.errors import WindowError
from priors.study import load_study
from priors.timeline import Window
from tests.support.risk_tables import log_hazards, synthetic_table
from tests.support.syria import ATTRIBUTES

VOCABULARY = load_study().vocabulary
STUDY = VOCABULARY.timeline.window
GENERAL = {"sect": "sunni", "rank": "general", "eliteness": "elite", "proximity": "core"}

profiles = st.fixed_dictionaries({}, optional={name: st.sampled_from(VOCABULARY[name].names) for name in ATTRIBUTES})
windows = (
    st.lists(st.integers(0, (STUDY.end - STUDY.start).days), min_size=2, max_size=2, unique=True)
    .map(sorted)
    .map(lambda days: Window(*(STUDY.start + timedelta(days=day) for day in days)))
)


@pytest.fixture(scope="module")
def table() -> RiskTable:
    """Return a table of random draws."""
    return synthetic_table()


@given(profile=profiles, window=windows)
@settings(max_examples=30, deadline=None)
def test_the_risk_is_that_of_the_assessment(table: RiskTable, profile: dict[str, str], window: Window) -> None:
    """Median and intervals of the posterior are the numbers of an assessment, digit for digit."""
    found = distribution(table, profile, window=window, intervals=(0.5, 0.8)).as_dict()
    expected = assess(table, profile, window=window, intervals=(0.5, 0.8)).as_dict()
    shown = {name: found["risk"]["posterior"][name] for name in ("median", "intervals")}
    assert shown == {name: expected["risk"][name] for name in shown}
    assert (found["profile"], found["averaged_over"]) == (expected["profile"], expected["averaged_over"])


@given(profile=profiles, window=windows)
@settings(max_examples=30, deadline=None)
def test_hazards_add_up_to_the_risk(table: RiskTable, profile: dict[str, str], window: Window) -> None:
    """Months times hazard, summed over the parts of a window, is the cumulative hazard of the risk, averaged or not."""
    parts = parts_of(window, VOCABULARY.timeline)
    months = np.array([VOCABULARY.timeline.months(part).sum() for part in parts])
    for draws in (table.posterior, table.prior):
        hazards = draws.monthly_hazards(profile, parts)
        assert (hazards > 0).all()
        np.testing.assert_allclose(-np.expm1(-months @ hazards), draws.risk(profile, window), rtol=1e-7)


def test_the_hazard_of_a_cell_is_that_of_the_model(table: RiskTable) -> None:
    """A profile that states all is a cell, whose hazard is that of its relative hazard, baseline and moves."""
    draws = table.posterior
    hazards = draws.monthly_hazards(GENERAL, parts_of(STUDY, VOCABULARY.timeline))
    np.testing.assert_allclose(hazards, np.exp(log_hazards(draws)[:, VOCABULARY.cell(GENERAL)]).T, rtol=1e-9)


@given(window=windows)
def test_parts_are_cut_at_the_periods(window: Window) -> None:
    """The parts follow each other, fill the window, and none lies in two periods."""
    parts = parts_of(window, VOCABULARY.timeline)
    assert (parts[0].start, parts[-1].end) == (window.start, window.end)
    assert all(part.end == following.start for part, following in pairwise(parts))
    assert all(np.count_nonzero(VOCABULARY.timeline.months(part)) == 1 for part in parts)


@pytest.mark.parametrize("profile", [{}, {"sect": "druze"}, GENERAL])
def test_prior_and_posterior_share_a_grid(table: RiskTable, profile: dict[str, str]) -> None:
    """Both densities stand on the same points, and each integrates to 1 as rounded."""
    risk = distribution(table, profile, window=STUDY).as_dict()["risk"]
    assert risk["prior"]["log10_risk"] == risk["posterior"]["log10_risk"]
    for side in risk.values():
        assert len(side["density"]) == len(side["log10_risk"]) <= 128
        assert np.trapezoid(side["density"], side["log10_risk"]) == pytest.approx(1, abs=1e-4)


def test_a_risk_too_small_for_a_double_is_drawn_all_the_same() -> None:
    """A hazard that underflows has a risk of nought, whose logarithm is none; the picture keeps to finite numbers."""
    draws = synthetic_table().prior
    never = replace(draws, log_relative_hazard=draws.log_relative_hazard - np.float32(900))
    table = synthetic_table()
    found = distribution(RiskTable(never, table.prior, {}, "v", "pooled", table.study), GENERAL, window=STUDY).as_dict()
    assert np.isfinite(found["risk"]["posterior"]["density"]).all()


def test_a_window_outside_the_study_is_refused(table: RiskTable) -> None:
    """A window that the study does not hold is an error of its own."""
    with pytest.raises(WindowError):
        distribution(table, {}, window=Window(STUDY.start, STUDY.end + timedelta(days=1)))
