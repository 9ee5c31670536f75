"""What must hold of the hazards and shares that any draw of the free variables amounts to."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from model.fit.draws import Expansion, risk_draws
from model.fit.fitting import Compiled
from model.fit.problem import Problem
from priors.study import Study
from priors.timeline import Timeline, Window
from tests.support.made_up import FLEET, made_up
from tests.support.problems import make_problem, random_draws

COUNT = 50
CLOSE = {"rtol": 1e-10, "atol": 1e-10}


@pytest.fixture(scope="module")
def draws(bundled_problem: Problem, compiled: Compiled) -> xr.Dataset:
    """Draw from the prior of the bundled study."""
    return compiled.expansion.deterministics(random_draws(bundled_problem, draws=COUNT))


@pytest.fixture(scope="module")
def still(bundled_problem: Problem, compiled: Compiled) -> xr.Dataset:
    """Draw the same, with no level or period that strays from what is claimed, and no ratio that drifts."""
    free = random_draws(bundled_problem, draws=COUNT)
    return compiled.expansion.deterministics(free.assign(spread=0 * free["spread"], log_drift=0 * free["log_drift"]))


@pytest.fixture(scope="module")
def fleet() -> Problem:
    """Pose a study of other words, periods and claims, all its articles together."""
    study = made_up(FLEET)
    return make_problem(study, priors=study.claims.all_together)


@pytest.fixture(scope="module")
def fleet_draws(fleet: Problem) -> xr.Dataset:
    """Draw from the prior of that study."""
    return Expansion(fleet).deterministics(random_draws(fleet, draws=COUNT))


Case = tuple[xr.Dataset, Problem]


@pytest.fixture(params=["bundled", "fleet"])
def case(request: pytest.FixtureRequest, draws: xr.Dataset, bundled_problem: Problem, fleet: Problem) -> Case:
    """Return the draws and the problem of each study in turn."""
    if request.param == "bundled":
        return draws, bundled_problem
    return request.getfixturevalue("fleet_draws"), fleet


def log_cumulative(draws: xr.Dataset, timeline: Timeline) -> xr.DataArray:
    """Return the log of the hazard that the reference profile meets over the study."""
    months = xr.DataArray(timeline.months(timeline.window), dims="period")
    found: xr.DataArray = np.log((np.exp(draws["baseline"]) * months).sum("period"))
    return found


def test_the_reference_profile_is_the_baseline(case: Case) -> None:
    """The profile of reference levels has a relative hazard of one."""
    draws, vocabulary = case[0], case[1].vocabulary
    reference = {attribute.name: attribute.reference for attribute in vocabulary.attributes}
    assert not draws["log_relative_hazard"].sel(reference).any()


def test_the_reference_hazard_is_met_over_the_study(case: Case) -> None:
    """The baseline's cumulative hazard over the study is the quantity that the claims speak of."""
    draws, vocabulary = case[0], case[1].vocabulary
    np.testing.assert_allclose(log_cumulative(draws, vocabulary.timeline), draws["log_reference_hazard"], **CLOSE)


def moved(draws: xr.Dataset, problem: Problem) -> xr.DataArray:
    """Return the log hazard of every cell in every period, added up from its parts."""
    parts = [draws[f"{name}_over_time"] for name in problem.vocabulary.names if f"{name}_over_time" in draws]
    return sum(parts, start=draws["log_relative_hazard"] + draws["baseline"])


def test_risk_is_that_of_the_cumulative_hazard(case: Case) -> None:
    """The risk of each cell over the study is one less the chance to survive the hazard of all periods."""
    draws, problem = case
    timeline = problem.vocabulary.timeline
    months = xr.DataArray(timeline.months(timeline.window), dims="period")
    hazard = (np.exp(moved(draws, problem)) * months).sum("period")
    np.testing.assert_allclose(draws["risk"], (1 - np.exp(-hazard)).transpose(*draws["risk"].dims), **CLOSE)


