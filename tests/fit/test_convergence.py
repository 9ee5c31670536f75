"""The default fit on the bundled evidence converges."""

from __future__ import annotations

import pytest

from model.fit.fitting import Fit

THRESHOLDS = {"r_hat": 1.01, "ess_bulk": 400, "ess_tail": 400, "divergences": 0.001, "e_bfmi": 0.3}


@pytest.mark.parametrize("name", THRESHOLDS)
def test_the_default_fit_passes_each_check(bundled_fit: Fit, name: str) -> None:
    """Every parameter, and the log hazard of every cell in every period, keeps the stated thresholds."""
    check = next(check for check in bundled_fit.checks if check.name == name)
    assert check.threshold == THRESHOLDS[name]
    assert check.passed, f"{check.name} is {check.value} at {check.where}"


def test_trajectories_stay_short(bundled_fit: Fit) -> None:
    """The geometry is benign: fewer than a hundred leapfrog steps a draw on average, and no tree cut off."""
    assert float(bundled_fit.sample_stats["n_steps"].mean()) < 100
    assert not bundled_fit.sample_stats["maxdepth_reached"].any()
