"""The ledger of claims: each one's probability under its own prior, under the fit's prior and under the posterior."""

from __future__ import annotations

import numpy as np

from model.inference.hazard import Hazards, Layout, Parameters, hazards
from model.inference.namespaces import NUMPY
from model.inference.prior_draws import draw_prior
from model.risk.statements import HazardDraws, probability
from priors.claims import Claims
from priors.corps import Corps
from priors.elicitation import PriorSet
from priors.vocabulary import Vocabulary

OUTSIDE_DRAWS_SEED = 20120803
"""Seed of the draws of quantities that the model is not fitted to, which stay as their prior has them."""


def hazard_draws(
    parameters: Parameters, tables: Hazards, prior_set: PriorSet, layout: Layout, corps: Corps, vocabulary: Vocabulary
) -> HazardDraws:
    """Return draws in the form that claims are judged on.

    Parameters
    ----------
    parameters, tables : Parameters, Hazards
        Arrays with draws leading.
    """
    generator = np.random.default_rng(OUTSIDE_DRAWS_SEED)
    quantities = {name: np.exp(parameters.quantities[:, i]) for i, name in enumerate(layout.quantity_names)}
    for prior in prior_set.priors:
        if prior.quantity.outside_the_fit is not None:
            quantities[prior.quantity.name] = np.exp(generator.normal(*prior.parameters, size=len(tables.baseline)))
    return HazardDraws(
        log_relative_hazard=tables.log_relative_hazard,
        baseline=tables.baseline,
        cell_shares=corps.cell_shares(np.stack(tables.sect_shares, axis=1)),
        quantities=quantities,
        vocabulary=vocabulary,
    )


def prior_hazard_draws(
    prior_set: PriorSet, layout: Layout, corps: Corps, vocabulary: Vocabulary, *, draws: int, seed: int
) -> HazardDraws:
    """Return draws from the prior predictive of a prior set."""
    parameters = draw_prior_of_layout(prior_set, layout, draws=draws, seed=seed)
    tables = hazards(parameters, layout, NUMPY)
    return hazard_draws(parameters, tables, prior_set, layout, corps, vocabulary)


def draw_prior_of_layout(prior_set: PriorSet, layout: Layout, *, draws: int, seed: int) -> Parameters:
    """Return draws of the parameters from a prior set."""
    steps = sum(part.shape[1] - 1 for part in (layout.to_rank, layout.to_eliteness, layout.to_proximity))
    return draw_prior(
        prior_set, draws=draws, deviations=len(layout.deviation_names), steps=steps,
        generator=np.random.default_rng(seed),
    )  # fmt: skip


def claim_probabilities(claims: Claims, draws: HazardDraws) -> dict[str, float | None]:
    """Return the probability that the draws give each claim's prediction; None where it is not testable."""
    return {
        claim.id: None if claim.prediction is None else probability(claim.prediction, draws) for claim in claims.claims
    }


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


