"""What must hold of the hazards and shares that any draw of the free variables amounts to."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from model.fit.draws import Expansion
from model.fit.fitting import Compiled
from model.fit.problem import Problem
from priors.study import Study
from priors.timeline import Timeline
from priors.vocabulary import Vocabulary
from tests.support.other_study import other_problem
from tests.support.problems import random_draws

COUNT = 50
CLOSE = {"rtol": 1e-10, "atol": 1e-10}


@pytest.fixture(scope="module")
def draws(bundled_problem: Problem, compiled: Compiled) -> xr.Dataset:
    """Draw from the prior of the bundled study."""
    return compiled.expansion.deterministics(random_draws(bundled_problem, draws=COUNT))


@pytest.fixture(scope="module")
def still(bundled_problem: Problem, compiled: Compiled) -> xr.Dataset:
    """Draw the same, with no level or period that strays from what is claimed."""
    free = random_draws(bundled_problem, draws=COUNT)
    return compiled.expansion.deterministics(free.assign(spread=0 * free["spread"]))


@pytest.fixture(scope="module")
def other_draws() -> xr.Dataset:
    """Draw from the prior of a study of other words, periods and claims."""
    problem, _ = other_problem()
    return Expansion(problem).deterministics(random_draws(problem, draws=COUNT))


@pytest.fixture(params=["bundled", "other"])
def case(request: pytest.FixtureRequest, draws: xr.Dataset, bundled_problem: Problem) -> tuple[xr.Dataset, Vocabulary]:
    """Return the draws and the words of each study in turn."""
    if request.param == "bundled":
        return draws, bundled_problem.vocabulary
    return request.getfixturevalue("other_draws"), other_problem()[0].vocabulary


def log_cumulative(draws: xr.Dataset, timeline: Timeline) -> xr.DataArray:
    """Return the log of the hazard that the reference profile meets over the study."""
    months = xr.DataArray(timeline.months(timeline.window), dims="period")
    found: xr.DataArray = np.log((np.exp(draws["baseline"]) * months).sum("period"))
    return found


def test_the_reference_profile_is_the_baseline(case: tuple[xr.Dataset, Vocabulary]) -> None:
    """The profile of reference levels has a relative hazard of one."""
    draws, vocabulary = case
    reference = {attribute.name: attribute.reference for attribute in vocabulary.attributes}
    assert not draws["log_relative_hazard"].sel(reference).any()


def test_the_reference_hazard_is_met_over_the_study(case: tuple[xr.Dataset, Vocabulary]) -> None:
    """The baseline's cumulative hazard over the study is the quantity that the claims speak of."""
    draws, vocabulary = case
    np.testing.assert_allclose(log_cumulative(draws, vocabulary.timeline), draws["log_reference_hazard"], **CLOSE)


def test_risk_is_that_of_the_cumulative_hazard(case: tuple[xr.Dataset, Vocabulary]) -> None:
    """The risk of each cell over the study is one less the chance to survive its hazard."""
    draws, vocabulary = case
    hazard = np.exp(log_cumulative(draws, vocabulary.timeline) + draws["log_relative_hazard"])
    np.testing.assert_allclose(draws["risk"], (1 - np.exp(-hazard)).transpose(*draws["risk"].dims), **CLOSE)


def test_effects_of_order_are_monotonic(case: tuple[xr.Dataset, Vocabulary]) -> None:
    """The shape over each ordered attribute rises from 0 to 1 and never falls."""
    draws, vocabulary = case
    for attribute in vocabulary.attributes:
        if attribute.ordered:
            shape = draws[f"{attribute.name}_shape"].to_numpy()
            assert (shape[..., 0] == 0).all()
            np.testing.assert_allclose(shape[..., -1], 1, **CLOSE)
            assert (np.diff(shape) >= 0).all()


