"""The ledger of claims: each one's probability under its own prior, under the fit's prior and under the posterior."""

from __future__ import annotations

import numpy as np

from model.inference.draws import Draws
from model.inference.hazard import Layout, Parameters, hazards
from model.inference.knowledge import Knowledge
from model.inference.namespaces import NUMPY
from model.inference.prior_draws import draw_prior
from model.risk.statements import HazardDraws, probability
from priors.claims import Claims
from priors.elicitation import PriorSet
from priors.vocabulary import Vocabulary

OUTSIDE_DRAWS_SEED = 20120803
"""Seed of the draws of quantities that the model is not fitted to, which stay as their prior has them."""


def hazard_draws(draws: Draws, prior_set: PriorSet, layout: Layout, knowledge: Knowledge) -> HazardDraws:
    """Return draws in the form that claims are judged on.

    Parameters
    ----------
    draws : Draws
        Of a prior or a posterior, flattened.
    """
    generator = np.random.default_rng(OUTSIDE_DRAWS_SEED)
    quantities = {name: np.exp(draws.parameters.quantities[:, i]) for i, name in enumerate(layout.quantity_names)}
    for prior in prior_set.priors:
        if prior.quantity.outside_the_fit is not None:
            quantities[prior.quantity.name] = np.exp(generator.normal(*prior.parameters, size=len(draws)))
    return HazardDraws(
        log_relative_hazard=draws.tables.log_relative_hazard,
        baseline=draws.tables.baseline,
        cell_shares=knowledge.corps.cell_shares(np.stack(draws.tables.sect_shares, axis=1)),
        quantities=quantities,
        vocabulary=knowledge.vocabulary,
    )


def prior_draws(prior_set: PriorSet, layout: Layout, *, draws: int, seed: int) -> Draws:
    """Return independent draws from a prior set, as one chain."""
    steps = sum(part.shape[1] - 1 for part in (layout.to_rank, layout.to_eliteness, layout.to_proximity))
    parameters = draw_prior(
        prior_set,
        draws=draws,
        deviations=len(layout.deviation_names),
        steps=steps,
        generator=np.random.default_rng(seed),
    )
    one_chain = Parameters(*(array[None] for array in vars(parameters).values()))
    return Draws(one_chain, hazards(one_chain, layout, NUMPY))


def prior_probabilities(knowledge: Knowledge, prior_set: str, *, draws: int, seed: int) -> dict[str, float | None]:
    """Return the probability of each claim's prediction under the prior predictive of a prior set."""
    elicited = knowledge.prior_set(prior_set)
    layout = knowledge.layout(elicited)
    drawn = prior_draws(elicited, layout, draws=draws, seed=seed).flattened()
    return claim_probabilities(knowledge.claims, hazard_draws(drawn, elicited, layout, knowledge))


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
