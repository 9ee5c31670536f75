"""Draws reweighted as if claims or evidence were otherwise: Pareto-smoothed importance sampling, in NumPy alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LARGEST_K: Final = 0.7
"""Pareto k up to which reweighted draws can be relied on (Vehtari et al. 2024); beyond it, refit to know."""

SMALLEST_SAMPLE: Final = 225
"""Draws up to which a fifth of them are the tail; beyond, three times their square root (Vehtari et al. 2024)."""

FEWEST_IN_TAIL: Final = 5

UNFITTED_K = 2.0
"""Stands for the k of a tail that the generalised Pareto distribution could not be fitted to."""


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights of the draws of one fit, for each of several cases of other evidence.

    Attributes
    ----------
    weights : ndarray, shape (case, draw)
        They sum to one over draws.
    pareto_k : ndarray, shape (case,)
        Shape of the tail of the ratios: how far a case lies from what was fitted.
    effective : ndarray, shape (case,)
        How many draws of equal weight the weighted ones are worth (Kish 1965).
    """

    weights: Array
    pareto_k: Array
    effective: Array

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether the draws can tell what a case comes to, shape (case,)."""
        return np.asarray(self.pareto_k <= LARGEST_K)


def left_out(log_likelihood: Array) -> Weights:
    """Return the weights under which each term of the evidence is left out.

    Parameters
    ----------
    log_likelihood : ndarray, shape (draw, term)
        Log probability of each term.
    """
    return moved(-log_likelihood)


def moved(log_ratio: Array) -> Weights:
    """Return the weights that turn draws of a fit into draws under other evidence.

    Parameters
    ----------
    log_ratio : ndarray, shape (draw, case)
        Log probability of the other evidence less that of the evidence fitted.

    Notes
    -----
    The largest ratios are replaced by the quantiles of a generalised Pareto distribution fitted to them (Vehtari,
    Simpson, Gelman, Yao & Gabry 2024, "Pareto smoothed importance sampling").
    """
    smoothed = [_smoothed(case) for case in log_ratio.T]
    weights = np.array([each for each, _ in smoothed]).reshape(log_ratio.shape[::-1])
    return Weights(weights, np.array([k for _, k in smoothed], dtype=float), 1 / np.square(weights).sum(axis=1))


def joined(*several: Weights) -> Weights:
    """Return the cases of several weights of the same draws as those of one."""
    return Weights(
        np.concatenate([each.weights for each in several]),
        np.concatenate([each.pareto_k for each in several]),
        np.concatenate([each.effective for each in several]),
    )


def weighted_quantiles(values: Array, weights: Array, probabilities: Sequence[float]) -> Array:
    """Return for each probability the smallest of some values that so much of the weight does not exceed.

    Parameters
    ----------
    values, weights : ndarray, shape (draw,)
    """
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    places = np.searchsorted(reached, np.asarray(probabilities) * reached[-1])
    return np.asarray(values[order][np.minimum(places, len(order) - 1)])


def _smoothed(log_ratio: Array) -> tuple[Array, float]:
    """Return smoothed weights and Pareto k; ratios of which many share the greatest value are bounded, and k is 0."""
    count = len(log_ratio)
    steady = log_ratio - log_ratio.max()
    order = np.argsort(steady)
    size = int(3 * np.sqrt(count)) if count > SMALLEST_SAMPLE else count // 5
    if size < FEWEST_IN_TAIL:
        raise ValueError(f"log_ratio: must have at least {5 * FEWEST_IN_TAIL} draws")
    tail = np.exp(steady[order[-size:]])
    weights = np.exp(steady)
    if np.ptp(tail) < np.finfo(float).eps:
        return weights / weights.sum(), 0.0
    cutoff = np.exp(steady[order[-size - 1]])
    k, scale = _generalised_pareto(tail - cutoff)
    if np.isfinite(k):
        quantiles = -np.log1p(-(np.arange(size) + 0.5) / size)
        smoothed = cutoff + scale * (quantiles if k == 0 else np.expm1(k * quantiles) / k)
        weights[order[-size:]] = np.minimum(smoothed, tail[-1])
    return weights / weights.sum(), shape(k)


def _generalised_pareto(excess: Array) -> tuple[float, float]:
    """Return shape and scale of the generalised Pareto distribution of what exceeds a threshold, in ascending order.

    Notes
    -----
    The empirical Bayes estimate of Zhang & Stephens (2009), the shape drawn to 0.5 as by ten observations (Vehtari et
    al. 2024). Where the first quartile does not exceed the least there is no such distribution, and both are NaN.
    """
    count = len(excess)
    quartile = excess[int(count / 4 + 0.5) - 1]
    if quartile <= excess[0]:
        return np.nan, np.nan
    places = np.arange(1, 31 + int(np.sqrt(count))) - 0.5
    rates = 1 / excess[-1] + (1 - np.sqrt(len(places) / places)) / (3 * quartile)
    shapes = np.log1p(-rates[:, None] * excess).mean(axis=1)
    log_profile = count * (np.log(-rates / shapes) - shapes - 1)
    profile = np.exp(log_profile - log_profile.max())
    profile /= profile.sum()
    kept = profile >= 10 * np.finfo(float).eps
    rate = float(rates[kept] @ profile[kept] / profile[kept].sum())
    found = float(np.log1p(-rate * excess).mean())
    return (count * found + 5) / (count + 10), -found / rate


def shape(k: float) -> float:
    """Return a Pareto k; where no tail could be fitted it is one that nobody trusts."""
    return float(k) if np.isfinite(k) else UNFITTED_K