def test_the_reference_profile_does_not_move(case: Case) -> None:
    """What a period adds to the hazard, it adds to other levels than those of reference."""
    draws, problem = case
    for attribute in problem.vocabulary.attributes:
        if f"{attribute.name}_over_time" in draws:
            assert not draws[f"{attribute.name}_over_time"].sel({attribute.name: attribute.reference}).any()


def test_deviations_over_time_sum_to_zero(case: Case) -> None:
    """But for a drift, what one period adds to the effect of a level others take from it."""
    draws, problem = case
    drifting = [prior.quantity for prior in problem.prior_set.drifts]
    for name in problem.prior_set.over_time:
        found = draws[f"{name}_over_time"]
        levels = [level for each in drifting if each.attribute == name for level in each.levels]
        others = found.drop_sel({name: levels})
        np.testing.assert_allclose(others.sum("period"), 0, atol=1e-10)
        assert (others.std("period") > 0).any()


def test_a_drift_sets_in_with_its_period(case: Case) -> None:
    """From its period on a drift adds its log to the levels that it is about, before it nothing."""
    draws, problem = case
    names = problem.vocabulary.timeline.period_names
    for prior in problem.prior_set.drifts:
        quantity = prior.quantity
        found = draws[f"{quantity.attribute}_over_time"].sel({quantity.attribute: list(quantity.levels)})
        set_in = np.arange(len(names)) >= names.index(str(quantity.since))
        step = draws["log_drift"].sel(drift=quantity.name) * xr.DataArray(set_in, dims="period")
        # What is left of it are deviations, which sum to zero; there are none where nothing else moves.
        np.testing.assert_allclose((found - step).sum("period"), 0, atol=1e-10)
        if quantity.attribute not in problem.prior_set.over_time:
            np.testing.assert_allclose(found, step.broadcast_like(found), **CLOSE)


def test_effects_of_order_are_monotonic(case: Case) -> None:
    """The shape over each ordered attribute rises from 0 to 1 and never falls."""
    draws, vocabulary = case[0], case[1].vocabulary
    for attribute in vocabulary.attributes:
        if attribute.ordered:
            shape = draws[f"{attribute.name}_shape"].to_numpy()
            assert (shape[..., 0] == 0).all()
            np.testing.assert_allclose(shape[..., -1], 1, **CLOSE)
            assert (np.diff(shape) >= 0).all()


def test_deviations_by_community_sum_to_zero(case: Case) -> None:
    """What an attribute does more to one community it does less to the others."""
    draws, community = case[0], case[1].vocabulary.community.name
    found = [values for name, values in draws.items() if str(name).endswith(f"_by_{community}")]
    assert found
    for deviation in found:
        np.testing.assert_allclose(deviation.sum(community), 0, atol=1e-12)
        assert (deviation.std(community) > 0).all()


def test_cells_hold_the_men_of_their_class(case: Case) -> None:
    """Within a class the communities' shares sum to one; the cells of a class sum to its men, none below zero."""
    draws, problem = case
    corps, community = problem.corps, problem.vocabulary.community.name
    assert (draws[f"{community}_share"] > 0).all()
    np.testing.assert_allclose(draws[f"{community}_share"].sum(community), 1, **CLOSE)
    cells = draws["cell_heads"].to_numpy().reshape(COUNT, -1)
    assert (cells >= 0).all()
    for place in range(len(corps.classes)):
        of_class = cells[:, corps.class_of == place].sum(axis=1)
        np.testing.assert_allclose(of_class, draws["heads"].to_numpy()[0, :, place], rtol=1e-10)


def test_ratios_are_on_the_scale_that_they_say(case: Case) -> None:
    """`hazard_ratio` is a ratio, `log_hazard_ratio` its logarithm."""
    np.testing.assert_allclose(np.log(case[0]["hazard_ratio"]), case[0]["log_hazard_ratio"], **CLOSE)


