"""Draws from the prior have the moments that a prior set states."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from pytensor.graph.traversal import ancestors
from scipy import stats

from model.evidence.reading import bundled_evidence
from model.fit.draws import Expansion, prior_draws
from model.fit.problem import Problem
from priors.elicitation import Prior
from priors.study import Study
from tests.support.made_up import FLEET, made_up
from tests.support.problems import evidence_row, make_problem

COUNT = 20_000
WRONGLY = 1e-4
"""Probability that a test of a distribution fails though it is right; the seed is fixed."""
LIST = (evidence_row("C", "defector_composition", (12, 12), (9, 11), attribute=("sect", ("sunni",))),)


@pytest.fixture(scope="module", params=["al-kattan", "stratfor", "pooled", "another study's"])
def problem(request: pytest.FixtureRequest, study: Study) -> Problem:
    """Pose a problem with a list, under each prior set."""
    if request.param == "another study's":
        other = made_up(FLEET)
        return make_problem(other, bundled_evidence(other), priors=other.claims.all_together)
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


def mixed(prior: Prior, value: float) -> float:
    """Return the probability that a quantity lies below a value: each author's, in his weight."""
    return sum(each.weight * float(stats.norm.cdf(value, each.mean, each.sd)) for each in prior.components)


def test_quantities_are_their_priors(problem: Problem, draws: xr.Dataset) -> None:
    """Each quantity has the mean and spread of its prior, and is distributed as its authors' normals are mixed."""
    believed = problem.prior_set
    named = [
        *zip(believed.hazard_ratios, draws["log_hazard_ratio"].transpose("quantity", "draw"), strict=True),
        *zip(believed.drifts, draws["log_drift"].transpose("drift", "draw"), strict=True),
        (believed.reference_risk, draws["log_reference_hazard"]),
    ]
    for prior, sample in named:
        mean, spread = prior.parameters
        assert_moments(sample, mean, spread**2)
        found = stats.kstest(sample.to_numpy(), lambda x, prior=prior: np.array([mixed(prior, each) for each in x]))
        assert found.pvalue > WRONGLY, prior.quantity.name


def test_authors_who_part_stay_apart(study: Study) -> None:
    """Where two articles say unlike things, what is believed is no normal about what lies between them."""
    problem = make_problem(study)
    prior = problem.prior_set["alawite_drift"]
    assert {each.author for each in prior.components if each.weight > 0} == {"al-kattan", "stratfor"}
    drawn = prior_draws(problem, draws=COUNT, seed=3)["log_drift"].to_numpy().ravel()
    assert stats.kstest(drawn, stats.norm(*prior.parameters).cdf).pvalue < WRONGLY


def test_spreads_are_half_normal(problem: Problem, draws: xr.Dataset) -> None:
    """Each spread has the moments of its half-normal, and none is negative."""
    half = stats.halfnorm(scale=np.array([spread.sigma for spread in problem.prior_set.spreads]))
    assert (draws["spread"] >= 0).all()
    assert_moments(draws["spread"], half.mean(), half.var())


def summing_to_zero(name: object) -> bool:
    """Whether offsets of this name sum to zero."""
    return "_by_" in str(name) or "_over_time_" in str(name)


def test_offsets_are_standard_normal(draws: xr.Dataset) -> None:
    """Offsets have mean 0 and variance 1, less what a sum of zero takes from it."""
    for name in (name for name in draws if str(name).endswith("_offset")):
        levels = draws[name].shape[-1]
        assert_moments(draws[name], 0.0, 1 - 1 / levels if summing_to_zero(name) else 1.0)
    assert_moments(draws["baseline_step"], 0.0, 1.0)


def test_offsets_that_sum_to_zero_favour_no_level(draws: xr.Dataset) -> None:
    """Any two levels deviate alike: the correlation of each pair is the one that a sum of zero leaves."""
    for name in (name for name in draws if str(name).endswith("_offset") and summing_to_zero(name)):
        levels = draws[name].shape[-1]
        of_level = draws[name].to_numpy().reshape(COUNT, -1, levels)[:, 0]
        found = np.corrcoef(of_level.T)[np.triu_indices(levels, 1)]
        np.testing.assert_allclose(found, -1 / (levels - 1), atol=5 / COUNT**0.5)


def test_each_list_has_a_concentration(problem: Problem, draws: xr.Dataset) -> None:
    """The log of each list's concentration is normal, as the prior set has it, and none depends on another."""
    mean, spread = problem.prior_set.count_concentration
    found = np.log(draws["list_concentration"])
    assert_moments(found, mean, spread**2)
    if found.sizes["list"] > 1:
        others = np.corrcoef(found.to_numpy().T)[np.triu_indices(found.sizes["list"], 1)]
        assert (np.abs(others) < 5 / COUNT**0.5).all()


def test_what_is_news_holds_its_interval(problem: Problem, draws: xr.Dataset) -> None:
    """The log of the odds of being listed, for each step up, is normal, as the prior set has it."""
    assert problem.prior_set.newsworthiness
    for attribute, mean, spread in problem.prior_set.newsworthiness:
        assert_moments(draws[f"log_{attribute}_newsworthiness"], mean, spread**2)


def test_heads_hold_their_intervals(problem: Problem, draws: xr.Dataset) -> None:
    """Nine times in ten a class has as many men as its interval says, and as often fewer as more."""
    for place, (low, high) in enumerate(problem.corps.heads):
        men = draws["heads"].to_numpy()[:, place]
        for share, expected in ((men < low, 0.05), (men > high, 0.05), (men < (low * high) ** 0.5, 0.5)):
            assert abs(share.mean() - expected) < 5 * (expected * (1 - expected) / COUNT) ** 0.5


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
    """The claimed community's share is its beta; the others split what is left as the Dirichlet has it."""
    for name, prior in zip(problem.corps.classes, problem.prior_set.community_shares, strict=True):
        rest, split = draws[f"rest_of_{name}"], stats.beta(prior.rest, prior.rest.sum() - prior.rest)
        assert_moments(rest, split.mean(), split.var())
        if prior.claimed is None:
            continue
        share = draws[f"{problem.vocabulary.community.names[prior.claimed]}_share_of_{name}"]
        claimed = stats.beta(*prior.claimed_share)
        assert_moments(share, claimed.mean(), claimed.var())
        correlations = np.corrcoef(np.column_stack([share, rest]).T)[0, 1:]
        assert (np.abs(correlations) < 5 / COUNT**0.5).all()


def test_a_seed_gives_the_same_draws(problem: Problem) -> None:
    """The same seed gives the same draws, another seed others."""
    first, again, other = (prior_draws(problem, draws=3, seed=seed) for seed in (1, 1, 2))
    assert first.equals(again)
    assert (first["log_hazard_ratio"] != other["log_hazard_ratio"]).all()


def notes(problem: Problem) -> int:
    """Return how many notes of where they were made the variables of a problem carry."""
    return sum(len(getattr(each.tag, "trace", ())) for each in ancestors(problem.model.free_RVs))


def test_drawing_again_costs_no_more_than_before() -> None:
    """However often a problem is compiled and drawn from, no notes pile up at its variables: they would double."""
    study = made_up(FLEET)
    problem = make_problem(study, bundled_evidence(study), priors=study.claims.all_together)
    before = notes(problem)
    Expansion(problem).densities(problem, prior_draws(problem, draws=2, seed=1))
    for seed in range(3):
        prior_draws(problem, draws=2, seed=seed)
    assert notes(problem) == before
