"""Draws given new weights, against answers that are known without them."""

from __future__ import annotations

import numpy as np
import pytest
from arviz_stats.base import array_stats
from scipy.stats import norm

from model.reweighting import LARGEST_K, joined, left_out, moved, weighted_quantiles

DRAWS = 20_000


@pytest.fixture(scope="module")
def mean() -> np.ndarray:
    """Return draws of a mean of known variance from the posterior of eight observations under a flat prior."""
    return np.random.default_rng(1).normal(np.mean(SEEN), 8**-0.5, DRAWS)


SEEN = np.array([0.3, -1.1, 0.4, 1.7, -0.2, 0.9, -0.6, 0.1])


def test_weights_leave_a_term_out(mean: np.ndarray) -> None:
    """Reweighted, draws of a mean are those of the posterior without the observation, for each of them."""
    found = left_out(norm.logpdf(SEEN, mean[:, None], 1.0))
    for at in range(len(SEEN)):
        others = np.delete(SEEN, at)
        centre = found.weights[at] @ mean
        assert centre == pytest.approx(others.mean(), abs=0.02)
        assert found.weights[at] @ (mean - centre) ** 2 == pytest.approx(1 / len(others), rel=0.06)
    assert (found.pareto_k < LARGEST_K).all()
    assert found.known.all()


def test_weights_move_a_bound(mean: np.ndarray) -> None:
    """Weighted by the ratio of two likelihoods, draws become those under the other."""
    ratio = norm.logpdf(0.8, mean, 1.0) - norm.logpdf(SEEN[0], mean, 1.0)
    found = moved(ratio[:, None])
    assert found.weights[0] @ mean == pytest.approx((SEEN.sum() - SEEN[0] + 0.8) / 8, abs=0.02)


@pytest.mark.parametrize("draws", [50, 225, 226, 4_000])
@pytest.mark.parametrize("heavy", [0.05, 0.4, 0.8, 1.5])
def test_smoothing_is_arviz_own(draws: int, heavy: float) -> None:
    """Weights and k are those that ArviZ finds, for light tails and heavy, few draws and many."""
    log_ratio = -heavy * np.log(np.random.default_rng(draws).uniform(size=draws))
    found = moved(log_ratio[:, None])
    log_weights, k = array_stats.psislw(-log_ratio)
    np.testing.assert_allclose(found.weights[0], np.exp(log_weights), rtol=1e-9, atol=1e-300)
    assert found.pareto_k[0] == pytest.approx(k, rel=1e-9)


def test_weights_sum_to_one(mean: np.ndarray) -> None:
    """Weights of each case sum to one over draws, and are worth no more draws than there are."""
    found = left_out(norm.logpdf(SEEN, mean[:, None], 1.0))
    np.testing.assert_allclose(found.weights.sum(axis=1), 1)
    assert (found.weights >= 0).all()
    assert ((found.effective > 1) & (found.effective <= DRAWS)).all()


def test_equal_ratios_leave_the_draws_alone() -> None:
    """A case that changes nothing weighs all draws alike, with a k of 0."""
    found = moved(np.full((400, 1), 3.0))
    np.testing.assert_allclose(found.weights, 1 / 400)
    assert found.pareto_k.tolist() == [0.0]
    assert found.effective == pytest.approx([400])


def test_a_term_that_decides_too_much_is_told() -> None:
    """Where one term is worth far more than the rest, k says that leaving it out cannot be told from the draws."""
    mean = np.random.default_rng(2).normal(0, 0.02, 4_000)
    found = left_out(norm.logpdf(0.0, mean, 0.02)[:, None] + norm.logpdf(0.15, mean, 0.03)[:, None])
    assert found.pareto_k[0] > LARGEST_K
    assert not found.known[0]


def test_cases_are_joined_in_their_order(mean: np.ndarray) -> None:
    """The cases of several weights stand one after the other, also where one has none."""
    first, none = left_out(norm.logpdf(SEEN, mean[:, None], 1.0)), moved(np.zeros((DRAWS, 0)))
    both = joined(none, first, none)
    assert both.weights.shape == (len(SEEN), DRAWS)
    np.testing.assert_array_equal(both.pareto_k, first.pareto_k)


def test_quantiles_are_weighted() -> None:
    """A weighted quantile is the smallest value that so much of the weight does not exceed."""
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([0.2, 0.5, 0.3])
    assert weighted_quantiles(values, weights, [0.4, 0.5, 0.6, 0.9, 1.0]).tolist() == [1, 1, 2, 3, 3]
