"""Draws from a prior set, with NumPy: what the model believes before any evidence."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.inference.hazard import Parameters
from priors.elicitation import PriorSet


def simplex_concentrations(prior_set: PriorSet, steps: int) -> NDArray[np.float64]:
    """Return the shape of each gamma whose normalised parts are the simplexes, shape (simplex_part,).

    Parameters
    ----------
    steps : int
        Steps of the three monotonic effects together.
    """
    parts = [np.full(steps, prior_set.step_concentration)]
    for share in prior_set.sect_shares:
        parts += [np.array(share.claimed_share), share.rest]
    return np.concatenate(parts)


def draw_prior(
    prior_set: PriorSet, *, draws: int, deviations: int, steps: int, generator: np.random.Generator
) -> Parameters:
    """Return independent draws of the parameters from a prior set.

    Parameters
    ----------
    draws : int
        How many; the leading dimension of every array returned.
    deviations, steps : int
        Sizes of the deviations and of the monotonic simplexes, as the layout has them.
    """
    location, spread = np.array([prior.parameters for prior in prior_set.fitted]).T
    concentrations = simplex_concentrations(prior_set, steps)
    return Parameters(
        quantities=generator.normal(location, spread, (draws, len(location))),
        scales=np.abs(generator.normal(0.0, prior_set.scales, (draws, len(prior_set.scales)))),
        deviations=generator.normal(size=(draws, deviations)),
        simplex_parts=generator.gamma(concentrations, size=(draws, len(concentrations))),
        log_count_concentration=generator.normal(*prior_set.count_concentration, size=draws),
    )
