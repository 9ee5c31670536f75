"""From the intervals of claims to prior distributions, with PreliZ, which is imported only here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import preliz
from numpy.typing import NDArray

from priors.claims import Baseline, Claim, Interval, Quantity, Spread
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
        Mean and standard deviation of the normal; alpha and beta of the beta distribution.
    interval : tuple of float
        The central 90 % interval on the reader's scale.
    claims : tuple of str
        Ids of the claims it rests on; none where no claim speaks.
    """

    quantity: Quantity
    family: str
    parameters: tuple[float, float]
    interval: Interval
    claims: tuple[str, ...]

    def __str__(self) -> str:
        """Return the distribution as one would write it, e.g. `Normal(-3.86, 1.02)`."""
        return f"{self.family}({self.parameters[0]:.3g}, {self.parameters[1]:.3g})"

    def as_dict(self) -> dict[str, Any]:
        """Return the prior as values of JSON."""
        return {
            "quantity": self.quantity.name,
            "definition": self.quantity.definition,
            "scale": self.quantity.scale,
            "distribution": str(self),
            "parameters": list(self.parameters),
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
        Mean and standard deviation of the log of the Dirichlet-multinomial concentration.
    """

    name: str
    without: tuple[str, ...]
    priors: tuple[Prior, ...]
    community_shares: tuple[CommunityShares, ...]
    baseline: Baseline
    spreads: tuple[Spread, ...]
    step_concentration: float
    count_concentration: tuple[float, float]

    def __getitem__(self, quantity: str) -> Prior:
        """Return the prior of a quantity."""
        return next(prior for prior in self.priors if prior.quantity.name == quantity)

    @property
    def hazard_ratios(self) -> tuple[Prior, ...]:
        """The priors of the hazard ratios that the model is fitted to, in its order."""
        ratios = (prior for prior in self.priors if prior.quantity.scale == "hazard ratio")
        return tuple(prior for prior in ratios if prior.quantity.outside_the_fit is None)

    @property
    def reference_risk(self) -> Prior:
        """The prior of the reference profile's risk over the study, on the scale of its log cumulative hazard."""
        return next(prior for prior in self.priors if prior.quantity.scale == "risk")


def elicit_prior_set(study: Study, name: str, *, without: tuple[str, ...] = ()) -> PriorSet:
    """Turn the intervals of a prior set's claims into distributions.

    Parameters
    ----------
    study : Study
    name : str
        One of its prior sets.
    without : tuple of str
        Ids of claims to leave out.

    Raises
    ------
    UnknownPriorSetError, UnknownClaimError
        If the set, or a claim left out, does not exist.

    Notes
    -----
    Each interval becomes the maximum-entropy distribution that holds 90 % in it. Claims of one source are mixed
    in equal parts, then sources are; the mixture is replaced by the one distribution of its mean and variance,
    which among normals is the nearest to it in Kullback-Leibler divergence.
    """
    claims, corps = study.claims, study.corps
    chosen = claims.of_set(name, without)
    priors = tuple(_prior(quantity, chosen) for quantity in claims.quantities)
    lower, upper = claims.count_concentration
    return PriorSet(
        name=name,
        without=without,
        priors=priors,
        community_shares=tuple(_community_shares(name, priors, study) for name in corps.classes),
        baseline=claims.baseline,
        spreads=claims.spreads,
        step_concentration=claims.step_concentration,
        count_concentration=_maxent("hazard ratio", (lower, upper)),
    )


def mixture_components(quantity: Quantity, claims: tuple[Claim, ...]) -> list[tuple[float, float, float]]:
    """Return the weight and the two parameters of each claim's distribution in a quantity's prior."""
    speaking = [claim for claim in claims if quantity.name in claim.bears_on]
    if not speaking:
        return [(1.0, *_maxent(quantity.scale, quantity.without_claims))]
    sources = [claim.source for claim in speaking]
    return [
        (1 / len(set(sources)) / sources.count(claim.source), *_maxent(quantity.scale, claim.bears_on[quantity.name]))
        for claim in speaking
    ]


def _prior(quantity: Quantity, claims: tuple[Claim, ...]) -> Prior:
    ids = tuple(claim.id for claim in claims if quantity.name in claim.bears_on)
    family = "Beta" if quantity.scale == "share" else "Normal"
    moments = [
        (weight, *_moments(family, first, second)) for weight, first, second in mixture_components(quantity, claims)
    ]
    mean = sum(weight * centre for weight, centre, _ in moments)
    variance = sum(weight * (spread + (centre - mean) ** 2) for weight, centre, spread in moments)
    if family == "Normal":
        parameters = (float(mean), float(np.sqrt(variance)))
    else:
        concentration = mean * (1 - mean) / variance - 1
        parameters = (float(mean * concentration), float((1 - mean) * concentration))
    return Prior(quantity, family, parameters, _interval(quantity.scale, family, parameters), ids)


@cache
def _maxent(scale: str, interval: Interval) -> tuple[float, float]:
    """Return the parameters of the maximum-entropy distribution that holds 90 % in an interval."""
    if scale == "share":
        beta = preliz.maxent(preliz.Beta(), *interval, MASS, plot=False)
        return float(beta.alpha), float(beta.beta)
    lower, upper = (float(_to_log(scale, bound)) for bound in interval)
    normal = preliz.maxent(preliz.Normal(), lower, upper, MASS, plot=False)
    return float(normal.mu), float(normal.sigma)


def _moments(family: str, first: float, second: float) -> tuple[float, float]:
    if family == "Normal":
        return first, second**2
    total = first + second
    return first / total, first * second / (total**2 * (total + 1))


def _interval(scale: str, family: str, parameters: tuple[float, float]) -> Interval:
    distribution = getattr(preliz, family)(*parameters)
    lower, upper = (float(distribution.ppf(tail)) for tail in ((1 - MASS) / 2, (1 + MASS) / 2))
    return (lower, upper) if family == "Beta" else (_from_log(scale, lower), _from_log(scale, upper))


def _to_log(scale: str, value: float) -> float:
    """Return the log hazard ratio, or the log cumulative hazard (complementary log-log) of a risk."""
    return float(np.log(value) if scale == "hazard ratio" else np.log(-np.log1p(-value)))


def _from_log(scale: str, value: float) -> float:
    return float(np.exp(value) if scale == "hazard ratio" else -np.expm1(-np.exp(value)))


def _community_shares(service_class: str, priors: tuple[Prior, ...], study: Study) -> CommunityShares:
    corps = study.corps
    shares = corps.community_shares[corps.classes.index(service_class)]
    prior = next((prior for prior in priors if prior.quantity.service_class == service_class), None)
    if prior is None:
        return CommunityShares(None, None, corps.rest_concentration * shares)
    claimed = study.vocabulary.community.names.index(str(prior.quantity.level))
    rest = np.delete(shares, claimed)
    return CommunityShares(claimed, prior.parameters, corps.rest_concentration * rest / rest.sum())
