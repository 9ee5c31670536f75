"""Draws from a prior set by its name, with all its claims, in the form that risks are worked out from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from model.inference.ledger import prior_draws
from model.risk.draws import Draws

if TYPE_CHECKING:
    from model.inference.knowledge import Knowledge

NAMED_DRAWS: Final = 2_000
"""Draws of each prior set that a version carries: 5 MB each in a worker, and errors of a few in a hundred."""

SEED: Final = 20120802


def named_prior(name: str, knowledge: Knowledge, *, draws: int = NAMED_DRAWS, seed: int = SEED) -> Draws:
    """Return independent draws from a prior set with all its claims.

    Parameters
    ----------
    name : str
        Of the prior set.
    knowledge : Knowledge
        The claims, the corps and the words.
    draws : int
        How many.
    seed : int
        The same one gives the same draws, of each prior set others: a Bayes factor takes them to be independent.
    """
    elicited = knowledge.prior_set(name)
    own_seed = seed + list(knowledge.claims.prior_sets).index(name)
    drawn = prior_draws(elicited, knowledge.layout(elicited), draws=draws, seed=own_seed).flattened().tables
    return Draws(
        drawn.log_relative_hazard.astype(np.float32),
        drawn.baseline,
        np.stack(drawn.sect_shares, axis=1),
        knowledge.corps.within_sect,
        knowledge.vocabulary,
    )
