"""The log-likelihood of evidence rows and of officer files, term by term, from the parts of the corps still serving.

Written over a namespace of array functions: NumPy's, and JAX's for samplers that differentiate it themselves. What
nutpie and PyMC sample is the same by hand, in `model.inference.kernel`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from model.evidence.likelihood_terms import Terms
from model.evidence.officers import Officers
from model.inference.hazard import Hazards
from model.inference.namespaces import Namespace

Array = Any

SMALLEST_SHARE = 1e-12
"""Shares are kept this far from 0 and 1, where their logit would not be finite."""


@dataclass(frozen=True)
class Expected:
    """What the model expects of each row.

    Attributes
    ----------
    shares : (share,)
        Of those at risk, the share that defects; of the corps, the share with the attribute.
    categories : (category,)
        Share of the corps that defects and falls in a category of a list; the last is zero.
    """

    shares: Array
    categories: Array


def expected(hazards: Hazards, within_sect: Array, sect_of_cell: Array, terms: Terms, xp: Namespace) -> Expected:
    """Return what a hazard table and a composition of the corps expect of the evidence rows.

    Parameters
    ----------
    hazards : Hazards
        Of one draw: vectors, without leading dimensions.
    within_sect : ndarray, shape (class, cell)
        Corps share of a cell over the share of its sect in its class.
    """
    officers, enlisted = hazards.sect_shares
    cell_shares = officers[sect_of_cell] * within_sect[0] + enlisted[sect_of_cell] * within_sect[1]
    elapsed = (terms.months @ xp.exp(hazards.baseline))[terms.serving_date][terms.member_serving]
    surviving = xp.exp(-xp.exp(hazards.log_relative_hazard)[terms.member_cell] * elapsed)
    # The last is nobody.
    serving = xp.sum_by(cell_shares[terms.member_cell] * surviving, terms.member_serving, len(terms.serving_date) + 1)
    flows = serving[terms.flow_from] - serving[terms.flow_to]
    shares = flows[terms.share_flow] / serving[terms.share_serving]
    return Expected(shares, terms.category_flow @ flows)


def log_likelihood(expectation: Expected, log_count_concentration: Array, terms: Terms, xp: Namespace) -> Array:
    """Return the log-likelihood of each term of the evidence, shape (term,): normals, binomials, lists."""
    shares = SMALLEST_SHARE + (1 - 2 * SMALLEST_SHARE) * expectation.shares
    log_share, log_rest = xp.log(shares), xp.log1p(-shares)
    logit = (log_share - log_rest)[terms.normal_share]
    normal = (
        -0.5 * ((logit - terms.normal_location) / terms.normal_scale) ** 2
        - xp.log(terms.normal_scale)
        - 0.5 * np.log(2 * np.pi)
    )
    binomial = xp.logsumexp(
        terms.binomial_weight
        + terms.binomial_defected * log_share[terms.binomial_share][:, None]
        + terms.binomial_stayed * log_rest[terms.binomial_share][:, None],
        axis=1,
    )
    return xp.concatenate([normal, binomial, _lists(expectation, log_count_concentration, terms, xp)], axis=0)


def _lists(expectation: Expected, log_count_concentration: Array, terms: Terms, xp: Namespace) -> Array:
    """Return the Dirichlet-multinomial log-likelihood of each list, summed over the count vectors its bounds allow."""
    expected_counts = expectation.categories[terms.list_category]
    concentration = xp.exp(log_count_concentration)
    # A padded place has count 0 and concentration 1, which adds log Gamma(1) - log Gamma(1) = 0.
    alpha = concentration * (
        SMALLEST_SHARE + expected_counts / expected_counts.sum(axis=1)[:, None]
    ) * (1 - terms.list_padding) + terms.list_padding  # fmt: skip
    alpha = alpha[:, None, :]
    by_place = xp.gammaln(terms.list_count + alpha) - xp.gammaln(alpha)
    totals = terms.list_count.sum(axis=2)
    by_point = (
        terms.list_weight
        + xp.gammaln(concentration)
        - xp.gammaln(totals + concentration)
        + by_place.sum(axis=2)
    )  # fmt: skip
    return xp.logsumexp(by_point, axis=1)


def officers_log_likelihood(hazards: Hazards, officers: Officers, xp: Namespace) -> Array:
    """Return the log-likelihood of an officer file: a number.

    Dated defections and exposure enter as a piecewise exponential model (Holford 1980): events times log hazard,
    less hazard times exposure, a contraction of two small exponentiated tables. Undated defections add
    log(1 - exp(-cumulative hazard)) each.
    """
    baseline, relative = xp.exp(hazards.baseline), xp.exp(hazards.log_relative_hazard)
    dated = (
        (officers.events.sum(axis=1) * hazards.log_relative_hazard).sum()
        + (officers.events.sum(axis=0) * hazards.baseline).sum()
        - (relative * (officers.exposure @ baseline)).sum()
    )
    cumulative = relative[officers.undated_cells] * (officers.undated_months @ baseline)
    return dated + (officers.undated_counts * xp.log(-xp.expm1(-cumulative))).sum()
