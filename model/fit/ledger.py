"""The ledger of claims: each one's probability under its own prior, under the fit's prior and under the posterior."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from model.fit.draws import flattened, risk_draws
from model.fit.influence import Changes, influence
from model.fit.quantities import on_reader_scale, quantity_draws
from model.fit.verdicts import NOT_TESTABLE, Share, judged
from model.risk.statements import HazardDraws, holds, probability
from priors.claims import Claim, Claims
from priors.elicitation import PriorSet, elicit_prior_set
from priors.study import Study
from priors.vocabulary import Vocabulary

if TYPE_CHECKING:
    from model.fit.fitting import Fit
    from model.fit.problem import Problem

OUTSIDE_DRAWS_SEED: Final = 20120803
"""Seed of the draws of quantities that the model is not fitted to, which stay as their prior has them."""


@dataclass(frozen=True, eq=False)
class Held:
    """What a fit says of the prediction of a claim.

    Attributes
    ----------
    before : tuple of float
        Its probability under the fit's prior, and the number of draws behind it.
    holds : ndarray of bool, shape (draw,)
        Whether it is true of each draw of the posterior.
    effective : float
        How many independent draws its share of these is worth.
    """

    before: Share
    holds: NDArray[np.bool_]
    effective: float

    @property
    def after(self) -> Share:
        """Its probability under the posterior, and the number of independent draws behind it."""
        return float(self.holds.mean()), self.effective


def hazard_draws(draws: xr.Dataset, problem: Problem) -> HazardDraws:
    """Return draws in the form that claims are judged on.

    Parameters
    ----------
    draws : xarray.Dataset
        Of a prior or a posterior; dimensions chain and draw lead.
    problem : Problem
        Posed with the prior set that they are of.
    """
    of_risk = risk_draws(draws, problem)
    generator = np.random.default_rng(OUTSIDE_DRAWS_SEED)
    quantities = {}
    for prior in problem.prior_set.priors:
        found = quantity_draws(draws, prior.quantity, problem.vocabulary.community.name)
        values = generator.normal(*prior.parameters, size=of_risk.count) if found is None else flattened(found)
        quantities[prior.quantity.name] = on_reader_scale(prior.quantity, values)
    return HazardDraws(of_risk, quantities)


def claim_probabilities(claims: Claims, draws: HazardDraws) -> dict[str, float | None]:
    """Return the probability that the draws give each claim's prediction; None where it is not testable."""
    return {
        claim.id: None if claim.prediction is None else probability(claim.prediction, draws) for claim in claims.claims
    }


def held(fitted: Fit, claims: Claims) -> dict[str, Held]:
    """Return what a fit says of each claim that is testable, by its id."""
    before, after = (hazard_draws(draws, fitted.problem) for draws in (fitted.prior, fitted.posterior))
    found = {}
    for claim in claims.claims:
        if claim.prediction is not None:
            true = holds(claim.prediction, after)
            by_chain = true.reshape(fitted.posterior.sizes["chain"], -1)
            found[claim.id] = Held(
                (probability(claim.prediction, before), before.draws.count), true, effective_draws(by_chain)
            )
    return found


def effective_draws(holds: NDArray[np.bool_]) -> float:
    """Return how many independent draws a share of the draws is worth, at most all (Vehtari et al. 2021).

    Parameters
    ----------
    holds : ndarray of bool, shape (chain, draw)
    """
    from arviz_stats.base import array_stats  # noqa: PLC0415 - heavy

    found = array_stats.ess(holds.astype(float), chain_axis=0, draw_axis=1, method="mean")
    return min(float(found), float(holds.size))


def ledger(
    problem: Problem,
    study: Study,
    named_priors: Mapping[str, xr.Dataset],
    found: Mapping[str, Held],
    changes: Changes,
) -> list[dict[str, Any]]:
    """Return every claim with its probabilities, the verdict of the evidence on it, and what the verdict hangs on.

    The probabilities are those of its prediction under the prior set of its own source, under the pooled prior, under
    the fit's prior and under the posterior. The verdict is `verdict`'s; `influence` tells what it hangs on.

    Parameters
    ----------
    problem : Problem
        That was fitted.
    named_priors : mapping of str to xarray.Dataset
        Draws of each prior set with all its claims.
    found : mapping of str to Held
        What the fit says of each testable claim.
    changes : Changes
        Of the evidence, that the claims are tried on.
    """
    of_set = {
        name: claim_probabilities(
            study.claims, hazard_draws(draws, replace(problem, prior_set=elicit_prior_set(study, name)))
        )
        for name, draws in named_priors.items()
    }
    used = study.claims.of_set(problem.prior_set.name, problem.prior_set.without)
    return [
        _said(claim, used=claim in used)
        | _found(found.get(claim.id), changes)
        | {
            "probability": {
                "own_prior": of_set[claim.source][claim.id],
                "pooled_prior": of_set[study.claims.all_together][claim.id],
                "prior": found[claim.id].before[0] if claim.id in found else None,
                "posterior": found[claim.id].after[0] if claim.id in found else None,
            }
        }
        for claim in study.claims.claims
    ]


def _said(claim: Claim, *, used: bool) -> dict[str, Any]:
    """Return what a claim says, and whether it went into the priors of the fit."""
    return {
        "id": claim.id,
        "source": claim.source,
        "quote": claim.quote,
        "says": claim.says,
        "strength": claim.strength,
        "quantities": list(claim.bears_on),
        "links": {name: asdict(link) | {"interval": list(link.interval)} for name, link in claim.bears_on.items()},
        "used": used,
        "not_testable": claim.not_testable,
    }


def _found(claim: Held | None, changes: Changes) -> dict[str, Any]:
    """Return the verdict on a claim, and what it hangs on."""
    if claim is None:
        return {
            "bayes_factor": None, "verdict": NOT_TESTABLE, "largest_move": None, "without": [], "hangs_on": [],
        }  # fmt: skip
    factor, verdict = judged(claim.before, claim.after)
    return {"bayes_factor": factor, "verdict": verdict} | influence(claim.holds, claim.before, claim.effective, changes)


def claims_by_level(prior_set: PriorSet, vocabulary: Vocabulary) -> dict[str, dict[str, list[str]]]:
    """Return, for each level of each attribute, the ids of the claims that its effect rests on.

    The reference level of an unordered attribute rests on all of them, since it is what the others are set against.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for attribute in vocabulary.attributes:
        of_attribute = [prior for prior in prior_set.priors if prior.quantity.attribute == attribute.name]
        found[attribute.name] = {
            level: sorted({
                claim
                for prior in of_attribute
                if not prior.quantity.levels or level in prior.quantity.levels or level == attribute.reference
                for claim in prior.claims
            })
            for level in attribute.names
        }  # fmt: skip
    return found
