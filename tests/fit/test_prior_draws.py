"""Draws from the prior have the moments that a prior set states."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from model.fit.draws import prior_draws
from model.fit.problem import Problem
from priors.study import Study
from tests.support.other_study import other_problem
from tests.support.problems import evidence_row, make_problem
from tests.support.syria import CLASSES

COUNT = 20_000
LIST = (evidence_row("C", "defector_composition", (12, 12), (9, 11), attribute=("sect", ("sunni",))),)


@pytest.fixture(scope="module", params=["al-kattan", "stratfor", "pooled", "another study's"])
def problem(request: pytest.FixtureRequest, study: Study) -> Problem:
    """Pose a problem with a list, under each prior set."""
    if request.param == "another study's":
        return other_problem()[0]
    return make_problem(study, LIST, priors=request.param)


@pytest.fixture(scope="module")
def draws(problem: Problem) -> xr.Dataset:
    """Draw from the prior, many times."""
    return prior_draws(problem, draws=COUNT, seed=3).isel(chain=0)


def assert_moments(sample: xr.DataArray, mean: object, variance: object) -> None:
    """Check mean and variance over draws, within five standard errors."""
    values = sample.to_numpy()
    squares = (values - values.mean(axis=0)) ** 2
    assert (np.abs(values.mean(axis=0) - mean) <= 5 * values.std(axis=0) / COUNT**0.5).all()
    assert (np.abs(squares.mean(axis=0) - variance) <= 5 * squares.std(axis=0) / COUNT**0.5).all()


def test_quantities_are_their_priors(problem: Problem, draws: xr.Dataset) -> None:
    """Each quantity has the mean and spread of its prior."""
    mean, spread = np.array([prior.parameters for prior in problem.prior_set.hazard_ratios]).T
    assert_moments(draws["log_hazard_ratio"], mean, spread**2)
    mean, spread = problem.prior_set.reference_risk.parameters
    assert_moments(draws["log_reference_hazard"], mean, spread**2)


def test_spreads_are_half_normal(problem: Problem, draws: xr.Dataset) -> None:
    """Each spread has the moments of its half-normal, and none is negative."""
    half = stats.halfnorm(scale=np.array([spread.sigma for spread in problem.prior_set.spreads]))
    assert (draws["spread"] >= 0).all()
    assert_moments(draws["spread"], half.mean(), half.var())


def test_offsets_are_standard_normal(draws: xr.Dataset) -> None:
    """Offsets have mean 0 and variance 1, less what a sum of zero takes from it."""
    for name in (name for name in draws if str(name).endswith("_offset")):
        levels = draws[name].shape[-1]
        assert_moments(draws[name], 0.0, 1 - 1 / levels if "_by_" in str(name) else 1.0)
    assert_moments(draws["baseline_step"], 0.0, 1.0)


def test_offsets_that_sum_to_zero_favour_no_level(draws: xr.Dataset) -> None:
    """Any two levels deviate alike: the correlation of each pair is the one that a sum of zero leaves."""
    for name in (name for name in draws if str(name).endswith("_offset") and "_by_" in str(name)):
        levels = draws[name].shape[-1]
        found = np.corrcoef(draws[name].to_numpy().T)[np.triu_indices(levels, 1)]
        np.testing.assert_allclose(found, -1 / (levels - 1), atol=5 / COUNT**0.5)


def test_the_concentration_of_lists_holds_its_interval(problem: Problem, draws: xr.Dataset) -> None:
    """The log of the concentration is normal, as the prior set has it."""
    mean, spread = problem.prior_set.count_concentration
    assert_moments(np.log(draws["list_concentration"]), mean, spread**2)


def test_monotonic_steps_are_dirichlet(problem: Problem, draws: xr.Dataset) -> None:
    """Each step of a monotonic shape has the mean and variance of its place in the Dirichlet; one alone is fixed."""
    for attribute in (attribute for attribute in problem.vocabulary.attributes if attribute.ordered):
        places, concentration = len(attribute.names) - 1, problem.prior_set.step_concentration
        if places == 1:
            assert f"{attribute.name}_steps" not in draws
            continue
        marginal = stats.beta(concentration, concentration * (places - 1))
        assert_moments(draws[f"{attribute.name}_steps"], marginal.mean(), marginal.var())


def test_community_shares_are_beta_and_dirichlet(problem: Problem, draws: xr.Dataset) -> None:
    """The claimed sect's share is its beta; the others split what is left as the Dirichlet has it."""
    for name, prior in zip(CLASSES, problem.prior_set.community_shares, strict=True):
        sect = problem.vocabulary["sect"].names[prior.claimed]
        share, rest = draws[f"{sect}_share_of_{name}"], draws[f"rest_of_{name}"]
        claimed, split = stats.beta(*prior.claimed_share), stats.beta(prior.rest, prior.rest.sum() - prior.rest)
        assert_moments(share, claimed.mean(), claimed.var())
        assert_moments(rest, split.mean(), split.var())
        correlations = np.corrcoef(np.column_stack([share, rest]).T)[0, 1:]
        assert (np.abs(correlations) < 5 / COUNT**0.5).all()


def test_a_seed_gives_the_same_draws(problem: Problem) -> None:
    """The same seed gives the same draws, another seed others."""
    first, again, other = (prior_draws(problem, draws=3, seed=seed) for seed in (1, 1, 2))
    assert first.equals(again)
    assert (first["log_hazard_ratio"] != other["log_hazard_ratio"]).all()
