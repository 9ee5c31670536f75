"""Whether ranks are uniform: exact simultaneous bands about the empirical distribution, and a chi-square."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, bdtrc
from scipy.stats import chisquare, poisson

BINS = 20
"""Of the chi-square."""

FEWEST_BY_BIN = 5
"""Ranks expected in a bin from which the chi-square's own distribution can be trusted (Cochran 1954)."""


@dataclass(frozen=True)
class Uniformity:
    """How one quantity's ranks compare with uniform ones.

    Attributes
    ----------
    ecdf_p_value : float
        Probability that uniform ranks leave, somewhere, a pointwise band that just holds these.
    chi_square_p_value : float or None
        None where too few ranks fall in a bin.
    mean : float
        Of rank over largest rank: 0.5 when uniform; higher where the posterior is too low.
    spread : float
        Standard deviation of the ranks over that of uniform ones: above 1 where the posterior is too narrow.
    """

    quantity: str
    ecdf_p_value: float
    chi_square_p_value: float | None
    mean: float
    spread: float


def assess_ranks(ranks: NDArray[np.int64], quantities: tuple[str, ...], *, largest: int) -> tuple[Uniformity, ...]:
    """Compare the ranks of every quantity with uniform ones on 0 to `largest`.

    Parameters
    ----------
    ranks : ndarray of int, shape (refit, quantity)
    """
    by_ecdf = ecdf_p_values(ranks, largest=largest)
    by_chi_square = chi_square_p_values(ranks, largest=largest)
    uniform_sd = np.sqrt(((largest + 1) ** 2 - 1) / 12)
    return tuple(
        Uniformity(
            quantity=name,
            ecdf_p_value=float(by_ecdf[i]),
            chi_square_p_value=None if by_chi_square is None else float(by_chi_square[i]),
            mean=float(ranks[:, i].mean() / largest),
            spread=float(ranks[:, i].std() / uniform_sd),
        )
        for i, name in enumerate(quantities)
    )


def rejected(results: tuple[Uniformity, ...], *, level: float) -> tuple[str, ...]:
    """Return the quantities whose ranks are not uniform, at a level that holds for all tests together (Bonferroni).

    The bound needs no independence, which ranks of one refit do not have.
    """
    tests = [(result.quantity, p) for result in results for p in (result.ecdf_p_value, result.chi_square_p_value)]
    made = [(quantity, p) for quantity, p in tests if p is not None]
    return tuple(dict.fromkeys(quantity for quantity, p in made if p < level / len(made)))


def ecdf_p_values(ranks: NDArray[np.int64], *, largest: int) -> NDArray[np.float64]:
    """Return, for each quantity, the exact p-value of the simultaneous bands of its empirical distribution.

    Parameters
    ----------
    ranks : ndarray of int, shape (refit, quantity)
    largest : int
        The number of draws compared with; ranks run from 0 to it.

    Notes
    -----
    The statistic is that of Saeilynoja, Buerkner & Vehtari (2022): the smallest pointwise tail probability of the
    number of ranks below each point, which is binomial. Its distribution is computed, not simulated: numbers below
    successive points are a Poisson process given its end, followed from point to point within the band.
    """
    refits = len(ranks)
    points = np.arange(1, largest + 1) / (largest + 1)
    below = (ranks[None] < np.arange(1, largest + 1)[:, None, None]).sum(axis=1)
    at_most, at_least = bdtr(below, refits, points[:, None]), _at_least(below, refits, points[:, None])
    smallest = np.minimum(at_most, at_least).min(axis=0)
    counts = np.arange(refits + 1)
    lower, upper = bdtr(counts, refits, points[:, None]), _at_least(counts, refits, points[:, None])
    # Room for rounding, so that a count as extreme as the one seen lies outside.
    return np.array([
        max(1 - _stays(np.minimum(lower, upper) > tail * (1 + 1e-9), largest + 1), 0.0) for tail in smallest
    ])  # fmt: skip


def chi_square_p_values(ranks: NDArray[np.int64], *, largest: int) -> NDArray[np.float64] | None:
    """Return each quantity's chi-square p-value over twenty bins of ranks; None where too few ranks fall in a bin."""
    if len(ranks) < FEWEST_BY_BIN * BINS or (largest + 1) % BINS:
        return None
    bins = ranks * BINS // (largest + 1)
    counts = (bins[None] == np.arange(BINS)[:, None, None]).sum(axis=1)
    p_values: NDArray[np.float64] = chisquare(counts, axis=0).pvalue
    return p_values


def _at_least(count: NDArray[np.int64], trials: int, chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability of a binomial of at least some counts."""
    tail: NDArray[np.float64] = np.where(count > 0, bdtrc(np.maximum(count - 1, 0), trials, chance), 1.0)
    return tail


def _stays(inside: NDArray[np.bool_], steps: int) -> float:
    """Return the probability that uniform ranks keep to a band, shape (point, count), at every point."""
    size = inside.shape[1]
    arrivals = poisson.pmf(np.arange(size), (size - 1) / steps)
    step = np.array([[arrivals[later - now] if later >= now else 0.0 for later in range(size)] for now in range(size)])
    state = np.zeros(size)
    state[0] = 1.0
    for allowed in inside:
        state = (state @ step) * allowed
    return float((state @ step)[-1] / poisson.pmf(size - 1, size - 1))
