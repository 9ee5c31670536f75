"""From parameters to hazards: the formula, cell by cell, and what must hold of any parameters."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from model.fit.draws import Draws
from model.fit.hazard import Parameters, hazards
from model.fit.knowledge import Knowledge
from model.fit.namespaces import NUMPY
from model.fit.problem import Problem
from tests.support.problems import chained_draws, make_problem, one_draw, random_draws
from tests.support.reference import log_hazard_table

COUNT = 6


@pytest.fixture(scope="module")
def problem(knowledge: Knowledge) -> Problem:
    """Pose the problem without evidence."""
    return make_problem(knowledge)


@pytest.fixture(scope="module")
def draws(problem: Problem) -> Draws:
    """Draw parameters from the pooled prior."""
    return random_draws(problem, draws=COUNT)


@pytest.mark.parametrize("index", range(COUNT))
def test_every_hazard_is_the_formula(knowledge: Knowledge, problem: Problem, draws: Draws, index: int) -> None:
    """The log hazard of each cell and period is what the formula gives, computed one by one."""
    one = one_draw(draws, index)
    table = one.tables.log_relative_hazard[:, None] + one.tables.baseline[None, :]
    expected = log_hazard_table(one.parameters, problem.layout, knowledge.vocabulary)
    np.testing.assert_allclose(table, expected, rtol=1e-10, atol=1e-10)


def test_the_reference_profile_is_the_baseline(knowledge: Knowledge, draws: Draws) -> None:
    """A Sunni conscript of an ordinary unit, outside the core, has a relative hazard of one."""
    reference = {attribute.name: attribute.reference for attribute in knowledge.vocabulary.attributes}
    assert not draws.tables.log_relative_hazard[:, knowledge.vocabulary.cell(reference)].any()


def test_the_reference_risk_is_the_quantity(knowledge: Knowledge, problem: Problem, draws: Draws) -> None:
    """The baseline's cumulative hazard over the study is the quantity that the claims speak of."""
    months = knowledge.vocabulary.study.months(knowledge.vocabulary.study.window)
    cumulative = (np.exp(draws.tables.baseline) * months).sum(axis=1)
    claimed = draws.parameters.quantities[:, problem.layout.quantity_names.index("reference_risk")]
    np.testing.assert_allclose(np.log(cumulative), claimed, rtol=1e-12)


@pytest.mark.parametrize(("name", "period"), [("onset_ratio", 0), ("decline_ratio", 4)])
def test_first_and_last_period_keep_their_ratio_to_2012(
    problem: Problem, draws: Draws, *, name: str, period: int
) -> None:
    """The level of 2012 is the middle of its halves; 2011 and the last period stand to it as claimed."""
    level = draws.tables.baseline[:, 1:3].mean(axis=1)
    claimed = draws.parameters.quantities[:, problem.layout.quantity_names.index(name)]
    np.testing.assert_allclose(draws.tables.baseline[:, period] - level, claimed, rtol=1e-10)


def test_a_still_baseline_is_a_straight_bridge(problem: Problem, draws: Draws) -> None:
    """Without steps the halves of 2012 are one level, and 2013 lies half-way to the last period."""
    still = dataclasses.replace(draws.parameters, deviations=0 * draws.parameters.deviations)
    baseline = hazards(still, problem.layout, NUMPY).baseline
    np.testing.assert_allclose(baseline[:, 1], baseline[:, 2])
    np.testing.assert_allclose(baseline[:, 3], (baseline[:, 2] + baseline[:, 4]) / 2)


