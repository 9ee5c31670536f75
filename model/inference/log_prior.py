"""The log density of each parameter under its prior, which power-scaling needs."""

from __future__ import annotations

import numpy as np
import xarray as xr
from scipy import stats

from model.inference.draws import Draws
from model.inference.prior_draws import simplex_concentrations
from model.inference.problem import Problem
from model.inference.tree import parameter_dataset


def log_prior_dataset(draws: Draws, problem: Problem) -> xr.Dataset:
    """Return the log prior density of every parameter at every draw, with the dimensions of the parameters.

    Parameters
    ----------
    draws : Draws
        With dimensions chain and draw first.
    """
    prior_set, parameters = problem.prior_set, draws.parameters
    location, spread = np.array([prior.parameters for prior in prior_set.fitted]).T
    concentrations = simplex_concentrations(prior_set, problem.layout.steps)
    densities = type(parameters)(
        quantities=stats.norm.logpdf(parameters.quantities, location, spread),
        scales=stats.halfnorm.logpdf(parameters.scales, scale=prior_set.scales),
        deviations=stats.norm.logpdf(parameters.deviations),
        simplex_parts=stats.gamma.logpdf(parameters.simplex_parts, concentrations),
        log_count_concentration=stats.norm.logpdf(parameters.log_count_concentration, *prior_set.count_concentration),
    )
    return parameter_dataset(densities, problem)
