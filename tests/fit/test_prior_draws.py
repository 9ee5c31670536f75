"""Draws from a prior set have the moments that the set states."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from model.fit.draws import Draws
from model.fit.knowledge import Knowledge
from model.fit.ledger import prior_draws
from model.fit.problem import Problem
from tests.support.problems import make_problem

COUNT = 20_000


@pytest.fixture(scope="module", params=["al-kattan", "stratfor", "pooled"])
def problem(request: pytest.FixtureRequest, knowledge: Knowledge) -> Problem:
    """Pose the problem without evidence, under each prior set."""
    return make_problem(knowledge, priors=request.param)


@pytest.fixture(scope="module")
def draws(problem: Problem) -> Draws:
    """Draw from the prior set, many times."""
    return prior_draws(problem.prior_set, problem.layout, draws=COUNT, seed=3).flattened()


def assert_moments(sample: np.ndarray, mean: object, variance: object) -> None:
    """Check mean and variance along the first dimension, within five standard errors."""
    squares = (sample - sample.mean(axis=0)) ** 2
    assert (np.abs(sample.mean(axis=0) - mean) <= 5 * sample.std(axis=0) / COUNT**0.5).all()
    assert (np.abs(squares.mean(axis=0) - variance) <= 5 * squares.std(axis=0) / COUNT**0.5).all()


def test_quantities_are_their_priors(problem: Problem, draws: Draws) -> None:
    """Each quantity has the mean and spread of its prior."""
    mean, spread = np.array([prior.parameters for prior in problem.prior_set.fitted]).T
    assert_moments(draws.parameters.quantities, mean, spread**2)


def test_scales_are_half_normal(problem: Problem, draws: Draws) -> None:
    """Each scale has the moments of a half-normal, and none is negative."""
    half = stats.halfnorm(scale=problem.prior_set.scales)
    assert (draws.parameters.scales >= 0).all()
    assert_moments(draws.parameters.scales, half.mean(), half.var())


def test_deviations_are_standard_normal(draws: Draws) -> None:
    """Deviations have mean 0 and variance 1."""
    assert_moments(draws.parameters.deviations, 0.0, 1.0)


def test_the_concentration_of_counts_holds_its_interval(knowledge: Knowledge, draws: Draws) -> None:
    """Nine draws in ten lie in the stated interval, and one in twenty on either side."""
    tails = np.exp(np.quantile(draws.parameters.log_count_concentration, [0.05, 0.95]))
    assert tails == pytest.approx(knowledge.claims.count_concentration, rel=0.1)


def test_monotonic_steps_are_dirichlet(problem: Problem, draws: Draws) -> None:
    """Each step of a monotonic shape has the mean and variance of its place in the Dirichlet."""
    for shape in (draws.tables.rank, draws.tables.eliteness, draws.tables.proximity):
        steps = np.diff(shape, axis=1)
        places = steps.shape[1]
        marginal = stats.beta(problem.prior_set.step_concentration, problem.prior_set.step_concentration * (places - 1))
        assert_moments(steps, marginal.mean(), marginal.var())


def test_sect_shares_are_beta_and_dirichlet(problem: Problem, draws: Draws) -> None:
    """The claimed sect's share is its beta; the others split what is left as the Dirichlet has it."""
    for prior, shares in zip(problem.prior_set.sect_shares, draws.tables.sect_shares, strict=True):
        claimed = stats.beta(*prior.claimed_share)
        assert_moments(shares[:, prior.claimed], claimed.mean(), claimed.var())
        rest = np.delete(shares, prior.claimed, axis=1) / (1 - shares[:, [prior.claimed]])
        split = stats.beta(prior.rest, prior.rest.sum() - prior.rest)
        assert_moments(rest, split.mean(), split.var())
        correlations = np.corrcoef(np.column_stack([shares[:, prior.claimed], rest]).T)[0, 1:]
        assert (np.abs(correlations) < 5 / COUNT**0.5).all()


def test_a_seed_gives_the_same_draws(problem: Problem) -> None:
    """The same seed gives the same draws, another seed others."""
    first, again, other = (
        prior_draws(problem.prior_set, problem.layout, draws=3, seed=seed).parameters.quantities for seed in (1, 1, 2)
    )
    assert (first == again).all()
    assert (first != other).all()
