"""Promises about densities: they integrate to 1, agree with an exact kernel estimate, and keep to their bound."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from model.risk.density import SMALLEST_BANDWIDTH, bandwidth, common_grid, density


def normal(mean: float, sd: float, *, count: int = 4000) -> NDArray[np.float64]:
    """Return draws from a normal distribution."""
    return np.random.default_rng(7).normal(mean, sd, count)


def test_the_bandwidth_is_silvermans() -> None:
    """For a normal the rule gives 0.9 sd n^(-1/5), its two measures of spread being one."""
    assert bandwidth(normal(-3, 0.5)) == pytest.approx(0.9 * 0.5 * 4000**-0.2, rel=0.03)


@given(st.floats(-8, 0), st.floats(0.01, 2), st.floats(0.01, 2))
@settings(max_examples=40, deadline=None)
def test_it_integrates_to_1(mean: float, sd: float, other_sd: float) -> None:
    """Over the grid that two distributions share, however unlike in width, each has area 1 and is nowhere negative."""
    values, other = np.minimum(normal(mean, sd), 0), np.minimum(normal(mean - 1, other_sd), 0)
    grid = common_grid([values, other], most=0)
    for each in (values, other):
        curve = density(each, grid, most=0)
        assert np.trapezoid(curve, grid) == pytest.approx(1, abs=1e-12)
        assert (curve >= 0).all()


@pytest.mark.parametrize("count", [40, 4000])
def test_it_is_the_kernel_estimate(count: int) -> None:
    """Away from the bound, binned draws give the curve that summing over the draws themselves gives."""
    values = np.concatenate([normal(-5, 0.4, count=count), normal(-3.5, 0.2, count=count // 2)])
    grid = common_grid([values], most=0)
    exact = stats.gaussian_kde(values, bw_method=bandwidth(values) / values.std(ddof=1))(grid)
    np.testing.assert_allclose(density(values, grid, most=0), exact, rtol=0.01, atol=0.003 * exact.max())


def test_nothing_is_lost_at_the_bound() -> None:
    """What gathers just below the bound is not thinned by a kernel that reaches beyond it."""
    values = np.log10(np.random.default_rng(7).uniform(0.5, 1, 4000))
    grid = common_grid([values], most=0)
    curve = density(values, grid, most=0)
    assert grid[-1] == 0
    assert curve[-1] == pytest.approx(2 * np.log(10), rel=0.15)  # that of the logarithm of a uniform at its end


def test_a_narrow_one_is_drawn_as_finely_as_a_wide_one() -> None:
    """The grid has some sixty points over each of two distributions, and ascends."""
    narrow, wide = normal(-3, 0.01), normal(-4, 1)
    grid = common_grid([narrow, wide], most=0)
    assert (np.diff(grid) > 0).all()
    assert 120 <= len(grid) <= 128
    assert ((grid > narrow.min()) & (grid < narrow.max())).sum() > 40


def test_draws_that_are_all_alike_have_a_density() -> None:
    """Certainty is drawn as a narrow peak, at the bound too."""
    for value in (-3.0, 0.0):
        values = np.full(10, value)
        grid = common_grid([values], most=0)
        assert np.ptp(grid) <= 6.1 * SMALLEST_BANDWIDTH
        curve = density(values, grid, most=0)
        assert grid[curve.argmax()] == pytest.approx(value, abs=SMALLEST_BANDWIDTH)