def test_the_men_of_a_cell_are_those_of_the_corps(
    study: Study, bundled_problem: Problem, compiled: Compiled, draws: xr.Dataset
) -> None:
    """At the middle of the intervals and by the expected tables, cells hold what the study's corps says."""
    free = random_draws(bundled_problem, draws=COUNT)
    offsets = {name: 0 * free[name] for name in free if str(name).endswith("_table_offset")}
    middle = free.assign(offsets | {"heads": 0 * free["heads"] + study.corps.middle})
    found = compiled.expansion.deterministics(middle)["cell_heads"].to_numpy()[0]
    expected = study.corps.cell_heads(draws["sect_share"].to_numpy()[0])
    np.testing.assert_allclose(found.reshape(expected.shape), expected, rtol=1e-10)


def test_each_draw_has_tables_of_its_own(study: Study, draws: xr.Dataset) -> None:
    """Odds of a level within a row of a table stray from the expected as far as the table's strength says."""
    rank = next(table for table in study.corps.tables if table.attribute == "rank")
    alawite = draws["cell_heads"].sel(sect="alawite").sum(("eliteness", "proximity"))
    odds = np.log(alawite.sel(rank="colonel") / alawite.sel(rank="lieutenant")).to_numpy().ravel()
    expected = np.sqrt(2 / rank.strength)
    assert abs(odds.mean() - np.log(0.190 / 0.350)) < 5 * expected / COUNT**0.5
    assert odds.std() == pytest.approx(expected, rel=5 / (2 * COUNT) ** 0.5)


def test_risks_are_worked_out_as_the_model_does(case: Case) -> None:
    """From the draws in the form of the risk table follow the model's own risks, in single precision."""
    draws, problem = case
    found = risk_draws(draws, problem)
    window = problem.vocabulary.timeline.window
    for cell in (0, len(problem.vocabulary.cells) // 2, len(problem.vocabulary.cells) - 1):
        profile = dict(zip(problem.vocabulary.names, problem.vocabulary.cells[cell], strict=True))
        np.testing.assert_allclose(found.risk(profile, window), draws["risk"].sel(profile).to_numpy()[0], rtol=2e-5)


def test_hazards_are_met_period_by_period(draws: xr.Dataset, bundled_problem: Problem) -> None:
    """The hazard of a profile in a period is that of the model, drift and deviations with it."""
    found, timeline = risk_draws(draws, bundled_problem), bundled_problem.vocabulary.timeline
    profile = {"sect": "alawite", "rank": "colonel", "eliteness": "elite", "proximity": "trusted"}
    for place, period in enumerate(timeline.periods):
        hazard = found.monthly_hazards(profile, [Window(period.window.start, period.window.end)])[0]
        expected = np.exp(moved(draws, bundled_problem).sel(profile).isel(period=place))
        np.testing.assert_allclose(hazard, expected.to_numpy()[0], rtol=2e-5)


@pytest.mark.parametrize("name", ["onset_ratio", "momentum_ratio", "decline_ratio"])
def test_a_claimed_period_keeps_its_ratio(draws: xr.Dataset, study: Study, name: str) -> None:
    """The level is the middle of its periods, and a period of which a ratio is claimed stands to it in that ratio."""
    quantity = next(each for each in study.claims.quantities if each.name == name)
    baseline = draws["baseline"]
    level = baseline.sel(period=list(study.claims.baseline.level)).mean("period")
    claimed = draws["log_hazard_ratio"].sel(quantity=name)
    np.testing.assert_allclose(baseline.sel(period=quantity.period) - level, claimed, **CLOSE)


def test_a_still_baseline_is_a_straight_bridge(still: xr.Dataset) -> None:
    """Without steps the periods of the level are one, and a free period lies half-way between its neighbours."""
    baseline = still["baseline"].transpose("period", ...)
    names = baseline["period"].to_numpy().tolist()
    first, second = names.index("early 2012"), names.index("2013")
    np.testing.assert_allclose(baseline[first], baseline[first + 1], **CLOSE)
    for free in (names.index("late 2011"), second):
        np.testing.assert_allclose(baseline[free], (baseline[free - 1] + baseline[free + 1]) / 2, **CLOSE)


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