def test_deviations_by_sect_sum_to_zero(case: tuple[xr.Dataset, Vocabulary]) -> None:
    """What an attribute does more to one sect it does less to the others."""
    found = [values for name, values in case[0].items() if str(name).endswith("_by_sect")]
    assert found
    for deviation in found:
        np.testing.assert_allclose(deviation.sum("sect"), 0, atol=1e-12)
        assert (deviation.std("sect") > 0).all()


def test_shares_sum_to_one(case: tuple[xr.Dataset, Vocabulary]) -> None:
    """Within a class the sects' shares, and over the forces the cells' shares, are none below zero and sum to one."""
    draws, vocabulary = case
    assert (draws["sect_share"] > 0).all()
    assert (draws["cell_share"] >= 0).all()
    np.testing.assert_allclose(draws["sect_share"].sum("sect"), 1, **CLOSE)
    np.testing.assert_allclose(draws["cell_share"].sum(vocabulary.names), 1, **CLOSE)


def test_ratios_are_on_the_scale_that_they_say(case: tuple[xr.Dataset, Vocabulary]) -> None:
    """`hazard_ratio` is a ratio, `log_hazard_ratio` its logarithm."""
    np.testing.assert_allclose(np.log(case[0]["hazard_ratio"]), case[0]["log_hazard_ratio"], **CLOSE)


def test_cell_shares_are_those_of_the_corps(study: Study, draws: xr.Dataset) -> None:
    """Who serves is worked out in the model as it is for the articles' page."""
    expected = study.corps.cell_shares(draws["sect_share"].to_numpy())
    np.testing.assert_allclose(draws["cell_share"].to_numpy().reshape(expected.shape), expected, **CLOSE)


@pytest.mark.parametrize(("name", "period"), [("onset_ratio", 0), ("decline_ratio", 4)])
def test_first_and_last_period_keep_their_ratio_to_2012(draws: xr.Dataset, name: str, period: int) -> None:
    """The level of 2012 is the middle of its halves; 2011 and the last period stand to it as claimed."""
    baseline = draws["baseline"]
    level = baseline.isel(period=slice(1, 3)).mean("period")
    claimed = draws["log_hazard_ratio"].sel(quantity=name)
    np.testing.assert_allclose(baseline.isel(period=period) - level, claimed, **CLOSE)


def test_a_still_baseline_is_a_straight_bridge(still: xr.Dataset) -> None:
    """Without steps the halves of 2012 are one level, and 2013 lies half-way to the last period."""
    baseline = still["baseline"].transpose("period", ...).to_numpy()
    np.testing.assert_allclose(baseline[1], baseline[2], **CLOSE)
    np.testing.assert_allclose(baseline[3], (baseline[2] + baseline[4]) / 2, **CLOSE)


def test_claimed_ratios_are_ratios_of_hazards(still: xr.Dataset) -> None:
    """Without deviations, hazards that differ in one attribute from end to end stand in the claimed ratio."""
    low = {"sect": "sunni", "rank": "conscript", "eliteness": "ordinary", "proximity": "outside"}
    changes = {
        "alawite_ratio": {"sect": "alawite"},
        "minority_ratio": {"sect": "druze"},
        "rank_ratio": {"rank": "general"},
        "eliteness_ratio": {"eliteness": "elite"},
        "proximity_ratio": {"proximity": "core"},
    }
    for name, change in changes.items():
        claimed = still["log_hazard_ratio"].sel(quantity=name)
        np.testing.assert_allclose(still["log_relative_hazard"].sel(low | change), claimed, **CLOSE)


def test_draws_leave_each_other_alone(bundled_problem: Problem, compiled: Compiled, draws: xr.Dataset) -> None:
    """What follows from a draw does not depend on which draws stand beside it, or in which chain."""
    free = random_draws(bundled_problem, draws=COUNT).isel(draw=slice(COUNT - 3, None))
    alone = compiled.expansion.deterministics(free)
    tail = draws.isel(draw=slice(COUNT - 3, None))
    for name in draws:
        np.testing.assert_allclose(alone[name], tail[name], rtol=1e-9, atol=1e-9)
