"""The fit finds again what officers were simulated from."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from model.evidence.officer_checks import Individuals
from model.evidence.officers import Officers, collapse
from model.fit.fitting import Compiled
from model.fit.sampling import Sampling, unwatched
from priors.study import Study
from priors.timeline import DAYS_IN_MONTH
from tests.support.problems import make_problem

OFFICERS = 20_000
REPLICATES = 8
NOMINAL = 0.90
SAMPLING = Sampling(draws=300, tune=300, chains=2, target_accept=0.9)


def simulated_officers(truth: xr.Dataset, study: Study, generator: np.random.Generator) -> Officers:
    """Return officers whose day of defection follows a draw's hazards; a quarter of the days are unknown."""
    vocabulary, study = study.vocabulary, study.vocabulary.timeline
    shares, relative = (truth[name].to_numpy().ravel() for name in ("cell_share", "log_relative_hazard"))
    cell = generator.choice(len(shares), size=OFFICERS, p=shares / shares.sum())
    first, last = study.window.start.toordinal(), study.window.end.toordinal()
    start = generator.integers(first, last - 400, size=OFFICERS)
    end = np.minimum(start + generator.integers(200, 1500, size=OFFICERS), last)
    days = np.arange(first, last)
    ends = np.array([period.window.end.toordinal() for period in study.periods])
    daily = np.exp(truth["baseline"].to_numpy())[np.searchsorted(ends, days, side="right")] / DAYS_IN_MONTH
    cumulative = np.concatenate([[0.0], np.cumsum(daily)])
    # The day on which the cumulative hazard since entry passes a unit exponential is the day of defection.
    reached = generator.exponential(size=OFFICERS) / np.exp(relative[cell])
    passed = np.searchsorted(cumulative, cumulative[start - first] + reached, side="left") - 1 + first
    defected = passed < end
    dated = defected & (generator.random(OFFICERS) < 0.75)
    individuals = Individuals(cell, start, end, defected, np.where(dated, passed, -1))
    return collapse(individuals, vocabulary, digest="simulated")


@pytest.mark.slow
def test_intervals_of_cell_risks_cover_the_truth_at_the_nominal_rate(study: Study) -> None:
    """Over truths drawn from the prior, 20,000 officers each, 90 % intervals cover 90 % of the cells' risks.

    Cells of one fit err together, so the Monte Carlo error is that of the mean over fits.
    """
    nobody = make_problem(study)
    truths = Compiled.of(nobody).prior(nobody, draws=REPLICATES, seed=1000).isel(chain=0)
    generator = np.random.default_rng(7)
    covered = np.zeros(REPLICATES)
    for replicate in range(REPLICATES):
        truth = truths.isel(draw=replicate)
        problem = make_problem(study, officers=simulated_officers(truth, study, generator))
        compiled = Compiled.of(problem)
        free, _ = compiled.sampler.sample(problem, SAMPLING, unwatched)
        risk = compiled.expansion.deterministics(free)["risk"]
        lower, upper = np.quantile(risk, [0.05, 0.95], axis=(0, 1))
        covered[replicate] = ((lower <= truth["risk"]) & (truth["risk"] <= upper)).mean()
    error = max(covered.std(ddof=1), 0.05) / np.sqrt(REPLICATES)
    assert abs(covered.mean() - NOMINAL) < 3 * error, f"{covered.mean():.3f} covered, Monte Carlo error {error:.3f}"
