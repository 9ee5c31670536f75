"""How many defect: sums of independent binomials given a draw, exact where that is cheap, else simulated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.risk.summaries import Interval, rounded, standard_error

Values = NDArray[np.float64]

EXACT_WORK: Final = 10_000_000
"""Powers of complex numbers that may be taken for one answer: some half a second."""

LONGEST_EXACT: Final = 4096
"""Counts that an exact distribution may have to look at: beyond, what is simulated is as good and cheaper."""

SIMULATED_WORK: Final = 8_000_000
"""Binomial numbers that may be drawn for one answer: some half a second."""

MOST_REPLICATES: Final = 25
"""Numbers drawn for each draw of the parameters: beyond, the draws of the parameters are what limits precision."""

NEGLIGIBLE: Final = 1e-12
"""Probability that may be lost beyond the largest count that is looked at."""


@dataclass(frozen=True, eq=False)
class Members:
    """Those whose defections are counted: independent given a draw.

    Attributes
    ----------
    sizes : ndarray of int, shape (group,)
    chances : ndarray, shape (group, draw)
        Probability that a member of the group defects and counts.
    """

    sizes: NDArray[np.int64]
    chances: Values

    @property
    def expected(self) -> Values:
        """The expected count by draw, shape (draw,)."""
        return np.asarray(self.sizes @ self.chances)

    @property
    def probability_any(self) -> Values:
        """The probability of at least one by draw, shape (draw,)."""
        with np.errstate(divide="ignore"):
            return np.asarray(-np.expm1(self.sizes @ np.log1p(-self.chances)))

    @property
    def counts_looked_at(self) -> int:
        """From 0, how many counts hold all but a negligible probability in every draw.

        Bernstein's inequality for a sum of mean m: P(T >= m + t) <= exp(-t^2 / (2 (m + t/3))) (Boucheron, Lugosi and
        Massart 2013, eq. 2.10).
        """
        mean, log = float(self.expected.max(initial=0.0)), -np.log(NEGLIGIBLE)
        beyond = mean + log / 3 + np.sqrt(log**2 / 9 + 2 * mean * log)
        return int(min(self.sizes.sum(), np.ceil(beyond))) + 1

    @property
    def transform_length(self) -> int:
        """The length of the discrete Fourier transform that holds them, a power of two."""
        return 1 << (self.counts_looked_at - 1).bit_length()


@dataclass(frozen=True, eq=False)
class Count:
    """The distribution of a number of defections.

    Attributes
    ----------
    values : ndarray of int, shape (value,)
        The numbers that come about, in order.
    cumulative : ndarray, shape (value,)
        Probability of at most each of them.
    expected : ndarray, shape (draw,)
    at_least : ndarray, shape (k, draw)
        Probability by draw of at least each of the numbers asked for.
    """

    values: NDArray[np.int64]
    cumulative: Values
    expected: Values
    at_least: Values

    def quantile(self, probability: float) -> int:
        """Return the least count that is not exceeded with a probability."""
        found = int(np.searchsorted(self.cumulative, probability - NEGLIGIBLE))
        return int(self.values[min(found, len(self.values) - 1)])

    def summary(self, intervals: Sequence[float]) -> dict[str, Any]:
        """Return mean, median and equal-tailed intervals as they stand in an answer."""
        named = [Interval(p, self.quantile((1 - p) / 2), self.quantile((1 + p) / 2)).as_dict() for p in intervals]
        return {
            "mean": rounded(float(self.expected.mean())),
            "monte_carlo_error": standard_error(self.expected),
            "median": self.quantile(0.5),
            "intervals": named,
        }


@dataclass(frozen=True)
class Method:
    """How numbers were found: by which method, from how many draws of the parameters, with how many numbers to each."""

    name: str
    draws: int
    replicates: int

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        return {"name": self.name, "draws": self.draws, "replicates": self.replicates}


def count(
    events: Sequence[Members], *, at_least: Sequence[int], generator: np.random.Generator
) -> tuple[Method, tuple[Count, ...]]:
    """Return the distributions of several counts, all by one method.

    Parameters
    ----------
    events : sequence of Members
    at_least : sequence of int
        Of which the probability of at least so many is wanted.
    generator : numpy.random.Generator
        Used only where exact distributions would take too long.
    """
    draws = events[0].chances.shape[1]
    lengths = [members.transform_length for members in events]
    work = sum(each.chances.size * (length // 2 + 1) for each, length in zip(events, lengths, strict=True))
    if work <= EXACT_WORK and max(lengths) <= LONGEST_EXACT:
        return Method("exact", draws, 1), tuple(exact(members, at_least=at_least) for members in events)
    drawn = draws * sum(len(members.sizes) for members in events)
    replicates = max(1, min(MOST_REPLICATES, SIMULATED_WORK // max(drawn, 1)))
    counts = (simulated(each, at_least=at_least, replicates=replicates, generator=generator) for each in events)
    return Method("simulated", draws, replicates), tuple(counts)


def exact(members: Members, *, at_least: Sequence[int]) -> Count:
    """Return the distribution of a sum of binomials, mixed over the draws.

    Notes
    -----
    Given a draw, the characteristic function is the product over groups of `(1 - p + p z)^n`; its inverse discrete
    Fourier transform is the distribution (Hong 2013, DFT-CF), here with equal members taken together and cut where the
    rest is negligible.
    """
    size, draws = members.transform_length, members.chances.shape[1]
    turns = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size) - 1
    total, tails = np.zeros(size), np.zeros((len(at_least), draws))
    at_once = max(1, 500_000 // size)
    for start in range(0, draws, at_once):
        part = slice(start, start + at_once)
        transform = np.ones((len(range(*part.indices(draws))), len(turns)), complex)
        for heads, chance in zip(members.sizes, members.chances, strict=True):
            transform *= (1 + chance[part, None] * turns) ** heads
        probabilities = np.maximum(np.fft.irfft(transform, size, axis=1), 0.0)
        total += probabilities.sum(axis=0)
        for row, least in enumerate(at_least):
            tails[row, part] = probabilities[:, least:].sum(axis=1)
    tails = np.where(tails < NEGLIGIBLE, 0.0, np.minimum(tails, 1.0))
    return _counted(members, (np.arange(size), np.cumsum(total) / total.sum()), tails, at_least)


def simulated(members: Members, *, at_least: Sequence[int], replicates: int, generator: np.random.Generator) -> Count:
    """Return the distribution of numbers drawn from each draw's binomials."""
    totals = np.zeros((members.chances.shape[1], replicates), dtype=np.int64)
    for heads, chance in zip(members.sizes, members.chances, strict=True):
        totals += generator.binomial(heads, chance[:, None], size=totals.shape)
    tails = np.array([(totals >= least).mean(axis=1) for least in at_least]).reshape(-1, len(totals))
    return _counted(members, cumulative_of(totals), tails, at_least)


def cumulative_of(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], Values]:
    """Return the distinct counts in order, and the share of all that are at most each."""
    values, times = np.unique(counts, return_counts=True)
    return values, np.cumsum(times) / counts.size


def _counted(
    members: Members, distribution: tuple[NDArray[np.int64], Values], tails: Values, at_least: Sequence[int]
) -> Count:
    for row, least in enumerate(at_least):
        if least == 1:
            # Known without either method, and to full precision where it is small.
            tails[row] = members.probability_any
    return Count(*distribution, members.expected, tails)