def test_claimed_ratios_are_ratios_of_hazards(knowledge: Knowledge, problem: Problem, draws: Draws) -> None:
    """Without deviations, hazards that differ in one attribute from end to end stand in the claimed ratio."""
    still = dataclasses.replace(draws.parameters, deviations=0 * draws.parameters.deviations)
    log_hazard = hazards(still, problem.layout, NUMPY).log_relative_hazard
    low = {"sect": "sunni", "rank": "conscript", "eliteness": "ordinary", "proximity": "outside"}
    changes = {
        "alawite_ratio": {"sect": "alawite"},
        "minority_ratio": {"sect": "druze"},
        "rank_ratio": {"rank": "general"},
        "eliteness_ratio": {"eliteness": "elite"},
        "proximity_ratio": {"proximity": "core"},
    }
    for name, change in changes.items():
        ratio = log_hazard[:, knowledge.vocabulary.cell(low | change)]
        claimed = still.quantities[:, problem.layout.quantity_names.index(name)]
        np.testing.assert_allclose(ratio, claimed, rtol=1e-10)


def test_deviations_by_sect_sum_to_zero(draws: Draws) -> None:
    """What eliteness and the core do more to one sect they do less to the others."""
    for effect in (draws.tables.eliteness_by_sect, draws.tables.proximity_by_sect):
        assert effect.shape == (COUNT, 6)
        np.testing.assert_allclose(effect.sum(axis=1), 0, atol=1e-12)
        assert (effect.std(axis=1) > 0).all()


def test_deviations_by_sect_are_exchangeable(problem: Problem) -> None:
    """Every sect deviates as widely as any other, and any two alike: the contrasts favour none."""
    covariance = problem.layout.zero_sum.T @ problem.layout.zero_sum
    np.testing.assert_allclose(covariance, np.eye(6) - 1 / 6, atol=1e-12)


def test_effects_of_order_are_monotonic(draws: Draws) -> None:
    """The shapes over rank, eliteness and proximity rise from 0 to 1 and never fall."""
    for shape in (draws.tables.rank, draws.tables.eliteness, draws.tables.proximity):
        np.testing.assert_allclose(shape[:, [0, -1]], np.tile([0.0, 1.0], (COUNT, 1)), atol=1e-12)
        assert (np.diff(shape, axis=1) >= 0).all()


def test_sect_shares_are_shares(draws: Draws) -> None:
    """Among officers, and among the enlisted, the sects' shares are positive and sum to one."""
    for shares in draws.tables.sect_shares:
        assert shares.shape == (COUNT, 6)
        assert (shares > 0).all()
        np.testing.assert_allclose(shares.sum(axis=1), 1)


def test_many_draws_are_single_draws(problem: Problem) -> None:
    """Arrays with chain and draw leading give, draw for draw, what a vector alone gives."""
    draws = chained_draws(problem, chains=2, draws=3)
    for chain, draw in np.ndindex(2, 3):
        alone = hazards(Parameters(*(a[chain, draw] for a in vars(draws.parameters).values())), problem.layout, NUMPY)
        for name, value in vars(alone).items():
            together = getattr(draws.tables, name)
            parts = zip(together, value, strict=True) if isinstance(value, tuple) else [(together, value)]
            for many, one in parts:
                np.testing.assert_allclose(many[chain, draw], one, rtol=1e-12, atol=1e-12)


def test_flattened_draws_keep_their_order(problem: Problem) -> None:
    """Flattened, the first chain's draws come first."""
    draws = chained_draws(problem, chains=2, draws=3)
    flat = draws.flattened()
    assert len(flat) == 6
    assert flat.tables.baseline[4].tolist() == draws.tables.baseline[1, 1].tolist()
    assert flat.tables.sect_shares[1][5].tolist() == draws.tables.sect_shares[1][1, 2].tolist()


def test_every_parameter_has_a_name(problem: Problem, draws: Draws) -> None:
    """The layout names each place of each parameter, once."""
    layout, parameters = problem.layout, draws.parameters
    for names, values in (
        (layout.quantity_names, parameters.quantities),
        (layout.scale_names, parameters.scales),
        (layout.deviation_names, parameters.deviations),
        (layout.simplex_part_names, parameters.simplex_parts),
    ):
        assert values.shape == (COUNT, len(names))
        assert len(set(names)) == len(names)
