"""Draws of everything a fit says: parameters, hazards, and what is expected of each evidence row."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from model.evidence.likelihood_terms import Terms
from model.evidence.points import IMPOSSIBLE, NORMAL_90
from model.inference.hazard import Hazards, Parameters
from model.inference.likelihood import expected, log_likelihood, officers_log_likelihood
from model.inference.namespaces import NUMPY
from model.inference.problem import Problem

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Draws:
    """Draws of a prior or a posterior: the parameters, and the hazards they amount to.

    Every array has dimensions chain and draw first.
    """

    parameters: Parameters
    tables: Hazards

    def flattened(self) -> Draws:
        """Return the same draws with chain and draw as one leading dimension."""

        def flat(array: FloatArray) -> FloatArray:
            return array.reshape(-1, *array.shape[2:])

        return Draws(_mapped(self.parameters, flat), _mapped(self.tables, flat))

    def __len__(self) -> int:
        """Return the length of the leading dimension."""
        return len(self.tables.baseline)


@dataclass(frozen=True)
class RowDraws:
    """What a fit expects of the evidence.

    Attributes
    ----------
    share : ndarray, shape (draw, row)
        The expected share: of those at risk who defect, of the corps with the attribute, of a list in a category.
    replicate : ndarray, shape (draw, row)
        A share that the fit would have the row report, drawn from the likelihood.
    log_likelihood : ndarray, shape (draw, term)
    officers_log_likelihood : ndarray, shape (draw,)
    """

    share: FloatArray
    replicate: FloatArray
    log_likelihood: FloatArray
    officers_log_likelihood: FloatArray


def row_draws(draws: Draws, problem: Problem, generator: np.random.Generator) -> RowDraws:
    """Return what each draw expects of each evidence row, a replicate of it, and each term's log-likelihood.

    Parameters
    ----------
    draws : Draws
        Flattened.
    """
    terms = problem.terms
    shares, replicates, likelihoods, of_officers = [], [], [], []
    for index in range(len(draws)):
        tables = _mapped(draws.tables, itemgetter(index))
        expectation = expected(tables, problem.within_sect, problem.layout.sect_of_cell, terms, NUMPY)
        log_concentration = draws.parameters.log_count_concentration[index]
        category_shares = _category_shares(expectation.categories, terms)
        concentration = float(np.exp(log_concentration))
        shares.append(_by_row(expectation.shares, category_shares, terms))
        replicates.append(_replicate(expectation.shares, category_shares, concentration, terms, generator))
        likelihoods.append(log_likelihood(expectation, log_concentration, terms, NUMPY))
        of_officers.append(officers_log_likelihood(tables, problem.officers, NUMPY))
    return RowDraws(*(np.array(part) for part in (shares, replicates, likelihoods, of_officers)))


def observed_intervals(terms: Terms) -> FloatArray:
    """Return the lowest and the highest share that each row's bounds allow, shape (row, 2), in row order."""
    bounds = np.full((len(terms.row_ids), 2), np.nan)
    by_share = {}
    for share, location, scale in zip(terms.normal_share, terms.normal_location, terms.normal_scale, strict=True):
        by_share[int(share)] = (expit(location - NORMAL_90 * scale), expit(location + NORMAL_90 * scale))
    for place, share in enumerate(terms.binomial_share):
        allowed = terms.binomial_weight[place] > IMPOSSIBLE
        total = (terms.binomial_defected + terms.binomial_stayed)[place][allowed]
        share_seen = terms.binomial_defected[place][allowed] / total
        by_share[int(share)] = (share_seen.min(), share_seen.max())
    by_category = {}
    for place, categories in enumerate(terms.list_category):
        allowed = terms.list_weight[place] > IMPOSSIBLE
        counts = terms.list_count[place][allowed]
        seen = counts / counts.sum(axis=1, keepdims=True)
        for column, category in enumerate(categories):
            by_category[int(category)] = (seen[:, column].min(), seen[:, column].max())
    for row, (share, category) in enumerate(zip(terms.row_share, terms.row_category, strict=True)):
        bounds[row] = by_share[int(share)] if share >= 0 else by_category[int(category)]
    return bounds


def _mapped[Values: (Parameters, Hazards)](values: Values, function: Callable[[Any], Any]) -> Values:
    """Return the same values with a function applied to every array."""

    def apply(value: Any) -> Any:
        return tuple(function(part) for part in value) if isinstance(value, tuple) else function(value)

    changes = {field.name: apply(getattr(values, field.name)) for field in dataclasses.fields(values)}
    return dataclasses.replace(values, **changes)


def _category_shares(categories: FloatArray, terms: Terms) -> FloatArray:
    """Return each category's share of its own list, shape (category,)."""
    shares = np.zeros_like(categories)
    for places in terms.list_category:
        shares[places] = categories[places] / categories[places].sum()
    return shares


def _by_row(shares: FloatArray, category_shares: FloatArray, terms: Terms) -> FloatArray:
    places = zip(terms.row_share, terms.row_category, strict=True)
    return np.array([shares[share] if share >= 0 else category_shares[category] for share, category in places])


def _replicate(
    shares: FloatArray,
    category_shares: FloatArray,
    concentration: float,
    terms: Terms,
    generator: np.random.Generator,
) -> FloatArray:
    seen = np.clip(shares, 1e-12, 1 - 1e-12)
    logit = np.log(seen / (1 - seen))[terms.normal_share]
    seen = seen.copy()
    seen[terms.normal_share] = expit(generator.normal(logit, terms.normal_scale))
    if len(terms.binomial_share):
        totals = (terms.binomial_defected + terms.binomial_stayed).max(axis=1)
        exact = np.clip(shares[terms.binomial_share], 0, 1)
        seen[terms.binomial_share] = generator.binomial(totals.astype(int), exact) / totals
    listed = category_shares.copy()
    for place, categories in enumerate(terms.list_category):
        used = categories[terms.list_padding[place] == 0]
        total = int(terms.list_count[place].sum(axis=1).max())
        alpha = np.maximum(category_shares[used] * concentration, 1e-9)
        listed[used] = generator.multinomial(total, generator.dirichlet(alpha)) / total
    return _by_row(seen, listed, terms)
