"""Prior-data conflict: a shift that is a standard normal where the claims are right, and far out where they are not."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy.special import expit

from model.fit.conflict import conflicts, moments, shift
from priors.elicitation import elicit_prior_set
from priors.study import Study


def posterior_of(seen: float, *, prior_sd: float, error: float, seed: int) -> np.ndarray:
    """Return draws of a mean with a normal prior about zero, after one normal observation of it."""
    variance = 1 / (prior_sd**-2 + error**-2)
    return np.random.default_rng(seed).normal(seen * variance / error**2, variance**0.5, (4, 500))


def test_shifts_of_data_from_the_prior_are_standard_normal() -> None:
    """Over data drawn from the prior itself the shift has mean 0 and standard deviation 1."""
    generator = np.random.default_rng(4)
    found = []
    for seed in range(400):
        seen = generator.normal(0, 2) + generator.normal(0, 1)
        found.append(shift(0.0, 4.0, posterior_of(seen, prior_sd=2, error=1, seed=seed)))
    assert np.mean(found) == pytest.approx(0, abs=0.15)
    assert np.std(found) == pytest.approx(1, abs=0.1)


def test_data_far_from_the_prior_are_far_out() -> None:
    """An observation five prior standard deviations out shifts the mean by about as many."""
    assert shift(0.0, 1.0, posterior_of(5.0, prior_sd=1, error=0.1, seed=1)) == pytest.approx(5, rel=0.05)


def test_evidence_that_says_nothing_shifts_nothing() -> None:
    """Draws of the prior itself have a small shift or, where they are no narrower than it, none."""
    draws = np.random.default_rng(5).normal(size=(4, 1000))
    assert shift(0.0, float(draws.var()) * 0.999, draws) is None
    found = shift(0.0, float(draws.var()) * 1.0001, draws)
    assert found is not None
    assert abs(found) < 2


@pytest.fixture
def posterior(study: Study) -> xr.Dataset:
    """Return a posterior that is half as wide as the prior, with one quantity far from it."""
    generator, prior_set = np.random.default_rng(6), elicit_prior_set(study, "pooled")

    def drawn(name: str, *, away: float = 0.0) -> np.ndarray:
        mean, variance = moments(prior_set[name])
        return mean + away * variance**0.5 + generator.normal(0, variance**0.5 / 2, (2, 400))

    ratios = [prior.quantity.name for prior in prior_set.hazard_ratios]
    drifts = [prior.quantity.name for prior in prior_set.drifts]
    classes, levels = study.corps.classes, study.vocabulary.community.names
    shares = np.full((2, 400, len(classes), len(levels)), 0.1)
    for prior in prior_set.priors:
        if prior.family == "Beta":
            place = classes.index(str(prior.quantity.service_class)), levels.index(str(prior.quantity.level))
            shares[..., *place] = expit(drawn(prior.quantity.name))
    away = {"rank_ratio": 6.0}
    by_ratio = np.stack([drawn(name, away=away.get(name, 0.0)) for name in ratios], axis=-1)
    return xr.Dataset(
        {
            "log_hazard_ratio": (("chain", "draw", "quantity"), by_ratio),
            "log_drift": (("chain", "draw", "drift"), np.stack([drawn(name) for name in drifts], axis=-1)),
            "log_reference_hazard": (("chain", "draw"), drawn(prior_set.reference_risk.quantity.name)),
            "sect_share": (("chain", "draw", "service_class", "sect"), shares),
        },
        coords={"quantity": ratios, "drift": drifts, "service_class": list(classes), "sect": list(levels)},
    )


def test_the_quantity_in_conflict_is_flagged(study: Study, posterior: xr.Dataset) -> None:
    """Of all quantities that claims speak of, hazard ratios, drifts and shares, the one far away is flagged alone."""
    prior_set = elicit_prior_set(study, "pooled")
    found = {entry["quantity"]: entry for entry in conflicts(posterior, prior_set, "sect")}
    claimed = {prior.quantity.name for prior in prior_set.priors if prior.claims}
    outside = {each.name for each in study.claims.quantities if each.outside_the_fit is not None}
    assert set(found) == claimed - outside
    assert [name for name, entry in found.items() if entry["flagged"]] == ["rank_ratio"]
    assert found["rank_ratio"]["z"] == pytest.approx(6 / 0.75**0.5, rel=0.1)
    assert all(entry["p"] is not None for entry in found.values())
