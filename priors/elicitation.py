"""From the intervals of claims to prior distributions, with PreliZ, which is imported only here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import numpy as np
import preliz
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr

from priors.claims import Baseline, Claim, Interval, Quantity, Spread
from priors.moves import Supposition
from priors.pooling import Component, Elicited, Pool, pooled
from priors.study import Study

MASS = 0.90
"""The probability that every elicited interval holds."""


@dataclass(frozen=True)
class Prior:
    """The prior distribution of one quantity.

    Attributes
    ----------
    family : str
        `Normal` (of the log hazard ratio, or of the complementary log-log of a risk) or `Beta` (of a share).
    parameters : tuple of float
        Mean and standard deviation of the whole mixture of normals; alpha and beta of the beta distribution.
    components : tuple of Component
        The mixture of normals, one for each article of the study, in their order; none of a beta distribution.
    interval : tuple of float
        The central 90 % interval on the reader's scale.
    claims : tuple of str
        Ids of the claims it rests on; none where no claim speaks.
    """

    quantity: Quantity
    family: str
    parameters: tuple[float, float]
    components: tuple[Component, ...]
    interval: Interval
    claims: tuple[str, ...]

    def __str__(self) -> str:
        """Return the distribution as one would write it, e.g. `Normal(-3.86, 1.02)`, or half of one and of another."""
        speaking = {(each.mean, each.sd): each for each in self.components if each.weight > 0 and each.author}
        if len(speaking) > 1:
            return " + ".join(f"{each.weight:.3g} Normal({each.mean:.3g}, {each.sd:.3g})" for each in speaking.values())
        return f"{self.family}({self.parameters[0]:.3g}, {self.parameters[1]:.3g})"

    def as_dict(self) -> dict[str, Any]:
        """Return the prior as values of JSON."""
        return {
            "quantity": self.quantity.name,
            "definition": self.quantity.definition,
            "scale": self.quantity.scale,
            "distribution": str(self),
            "parameters": list(self.parameters),
            "components": [asdict(each) for each in self.components],
            "interval_90": list(self.interval),
            "claims": list(self.claims),
        }


@dataclass(frozen=True)
class CommunityShares:
    """The prior of the communities' shares within one class: a beta for the claimed one, a Dirichlet for the rest.

    Attributes
    ----------
    claimed : int or None
        Index of the community whose share the claims speak of; None where no quantity is about a share of the class.
    claimed_share : tuple of float, or None
        Alpha and beta of its share.
    rest : ndarray, shape (community - 1,), or (community,) where no share is claimed
        Dirichlet concentrations of the others' shares in what is left, in the order of the communities.
    """

    claimed: int | None
    claimed_share: tuple[float, float] | None
    rest: NDArray[np.float64]


@dataclass(frozen=True)
class PriorSet:
    """Everything a fit believes before evidence, with the claims behind each part.

    Attributes
    ----------
    name, without : str, tuple of str
        The prior set and the claims dropped from it.
    weights : mapping of str to float
        How much an article counts against the others, where that was stated.
    priors : tuple of Prior
        One for each quantity of `claims.yaml`, in its order.
    community_shares : tuple of CommunityShares
        Who serves in each class.
    baseline : Baseline
        The periods that set the level of the hazard, and the spread of its steps.
    spreads : tuple of Spread
        Half-normal priors of how far groups vary about what is claimed, in log hazard.
    step_concentration : float
        Dirichlet concentration of each step of a monotonic effect.
    count_concentration : tuple of float
        Mean and standard deviation of the log of a list's Dirichlet-multinomial concentration.
    newsworthiness : tuple of (str, float, float)
        By ordered attribute, mean and standard deviation of the log of the ratio of the odds of being listed, for each
        step up.
    over_time : mapping of str to str
        By attribute, the spread of how far its effect moves from period to period.
    """

    name: str
    without: tuple[str, ...]
    weights: Mapping[str, float]
    priors: tuple[Prior, ...]
    community_shares: tuple[CommunityShares, ...]
    baseline: Baseline
    spreads: tuple[Spread, ...]
    step_concentration: float
    count_concentration: tuple[float, float]
    newsworthiness: tuple[tuple[str, float, float], ...]
    over_time: Mapping[str, str]

    def __getitem__(self, quantity: str) -> Prior:
        """Return the prior of a quantity."""
        return next(prior for prior in self.priors if prior.quantity.name == quantity)

    @property
    def hazard_ratios(self) -> tuple[Prior, ...]:
        """The priors of the hazard ratios that the model is fitted to and that hold all the time, in its order."""
        return tuple(prior for prior in self._fitted_ratios if prior.quantity.since is None)

    @property
    def drifts(self) -> tuple[Prior, ...]:
        """The priors of the hazard ratios that multiply an effect from some period on, in the model's order."""
        return tuple(prior for prior in self._fitted_ratios if prior.quantity.since is not None)

    @property
    def reference_risk(self) -> Prior:
        """The prior of the reference profile's risk over the study, on the scale of its log cumulative hazard."""
        return next(prior for prior in self.priors if prior.quantity.scale == "risk")

    @property
    def _fitted_ratios(self) -> tuple[Prior, ...]:
        ratios = (prior for prior in self.priors if prior.quantity.scale == "hazard ratio")
        return tuple(prior for prior in ratios if prior.quantity.outside_the_fit is None)


