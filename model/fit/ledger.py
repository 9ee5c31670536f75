"""The ledger of claims: each one's probability under its own prior, under the fit's prior and under the posterior."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from model.fit.draws import flattened
from model.risk.statements import HazardDraws, probability
from priors.claims import Claims
from priors.elicitation import PriorSet, elicit_prior_set
from priors.study import Study
from priors.vocabulary import Vocabulary

if TYPE_CHECKING:
    from model.fit.fitting import Fit

OUTSIDE_DRAWS_SEED = 20120803
"""Seed of the draws of quantities that the model is not fitted to, which stay as their prior has them."""

DECISIVE = 3.0
"""Bayes factor from which evidence counts as speaking for or against a claim (positive: Kass & Raftery 1995)."""


def hazard_draws(draws: xr.Dataset, prior_set: PriorSet, vocabulary: Vocabulary) -> HazardDraws:
    """Return draws in the form that claims are judged on.

    Parameters
    ----------
    draws : xarray.Dataset
        Of a prior or a posterior; dimensions chain and draw lead.
    """
    flat = {name: flattened(draws[name]) for name in ("hazard_ratio", "log_relative_hazard", "baseline", "cell_share")}
    count = len(flat["baseline"])
    quantities = dict(zip(draws["quantity"].to_numpy().tolist(), flat["hazard_ratio"].T, strict=True))
    quantities[prior_set.reference_risk.quantity.name] = -np.expm1(-np.exp(flattened(draws["log_reference_hazard"])))
    generator = np.random.default_rng(OUTSIDE_DRAWS_SEED)
    for prior in prior_set.priors:
        if prior.quantity.outside_the_fit is not None:
            quantities[prior.quantity.name] = np.exp(generator.normal(*prior.parameters, size=count))
    return HazardDraws(
        log_relative_hazard=flat["log_relative_hazard"].reshape(count, -1),
        baseline=flat["baseline"],
        cell_shares=flat["cell_share"].reshape(count, -1),
        quantities=quantities,
        vocabulary=vocabulary,
    )


def claim_probabilities(claims: Claims, draws: HazardDraws) -> dict[str, float | None]:
    """Return the probability that the draws give each claim's prediction; None where it is not testable."""
    return {
        claim.id: None if claim.prediction is None else probability(claim.prediction, draws) for claim in claims.claims
    }


def ledger(fitted: Fit, study: Study, named_priors: Mapping[str, xr.Dataset]) -> list[dict[str, Any]]:
    """Return every claim with its probabilities and the verdict of the evidence on it.

    The probabilities are those of its prediction under the prior set of its own source, under the pooled prior, under
    the fit's prior and under the posterior. The verdict goes by the Bayes factor of the prediction against its
    contrary, posterior odds over prior odds: supported from 3, contradicted to 1/3, else untouched; and only where
    two standard errors, from the number of draws on either side, do not take it back.

    Parameters
    ----------
    named_priors : mapping of str to xarray.Dataset
        Draws of each prior set with all its claims.
    """
    problem, claims = fitted.problem, study.claims

    def probabilities(draws: xr.Dataset, prior_set: PriorSet) -> dict[str, float | None]:
        return claim_probabilities(claims, hazard_draws(draws, prior_set, study.vocabulary))

    of_set = {name: probabilities(draws, elicit_prior_set(study, name)) for name, draws in named_priors.items()}
    before, after = (probabilities(draws, problem.prior_set) for draws in (fitted.prior, fitted.posterior))
    draws_before, draws_after = (
        draws.sizes["chain"] * draws.sizes["draw"] for draws in (fitted.prior, fitted.posterior)
    )
    entries = []
    for claim in claims.claims:
        factor, error = _bayes_factor((before[claim.id], draws_before), (after[claim.id], draws_after))
        entries.append({
            "id": claim.id,
            "source": claim.source,
            "quote": claim.quote,
            "says": claim.says,
            "strength": claim.strength,
            "quantities": list(claim.bears_on),
            "used": claim in claims.of_set(problem.prior_set.name, problem.prior_set.without),
            "probability": {
                "own_prior": of_set[claim.source][claim.id],
                "pooled_prior": of_set[claims.all_together][claim.id],
                "prior": before[claim.id],
                "posterior": after[claim.id],
            },
            "bayes_factor": factor,
            "verdict": verdict(factor, error),
            "not_testable": claim.not_testable,
        })  # fmt: skip
    return entries


def verdict(bayes_factor: float | None, error: float = 0.0) -> str:
    """Return what the evidence makes of a claim, from its Bayes factor and the standard error of the factor's log."""
    if bayes_factor is None:
        return "not testable"
    sure = abs(np.log(bayes_factor)) - 2 * error >= np.log(DECISIVE)
    if not sure:
        return "untouched"
    return "supported" if bayes_factor > 1 else "contradicted"


def _bayes_factor(before: tuple[float | None, int], after: tuple[float | None, int]) -> tuple[float | None, float]:
    """Return posterior odds over prior odds, each from a share of draws, and the standard error of its log.

    Half a draw is added to either side of each, which keeps both finite (Haldane 1956; Woolf 1955).
    """
    log_odds, variance = [], 0.0
    for probability_of, draws in (before, after):
        if probability_of is None:
            return None, 0.0
        held, failed = probability_of * draws + 0.5, (1 - probability_of) * draws + 0.5
        log_odds.append(np.log(held / failed))
        variance += 1 / held + 1 / failed
    return float(np.exp(log_odds[1] - log_odds[0])), float(np.sqrt(variance))


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
