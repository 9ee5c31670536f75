"""A fit: a problem sampled, and what its draws amount to."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import xarray as xr

from model.fit.checks import Check, convergence_checks
from model.fit.draws import Expansion, prior_draws, risk_draws
from model.fit.problem import Problem
from model.fit.samplers import Sampler, make_sampler
from model.fit.sampling import Progress, Sampling, unwatched

LENGTH = frozenset({"r_hat", "ess_bulk", "ess_tail"})
"""The checks that a longer run may pass."""

FINEST = 0.98
"""Acceptance beyond which smaller steps are not tried by themselves."""

PRIOR_DRAWS = 4000
"""Draws by which the prior's probability of a claim is known to less than one in a hundred."""


@dataclass(frozen=True)
class Compiled:
    """What is compiled for problems of one structure, which differ in priors and in what evidence reports."""

    sampler: Sampler
    expansion: Expansion

    @classmethod
    def of(cls, problem: Problem, *, sampler: str = Sampling.sampler) -> Compiled:
        """Compile the model of a problem for a sampler."""
        return cls(make_sampler(problem, sampler), Expansion(problem))

    def prior(self, problem: Problem, *, draws: int, seed: int) -> xr.Dataset:
        """Return independent draws from the prior, as one chain, with everything that follows from them."""
        return self.expansion.deterministics(prior_draws(problem, draws=draws, seed=seed))


@dataclass(frozen=True)
class Fit:
    """A fit in memory.

    Attributes
    ----------
    posterior, prior : xarray.Dataset
        Draws of every variable of the model but the observed ones; dimensions chain and draw lead, the prior's are
        one chain.
    sample_stats : xarray.Dataset
        The sampler's statistics of single draws.
    checks : tuple of Check
        Of convergence.
    """

    problem: Problem
    compiled: Compiled
    sampling: Sampling
    posterior: xr.Dataset
    prior: xr.Dataset
    sample_stats: xr.Dataset
    checks: tuple[Check, ...]


def fit(compiled: Compiled, problem: Problem, sampling: Sampling, *, progress: Progress = unwatched) -> Fit:
    """Sample a problem's posterior and check it; anew, with more draws or smaller steps, where the checks ask for it.

    Parameters
    ----------
    compiled : Compiled
        For this problem, or another of its structure.
    progress : callable
        Called now and then with draws done, draws in all, divergences.

    Raises
    ------
    SamplingError
        If no starting point has a finite density.
    """
    free, sample_stats = compiled.sampler.sample(problem, sampling, progress)
    posterior = compiled.expansion.deterministics(free)
    watched = posterior[[*free.data_vars, "baseline"]].assign(log_cumulative_hazard=_log_cumulative(posterior, problem))
    checks = convergence_checks(watched, sample_stats)
    better = _better(sampling, {check.name for check in checks if not check.passed})
    if better != sampling:
        return fit(compiled, problem, better, progress=progress)
    return Fit(
        problem=problem,
        compiled=compiled,
        sampling=sampling,
        posterior=posterior,
        prior=compiled.prior(problem, draws=PRIOR_DRAWS, seed=sampling.seed),
        sample_stats=sample_stats,
        checks=checks,
    )


def _better(sampling: Sampling, failed: set[str]) -> Sampling:
    """Return how to sample anew where checks failed; the same where nothing is left to try.

    Draws and steps of tuning are doubled up to the stated limit; where trajectories diverged, steps are smaller, so
    that a third of what was rejected is.
    """
    if failed & LENGTH and 2 * sampling.draws <= sampling.most_draws:
        sampling = dataclasses.replace(sampling, draws=2 * sampling.draws, tune=2 * sampling.tune)
    finer = 1 - (1 - sampling.target_accept) / 3
    if "divergences" in failed and finer < FINEST:
        sampling = dataclasses.replace(sampling, target_accept=finer)
    return sampling


def _log_cumulative(posterior: xr.Dataset, problem: Problem) -> xr.DataArray:
    """Return the log cumulative hazard of every cell over the study, whose risk may be too near one to be told."""
    relative, timeline = posterior["log_relative_hazard"], problem.vocabulary.timeline
    draws = risk_draws(posterior, problem)
    exposure = np.moveaxis(draws.exposure(timeline.window), -1, 0)
    return relative + np.log(exposure).reshape(*relative.shape[:2], *exposure.shape[1:])