def elicit_prior_set(
    study: Study, name: str, *, without: tuple[str, ...] = (), weights: Mapping[str, float] | None = None
) -> PriorSet:
    """Turn the intervals of a prior set's claims into distributions.

    Parameters
    ----------
    study : Study
    name : str
        One of its prior sets.
    without : tuple of str
        Ids of claims to leave out.
    weights : mapping of str to float, optional
        How much an article counts against the others where they differ: one where nothing is said, nothing at zero.

    Raises
    ------
    UnknownPriorSetError, UnknownClaimError
        If the set, or a claim left out, does not exist.

    Notes
    -----
    Each interval becomes the maximum-entropy distribution that holds 90 % in it; `priors.pooling` says how those of
    one quantity are pooled.
    """
    claims, corps = study.claims, study.corps
    stated = dict(weights or {})
    chosen = tuple(claim for claim in claims.of_set(name, without) if stated.get(claim.source, 1.0) > 0)
    articles = [article.name for article in study.articles]
    priors = tuple(
        _prior(
            quantity,
            pooled(quantity, chosen, elicited(quantity, chosen), articles=articles, weights=stated),
            tuple(claim.id for claim in chosen if quantity.name in claim.bears_on),
        )
        for quantity in claims.quantities
    )
    return PriorSet(
        name=name,
        without=without,
        weights=stated,
        priors=priors,
        community_shares=tuple(_community_shares(name, priors, study) for name in corps.classes),
        baseline=claims.baseline,
        spreads=claims.spreads,
        step_concentration=claims.step_concentration,
        count_concentration=_maxent("hazard ratio", claims.count_concentration),
        newsworthiness=tuple(
            (attribute, *_maxent("hazard ratio", claims.newsworthiness[attribute].interval))
            for attribute in claims.attributes
            if attribute in claims.newsworthiness
        ),
        over_time=claims.over_time,
    )


def elicited(quantity: Quantity, claims: Sequence[Claim]) -> Elicited:
    """Return the distribution that each claim about a quantity amounts to: of maximum entropy, 90 % in its interval."""
    by_claim = {
        claim.id: _maxent(quantity.scale, claim.bears_on[quantity.name].interval)
        for claim in claims
        if quantity.name in claim.bears_on
    }
    return Elicited(by_claim, _maxent(quantity.scale, quantity.without_claims))


def elicited_moves(study: Study) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the distribution of each number of the moves that a study states, as values of JSON.

    By move and number: the `scale`, the `family` (`Beta` of a share, `Normal` of the log of any other), its
    `parameters`, and its central `interval_90`.
    """
    return {
        move: {number: _supposed(told) for number, told in each.numbers.items()} for move, each in study.moves.items()
    }


def _supposed(number: Supposition) -> dict[str, Any]:
    parameters = _maxent(number.scale, number.interval)
    if number.scale == "share":
        family, interval = "Beta", _beta_interval(*parameters)
    else:
        normal = preliz.Normal(*parameters)
        tails = (normal.ppf((1 - MASS) / 2), normal.ppf((1 + MASS) / 2))
        family, interval = "Normal", (_from_log(number.scale, tails[0]), _from_log(number.scale, tails[1]))
    return {"scale": number.scale, "family": family, "parameters": [*parameters], "interval_90": [*interval]}


def _prior(quantity: Quantity, pool: Pool, claims: tuple[str, ...]) -> Prior:
    if pool.family == "Beta":
        interval = _beta_interval(*pool.parameters)
    else:
        lower, upper = (_quantile(pool.components, tail) for tail in ((1 - MASS) / 2, (1 + MASS) / 2))
        interval = _from_log(quantity.scale, lower), _from_log(quantity.scale, upper)
    return Prior(quantity, pool.family, pool.parameters, pool.components, interval, claims)


def _quantile(components: tuple[Component, ...], tail: float) -> float:
    """Return where a mixture of normals has a probability below, which lies between where its parts have it."""
    speaking = [each for each in components if each.weight > 0]
    ends = [float(preliz.Normal(each.mean, each.sd).ppf(tail)) for each in speaking]
    if max(ends) - min(ends) < 1e-12:  # noqa: PLR2004 - one normal, to rounding
        return ends[0]

    def beyond(value: float) -> float:
        below = sum(each.weight * ndtr((value - each.mean) / each.sd) for each in speaking)
        return float(below / sum(each.weight for each in speaking) - tail)

    return float(brentq(beyond, min(ends), max(ends), xtol=1e-12))


@cache
def _maxent(scale: str, interval: Interval) -> tuple[float, float]:
    """Return the parameters of the maximum-entropy distribution that holds 90 % in an interval."""
    if scale == "share":
        beta = preliz.maxent(preliz.Beta(), *interval, MASS, plot=False)
        return float(beta.alpha), float(beta.beta)
    lower, upper = (float(_to_log(scale, bound)) for bound in interval)
    normal = preliz.maxent(preliz.Normal(), lower, upper, MASS, plot=False)
    return float(normal.mu), float(normal.sigma)


def _beta_interval(alpha: float, beta: float) -> Interval:
    distribution = preliz.Beta(alpha, beta)
    return float(distribution.ppf((1 - MASS) / 2)), float(distribution.ppf((1 + MASS) / 2))


def _to_log(scale: str, value: float) -> float:
    """Return the log cumulative hazard (complementary log-log) of a risk, or the log of another number above zero."""
    return float(np.log(-np.log1p(-value)) if scale == "risk" else np.log(value))


def _from_log(scale: str, value: float) -> float:
    return float(-np.expm1(-np.exp(value)) if scale == "risk" else np.exp(value))


def _community_shares(service_class: str, priors: tuple[Prior, ...], study: Study) -> CommunityShares:
    corps = study.corps
    shares = corps.community_shares[corps.classes.index(service_class)]
    prior = next((prior for prior in priors if prior.quantity.service_class == service_class), None)
    if prior is None:
        return CommunityShares(None, None, corps.rest_concentration * shares)
    claimed = study.vocabulary.community.names.index(str(prior.quantity.level))
    rest = np.delete(shares, claimed)
    return CommunityShares(claimed, prior.parameters, corps.rest_concentration * rest / rest.sum())
