"""The stored draws weighed anew under changes: their own, or those of every prior set that was fitted together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.evidence.likelihood import log_likelihood
from model.evidence.rows import RowGroup
from model.reweighting import Weights, moved
from model.what_if.changes import Changes
from model.what_if.terms import TermDraws, Terms, fitted_quantities, places
from priors.pooling import pooled

Array = NDArray[np.float64]

Altered = tuple[RowGroup, RowGroup | None]
"""A row or a list, and what changes make of it; None where it is struck."""

HELPS: Final = 2.0
"""How many times more draws those of all prior sets must be worth than a version's own to be taken instead of them."""

EXACT: Final = 1e-10
MOST_ROUNDS: Final = 1_000


@dataclass(frozen=True, eq=False)
class Weighed:
    """Weights of draws under changes.

    Attributes
    ----------
    weights : ndarray, shape (draw,)
        They sum to one over the draws of the prior sets, one set after the other.
    prior_sets : tuple of str
        Whose draws, the version's own first.
    pareto_k, effective : float
        As in `model.reweighting.Weights`.
    known : bool
        Whether the draws can tell what the changes come to.
    """

    weights: Array
    prior_sets: tuple[str, ...]
    pareto_k: float
    effective: float
    known: bool

    @classmethod
    def of(cls, found: Weights, prior_sets: tuple[str, ...]) -> Weighed:
        """Return the one case of some weights."""
        (weights,), (k,), (effective,), (known,) = found.weights, found.pareto_k, found.effective, found.known
        return cls(weights, prior_sets, float(k), float(effective), bool(known))


def weigh(terms: Terms, changes: Changes) -> Weighed | None:
    """Return the weights of stored draws under changes.

    Returns
    -------
    Weighed or None
        Of the version's own draws; of those of every prior set fitted beside it where these tell more. None where what
        the changes would count is not among what is stored: a list that leaves room for others as it did not before.

    Notes
    -----
    A draw's weight is its density under the changes over that under which it was drawn. Draws of several prior sets
    are weighed against the mixture of them all (Veach & Guibas 1995), whose normalising constants are those of
    Shirts & Chodera (2008).
    """
    after = _after(terms, changes)
    if any(group is not None and places(group) != places(stored) for stored, group in after):
        return None
    log_prior = terms.cache.get("prior", lambda: _log_prior(terms, terms.own, terms.prior_set))
    own = _log_changed(terms, terms.own, changes, after)
    alone = Weighed.of(moved((own - log_prior)[:, None]), (terms.prior_set,))
    if not terms.beside or not changes:
        return alone
    draws = {terms.prior_set: terms.own, **terms.beside}
    others = (_log_changed(terms, each, changes, after) for each in terms.beside.values())
    log_changed = np.concatenate([own, *others])
    log_mixture = terms.cache.get("mixture", lambda: _log_mixture(terms, draws))
    mixed = Weighed.of(moved((log_changed - log_mixture)[:, None]), tuple(draws))
    better = mixed.known and (not alone.known or mixed.effective > HELPS * alone.effective)
    return mixed if better else alone


def _after(terms: Terms, changes: Changes) -> list[Altered]:
    """Return each row or list with what changes make of it."""
    kept = {row.id: row for row in changes.altered(terms.rows)}
    found: list[Altered] = []
    for group in terms.groups:
        rows = tuple(kept[row.id] for row in group.rows if row.id in kept)
        found.append((group, RowGroup(group.kind, rows) if rows else None))
    return found


def _log_changed(terms: Terms, draws: TermDraws, changes: Changes, after: Sequence[Altered]) -> Array:
    """Return the log density of draws under changes, but for the likelihood that was fitted, shape (draw,)."""
    authors, without = {**terms.authors, **changes.authors}, (*terms.without, *changes.without_claims)
    log_density = _log_prior(terms, draws, terms.prior_set, without=without, authors=authors)
    place = listed = 0
    for stored, group in after:
        expected = draws.expected[:, place : place + places(stored)]
        concentration = draws.concentration[:, listed] if stored.is_list else None
        place, listed = place + places(stored), listed + stored.is_list
        if group != stored:
            log_density = log_density - _weighed(stored, expected, concentration)
        if group not in {None, stored}:
            log_density = log_density + _weighed(group, expected, concentration)
    return log_density


def _weighed(group: RowGroup, expected: Array, concentration: Array | None) -> Array:
    return group.rows[0].weight * log_likelihood(group, expected, concentration)


def _log_prior(
    terms: Terms,
    draws: TermDraws,
    prior_set: str,
    *,
    without: tuple[str, ...] | None = None,
    authors: Mapping[str, float] | None = None,
) -> Array:
    """Return the log density of draws of the quantities under a prior set, as it was fitted or otherwise."""
    study, articles = terms.study, [article.name for article in terms.study.articles]
    claims = study.claims.of_set(prior_set, terms.without if without is None else without)
    weights = terms.authors if authors is None else authors
    log_density = np.zeros(draws.count)
    for quantity, values in zip(fitted_quantities(study), draws.quantities.T, strict=True):
        pool = pooled(quantity, claims, terms.elicited[quantity.name], articles=articles, weights=weights)
        log_density += pool.log_density(values)
    return log_density


def _log_mixture(terms: Terms, draws: Mapping[str, TermDraws]) -> Array:
    """Return the log density of the mixture that draws of several prior sets are of, each set in its own measure.

    Shape (draw,), the draws of one set after those of another. The likelihood, which all share, is left out.
    """
    counts = np.log([each.count for each in draws.values()])
    log_prior = np.array([np.concatenate([_log_prior(terms, each, name) for each in draws.values()]) for name in draws])
    log_constants = np.zeros(len(draws))
    for _ in range(MOST_ROUNDS):
        mixture = np.logaddexp.reduce(log_prior + (counts - log_constants)[:, None])
        found = np.logaddexp.reduce(log_prior - mixture, axis=1)
        found -= found[0]
        settled = np.abs(found - log_constants).max() < EXACT
        log_constants = found
        if settled:
            break
    return np.asarray(np.logaddexp.reduce(log_prior + (counts - log_constants)[:, None]))
