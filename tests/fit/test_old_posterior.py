"""The posterior is what it was before the model was restated, to Monte Carlo error.

`old_posterior.npz` holds means and sds of the former posterior with their Monte Carlo standard errors: of the default
fit, and of one to 20,000 officers beside the bundled evidence. It stays for as long as the model is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from numpy.typing import NDArray
from scipy.stats import norm

from model.evidence.reading import bundled_evidence
from model.fit.fitting import Compiled, Fit
from model.fit.sampling import Sampling, unwatched
from priors.study import Study
from tests.support.problems import make_problem
from tests.support.twenty_thousand import twenty_thousand_officers

SUMMARIES = Path(__file__).with_name("old_posterior.npz")

WRONGLY = 0.001
"""Probability that two samples of one posterior fail a test, over all its comparisons together."""

SHARPEST = 0.1
"""Monte Carlo errors stay below this share of a posterior sd, so that agreement says something."""

SAME = (
    "log_hazard_ratio",
    "log_reference_hazard",
    "sect_effect",
    "rank_shape",
    "eliteness_shape",
    "proximity_shape",
    "eliteness_by_sect",
    "proximity_by_sect",
    "baseline",
    "sect_share",
)
"""Quantities that kept their name and their scale."""

Numbers = NDArray[np.float64]


def test_the_default_fit_is_what_it_was(bundled_fit: Fit) -> None:
    """All parameters, and the log hazard of every cell in every period, keep their means and sds."""
    assert disagreements(as_it_was(bundled_fit.posterior), old("bundled")) == {}


@pytest.mark.slow
def test_a_fit_to_officers_is_what_it_was(study: Study) -> None:
    """So they do given 20,000 officers beside the evidence, a quarter of whose defections have no date."""
    rows, officers = bundled_evidence(study), twenty_thousand_officers(study.vocabulary)
    problem = make_problem(study, rows, officers)
    compiled = Compiled.of(problem)
    free, _ = compiled.sampler.sample(problem, Sampling(seed=17), unwatched)
    posterior = compiled.expansion.deterministics(free)
    assert disagreements(as_it_was(posterior), old("officers")) == {}


def test_the_comparison_can_fail(bundled_fit: Fit) -> None:
    """What was believed before the evidence does not pass for what is believed after it."""
    prior = as_it_was(bundled_fit.prior.isel(draw=slice(2000)))
    assert len(disagreements(prior, old("bundled"))) > 1000


def as_it_was(draws: xr.Dataset) -> dict[str, Numbers]:
    """Return draws under the names and on the scales of the summaries."""
    log_hazard = draws["log_relative_hazard"].stack(cell=["sect", "rank", "eliteness", "proximity"]) + draws["baseline"]
    same = {name: draws[name].to_numpy() for name in SAME}
    return same | {
        "spreads": draws["spread"].to_numpy(),
        "log_list_concentration": np.log(draws["list_concentration"].to_numpy()),
        "log_hazard": log_hazard.transpose("chain", "draw", "cell", "period").to_numpy(),
    }


def old(group: str) -> dict[str, dict[str, Numbers]]:
    """Return the summaries of a fit: by quantity, its moments and their errors."""
    found: dict[str, dict[str, Numbers]] = {}
    with np.load(SUMMARIES) as file:
        for key in file:
            fit, name, moment = key.split("/")
            if fit == group:
                found.setdefault(name, {})[moment] = file[key].ravel().astype(float)
    return found


def disagreements(new: Mapping[str, Numbers], summaries: Mapping[str, Mapping[str, Numbers]]) -> dict[str, float]:
    """Return the means and sds that differ by more than Monte Carlo error allows, in its standard errors.

    The errors of two fits are independent, each from the fit's own effective sample size. The limit is the normal
    quantile at which all comparisons together fail two right fits once in a thousand times (Bonferroni's bound, which
    holds however much the cells hang together).
    """
    assert set(new) == set(summaries)
    flat = {name: values.reshape(*values.shape[:2], -1) for name, values in new.items()}
    limit = float(norm.isf(WRONGLY / 2 / (2 * sum(values.shape[2] for values in flat.values()))))
    found = {}
    for name, values in flat.items():
        moves = summaries[name]["sd"] > 1e-6
        np.testing.assert_allclose(values[..., ~moves].mean(axis=(0, 1)), summaries[name]["mean"][~moves], atol=1e-6)
        was, now = {moment: value[moves] for moment, value in summaries[name].items()}, moments(values[..., moves])
        for moment in ("mean", "sd"):
            error = np.hypot(now[f"mcse_{moment}"], was[f"mcse_{moment}"])
            assert (error < SHARPEST * np.maximum(was["sd"], now["sd"])).all(), f"{name}: too few draws"
            distance = np.abs(now[moment] - was[moment]) / error
            found |= {f"{moment} of {name} {place}": z for place, z in enumerate(distance.tolist()) if z > limit}
    return found


def moments(values: Numbers) -> dict[str, Numbers]:
    """Return mean and sd over chains and draws, and their Monte Carlo standard errors; shape (quantity,)."""
    import arviz as az  # noqa: PLC0415 - heavy

    dataset = xr.Dataset({"value": (("chain", "draw", "place"), values)})
    return {"mean": values.mean(axis=(0, 1)), "sd": values.std(axis=(0, 1))} | {
        f"mcse_{moment}": az.mcse(dataset, method=moment)["value"].to_numpy() for moment in ("mean", "sd")
    }
