"""Fits made without sampling: draws of the prior stand for a posterior, and everything after them is the real thing."""

from __future__ import annotations

import dataclasses

import numpy as np
import xarray as xr

from model.fit.draws import Expansion, prior_draws
from model.fit.fitting import Compiled, Fit, fit
from model.fit.problem import Problem
from model.fit.sampling import Progress, Sampling


class FromThePrior:
    """A sampler that draws from the prior, split into chains."""

    def sample(self, problem: Problem, sampling: Sampling, _progress: Progress) -> tuple[xr.Dataset, xr.Dataset]:
        """Return draws of the free variables, and statistics of a sampler that met with no trouble."""
        chains, draws = sampling.chains, sampling.draws
        drawn = prior_draws(problem, draws=chains * draws, seed=sampling.seed)
        free = drawn.map(_split, chains=chains)
        shape = (chains, draws)
        statistics = {
            "diverging": np.zeros(shape, dtype=bool),
            "maxdepth_reached": np.zeros(shape, dtype=bool),
            "energy": np.random.default_rng(sampling.seed).normal(size=shape),
            "of no use": np.zeros(shape),
        }
        return free, xr.Dataset({name: (("chain", "draw"), value) for name, value in statistics.items()})


def _split(drawn: xr.DataArray, *, chains: int) -> xr.DataArray:
    return xr.DataArray(drawn.to_numpy().reshape(chains, -1, *drawn.shape[2:]), dims=drawn.dims)


def unsampled_fit(problem: Problem, sampling: Sampling) -> Fit:
    """Return a fit whose posterior is the draws asked for, from the prior, whatever the checks say."""
    as_asked = dataclasses.replace(sampling, most_draws=sampling.draws)
    return fit(Compiled(FromThePrior(), Expansion(problem)), problem, as_asked)
