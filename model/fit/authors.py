"""How much weight the evidence leaves each author, quantity by quantity."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from scipy.special import softmax
from scipy.stats import norm

from model.fit.draws import flattened
from model.fit.quantities import quantity_draws
from priors.elicitation import PriorSet
from priors.pooling import Component


def author_weights(posterior: xr.Dataset, prior_set: PriorSet, community: str) -> list[dict[str, Any]]:
    """Return, for each quantity that authors judge differently, the weight of each before and after the evidence.

    Parameters
    ----------
    posterior : xarray.Dataset
        Dimensions chain and draw lead.
    prior_set : PriorSet
        Its priors are mixtures over authors.
    community : str
        The name of the attribute whose shares are claimed.

    Notes
    -----
    The weight after the evidence is the posterior probability that the quantity was drawn from the author's part of
    the mixture: the mean over draws of `w_a N(q; m_a, s_a)` over its sum (McLachlan & Peel 2000, section 2.8).
    """
    found = []
    for prior in prior_set.priors:
        speaking = [each for each in prior.components if each.weight > 0] if prior.family == "Normal" else []
        draws = quantity_draws(posterior, prior.quantity, community) if _differ(speaking) else None
        if draws is not None:
            weights = responsibilities(flattened(draws), speaking)
            found.append({
                "quantity": prior.quantity.name,
                "authors": {
                    str(each.author): {"prior_weight": float(each.weight), "posterior_weight": float(weight)}
                    for each, weight in zip(speaking, weights, strict=True)
                },
            })  # fmt: skip
    return found


def responsibilities(draws: Any, components: list[Component]) -> Any:
    """Return the posterior probability of each component of a mixture of normals, shape (component,)."""
    weight, mean, sd = np.array([(each.weight, each.mean, each.sd) for each in components]).T
    densities = np.log(weight) + norm.logpdf(np.asarray(draws)[:, None], mean, sd)
    return softmax(densities, axis=1).mean(axis=0)


def _differ(components: list[Component]) -> bool:
    return len({(each.mean, each.sd) for each in components}) > 1
