"""Promises about counts: exact distributions are exact, simulated ones agree with them, errors are honest."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.outlook import counts
from model.outlook.counts import Members, count, exact, simulated

chances = st.floats(0, 0.999)
groups = st.lists(st.tuples(st.integers(1, 12), chances, chances), min_size=1, max_size=4)


def members_of(drawn: list[tuple[int, float, float]]) -> Members:
    """Return members of groups, with two draws of their chances."""
    return Members(np.array([size for size, *_ in drawn]), np.array([both for _, *both in drawn]))


def convolved(members: Members) -> np.ndarray:
    """Return the distribution by draw the slow way, shape (draw, count)."""
    found = []
    for chance in members.chances.T:
        total = np.ones(1)
        for size, p in zip(members.sizes, chance, strict=True):
            binomial = [comb(int(size), k) * p**k * (1 - p) ** (int(size) - k) for k in range(size + 1)]
            total = np.convolve(total, binomial)
        found.append(total)
    return np.array(found)


@given(drawn=groups)
@settings(max_examples=60, deadline=None)
def test_exact_is_the_convolution_of_binomials(drawn: list[tuple[int, float, float]]) -> None:
    """Mean, distribution and probabilities of at least so many are those of convolved binomials, mixed over draws."""
    members = members_of(drawn)
    slow, found = convolved(members), exact(members, at_least=(1, 2, 5))
    cumulative = slow.mean(axis=0).cumsum()
    np.testing.assert_allclose(found.cumulative[: len(cumulative)], cumulative[: len(found.cumulative)], atol=1e-10)
    np.testing.assert_allclose(found.expected, slow @ np.arange(slow.shape[1]), atol=1e-9)
    for row, least in zip(found.at_least, (1, 2, 5), strict=True):
        np.testing.assert_allclose(row, slow[:, least:].sum(axis=1), atol=1e-10)


def test_what_is_cut_off_is_negligible() -> None:
    """Of many with small chances only the counts that can come about are looked at, and none is lost."""
    members = Members(np.array([100_000, 50_000]), np.array([[1e-4, 2e-4], [1e-5, 3e-5]]))
    assert members.transform_length == 128
    found = exact(members, at_least=(1,))
    assert np.diff(found.cumulative, prepend=0) @ found.values == pytest.approx(members.expected.mean(), rel=1e-9)
    assert found.at_least[0] == pytest.approx(-np.expm1(members.sizes @ np.log1p(-members.chances)), rel=1e-12)


def test_a_small_probability_of_any_keeps_its_digits() -> None:
    """The probability of at least one is known to full precision, however small."""
    members = Members(np.array([3]), np.full((1, 2), 1e-17))
    assert exact(members, at_least=(1,)).at_least == pytest.approx(3e-17, rel=1e-12)


def test_simulated_agrees_with_exact() -> None:
    """Probabilities and quantiles drawn at random are those of the exact distribution, within Monte Carlo error."""
    random = np.random.default_rng(3)
    members = Members(np.array([5, 40, 200]), random.beta(1, 9, (3, 400)))
    one = exact(members, at_least=(10, 30, 60))
    other = simulated(members, at_least=(10, 30, 60), replicates=200, generator=random)
    error = np.sqrt(one.at_least * (1 - one.at_least) / 200).mean(axis=1) / np.sqrt(400)
    assert np.all(np.abs(one.at_least.mean(axis=1) - other.at_least.mean(axis=1)) < 4 * error + 1e-6)
    assert [one.quantile(p) for p in (0.05, 0.5, 0.95)] == pytest.approx(
        [other.quantile(p) for p in (0.05, 0.5, 0.95)], abs=1
    )
    assert one.summary((0.9,))["mean"] == other.summary((0.9,))["mean"]


def test_the_method_follows_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is cheap is exact and needs no generator; what is not is simulated, and says so."""
    members = Members(np.array([20]), np.full((1, 50), 0.2))
    generator = np.random.default_rng(1)
    method, _ = count([members], at_least=(1,), generator=generator)
    assert (method.name, generator.bit_generator.state) == ("exact", np.random.default_rng(1).bit_generator.state)
    monkeypatch.setattr(counts, "EXACT_WORK", 10)
    method, (found,) = count([members], at_least=(1,), generator=generator)
    assert method.as_dict() == {"name": "simulated", "draws": 50, "replicates": 25}
    assert found.at_least[0] == pytest.approx(np.full(50, 1 - 0.8**20))


def test_the_standard_error_covers() -> None:
    """Over many repetitions the mean lies within two standard errors of the truth about as often as it should."""
    random, inside = np.random.default_rng(5), 0
    for _ in range(200):
        chance = random.beta(2, 8, (1, 300))
        summary = exact(Members(np.array([10]), chance), at_least=()).summary((0.5,))
        inside += abs(summary["mean"] - 2) < 2 * summary["monte_carlo_error"]
    assert inside > 180
