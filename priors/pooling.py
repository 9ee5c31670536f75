"""How claims about one quantity are pooled: each article's normal, and a mixture of the articles; in NumPy alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from priors.claims import Claim, Quantity

Parameters = tuple[float, float]
"""Mean and standard deviation of a normal, or alpha and beta of a beta distribution."""


@dataclass(frozen=True)
class Elicited:
    """What the intervals about one quantity amount to, claim by claim.

    Attributes
    ----------
    by_claim : mapping of str to tuple of float
        The parameters of each claim's distribution, by its id.
    without_claims : tuple of float
        Those of the prior where no claim speaks.
    """

    by_claim: Mapping[str, Parameters]
    without_claims: Parameters

    def as_dict(self) -> dict[str, Any]:
        """Return it as values of JSON."""
        by_claim = {claim: list(parameters) for claim, parameters in self.by_claim.items()}
        return {"by_claim": by_claim, "without_claims": list(self.without_claims)}

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Elicited:
        """Return what `as_dict` made."""
        by_claim = {str(claim): _pair(parameters) for claim, parameters in said["by_claim"].items()}
        return cls(by_claim, _pair(said["without_claims"]))


@dataclass(frozen=True)
class Component:
    """What one article says of a quantity, as a part of a mixture of normals.

    Attributes
    ----------
    author : str or None
        The article; None where no claim speaks of the quantity, so that the prior is nobody's.
    weight : float
        Zero for an article that is silent, or not of the prior set.
    mean, sd : float
        Those of the article's claims in equal parts; of the whole mixture where the weight is zero.
    """

    author: str | None
    weight: float
    mean: float
    sd: float


@dataclass(frozen=True)
class Pool:
    """The distribution of a quantity under several claims.

    Attributes
    ----------
    family : str
        `Normal` or `Beta`.
    parameters : tuple of float
        Mean and standard deviation of the whole mixture of normals; alpha and beta of the beta distribution.
    components : tuple of Component
        The mixture of normals, one for each article of the study, in their order; none of a beta distribution.
    """

    family: str
    parameters: Parameters
    components: tuple[Component, ...]

    def log_density(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log density at values, shape (draw,), on the scale of the prior."""
        if self.family == "Beta":
            alpha, beta = self.parameters
            whole = math.lgamma(alpha + beta) - math.lgamma(alpha) - math.lgamma(beta)
            return np.asarray((alpha - 1) * np.log(values) + (beta - 1) * np.log1p(-values) + whole)
        speaking = [each for each in self.components if each.weight > 0]
        parts = [
            math.log(each.weight / each.sd / math.sqrt(2 * math.pi)) - ((values - each.mean) / each.sd) ** 2 / 2
            for each in speaking
        ]
        return np.asarray(np.logaddexp.reduce(parts))


def pooled(
    quantity: Quantity,
    claims: Sequence[Claim],
    elicited: Elicited,
    *,
    articles: Sequence[str],
    weights: Mapping[str, float],
) -> Pool:
    """Return the distribution of a quantity under claims.

    Parameters
    ----------
    claims : sequence of Claim
        Those that count, whatever they bear on.
    elicited : Elicited
        Of the quantity.
    articles : sequence of str
        Of the study.
    weights : mapping of str to float
        How much an article counts against the others where they differ; one where nothing is said.

    Notes
    -----
    Claims of one article are mixed in equal parts and replaced by the normal of their mean and variance, which among
    normals is the nearest to them in Kullback-Leibler divergence; the articles stay a mixture, a linear opinion pool
    (Stone 1961). Of a share, the articles too are replaced by the one beta distribution of their mean and variance.
    """
    speaking = [claim for claim in claims if claim.id in elicited.by_claim and weights.get(claim.source, 1.0) > 0]
    parts = mixture(speaking, elicited, weights)
    if quantity.scale == "share":
        mean, variance = mean_and_variance("Beta", parts)
        concentration = mean * (1 - mean) / variance - 1
        return Pool("Beta", (mean * concentration, (1 - mean) * concentration), ())
    mean, variance = mean_and_variance("Normal", parts)
    whole = mean, math.sqrt(variance)
    return Pool("Normal", whole, _components(speaking, elicited, articles, weights, whole))


def mixture(
    claims: Sequence[Claim], elicited: Elicited, weights: Mapping[str, float]
) -> list[tuple[float, float, float]]:
    """Return the weight and the two parameters of the distribution of each claim that speaks of a quantity."""
    if not claims:
        return [(1.0, *elicited.without_claims)]
    sources = [claim.source for claim in claims]
    share = _shares(sources, weights)
    return [(share[claim.source] / sources.count(claim.source), *elicited.by_claim[claim.id]) for claim in claims]


def mean_and_variance(family: str, parts: Sequence[tuple[float, float, float]]) -> tuple[float, float]:
    """Return the mean and the variance of a mixture, of weights and the two parameters of each part."""
    moments = [(weight, *_moments(family, first, second)) for weight, first, second in parts]
    mean = sum(weight * centre for weight, centre, _ in moments)
    variance = sum(weight * (spread + (centre - mean) ** 2) for weight, centre, spread in moments)
    return float(mean), float(variance)


def _shares(sources: Sequence[str], weights: Mapping[str, float]) -> dict[str, float]:
    """Return the part that each article has of the pool of those that speak."""
    stated = {source: weights.get(source, 1.0) for source in dict.fromkeys(sources)}
    return {source: weight / sum(stated.values()) for source, weight in stated.items()}


def _components(
    claims: Sequence[Claim],
    elicited: Elicited,
    articles: Sequence[str],
    weights: Mapping[str, float],
    whole: Parameters,
) -> tuple[Component, ...]:
    """Return what each article says of a quantity; all say the same, and it is nobody's, where none speaks."""
    if not claims:
        return tuple(Component(None, 1 / len(articles), *whole) for _ in articles)
    share, components = _shares([claim.source for claim in claims], weights), []
    for article in articles:
        if article in share:
            own = [claim for claim in claims if claim.source == article]
            mean, variance = mean_and_variance("Normal", mixture(own, elicited, {}))
            components.append(Component(article, share[article], mean, math.sqrt(variance)))
        else:
            components.append(Component(article, 0.0, *whole))
    return tuple(components)


def _moments(family: str, first: float, second: float) -> Parameters:
    if family == "Normal":
        return first, second**2
    total = first + second
    return first / total, first * second / (total**2 * (total + 1))


def _pair(values: Sequence[float]) -> Parameters:
    first, second = values
    return float(first), float(second)
