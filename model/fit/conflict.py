"""Prior-data conflict: whether the evidence moved a quantity further than what is claimed of it leads to expect."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.special import digamma, logit, polygamma
from scipy.stats import norm

from model.fit.quantities import quantity_draws
from model.fit.row_checks import flagged
from priors.elicitation import Prior, PriorSet


def conflicts(posterior: xr.Dataset, prior_set: PriorSet, community: str) -> list[dict[str, Any]]:
    """Return, for each quantity that claims speak of and the model is fitted to, how far the evidence moved it.

    Returns
    -------
    list of dict
        With `quantity`, `z`, `p` (both None where the evidence did not narrow the prior) and `flagged`.
    """
    entries: list[dict[str, Any]] = []
    for prior in prior_set.priors:
        draws = quantity_draws(posterior, prior.quantity, community)
        if draws is not None and prior.claims:
            on_scale = draws.to_numpy().astype(float)
            z = shift(*moments(prior), logit(on_scale) if prior.family == "Beta" else on_scale)
            entries.append({
                "quantity": prior.quantity.name,
                "z": z,
                "p": None if z is None else float(2 * norm.sf(abs(z))),
            })  # fmt: skip
    beyond = flagged([entry["p"] for entry in entries])
    return [entry | {"flagged": each} for entry, each in zip(entries, beyond, strict=True)]


def shift(mean: float, variance: float, draws: NDArray[np.float64]) -> float | None:
    """Return how far the posterior mean is from the prior mean, in standard deviations of such shifts.

    Parameters
    ----------
    mean, variance : float
        Of the prior.
    draws : ndarray, shape (chain, draw)
        Of the posterior.

    Returns
    -------
    float or None
        None where the posterior is as wide as the prior.

    Notes
    -----
    Under the prior predictive distribution the posterior mean has the prior mean as its mean and, as its variance,
    what the posterior variance lacks of the prior one. So the shift over its root has mean 0 and variance 1 (Evans &
    Moshonov 2006). The Monte Carlo variance of the posterior mean is added, which matters where evidence says little.
    """
    from arviz_stats.base import array_stats  # noqa: PLC0415 - heavy

    explained = variance - float(draws.var())
    if explained <= 0:
        return None
    return float((draws.mean() - mean) / np.sqrt(explained + float(array_stats.mcse(draws)) ** 2))


def moments(prior: Prior) -> tuple[float, float]:
    """Return the mean and the variance of a prior: of the normal, or of the logit of the share that is beta."""
    first, second = prior.parameters
    if prior.family == "Normal":
        return first, second**2
    return float(digamma(first) - digamma(second)), float(polygamma(1, first) + polygamma(1, second))
