"""Draws weighed anew under changes, against distributions that are known."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import betabinom

from model.evidence.rows import EvidenceRow
from model.what_if.changes import Changes
from model.what_if.terms import TermDraws, Terms, fitted_quantities
from model.what_if.weighing import Weighed, weigh
from priors.elicitation import elicited
from priors.pooling import Elicited, Pool, pooled
from priors.study import Study
from tests.support.problems import evidence_row
from tests.support.syria import SYRIA

DRAWS = 8_000
ALPHA, BETA = 3.0, 20.0
ROW = evidence_row("B", "rate", (20, 20), (3, 3), rank=("colonel",))


@cache
def what_claims_amount_to() -> dict[str, Elicited]:
    """Elicit every claim of the study about every quantity."""
    return {each.name: elicited(each, SYRIA.claims.claims) for each in SYRIA.claims.quantities}


def pools(study: Study, prior_set: str, without: Sequence[str] = ()) -> list[Pool]:
    """Return the priors of the quantities that the model is fitted to."""
    claims, articles = study.claims.of_set(prior_set, tuple(without)), [each.name for each in study.articles]
    found = what_claims_amount_to()
    return [pooled(each, claims, found[each.name], articles=articles, weights={}) for each in fitted_quantities(study)]


def drawn(pool: Pool, generator: np.random.Generator) -> NDArray[np.float64]:
    """Return draws from a prior."""
    if pool.family == "Beta":
        return generator.beta(*pool.parameters, DRAWS)
    part = generator.choice(len(pool.components), DRAWS, p=[each.weight for each in pool.components])
    mean, sd = (np.array([getattr(each, name) for each in pool.components])[part] for name in ("mean", "sd"))
    return generator.normal(mean, sd)


def draws_of(prior_set: str, *, seed: int, share: NDArray[np.float64] | None = None) -> TermDraws:
    """Return draws of the quantities from a prior set, and of what is expected of a row, if there is any."""
    generator = np.random.default_rng(seed)
    columns = [drawn(pool, generator) for pool in pools(SYRIA, prior_set)]
    expected = np.zeros((DRAWS, 0)) if share is None else share[:, None]
    nothing = np.zeros((DRAWS, 0))
    return TermDraws(np.stack(columns, axis=1), expected, nothing, nothing.astype(bool))


def terms_of(own: TermDraws, *rows: EvidenceRow, **beside: TermDraws) -> Terms:
    """Return the terms of a version under all claims."""
    return Terms(own, beside, rows, what_claims_amount_to(), "pooled", (), {}, SYRIA)


def found(terms: Terms, changes: Changes) -> Weighed:
    """Return the weights under changes that can be counted."""
    weighed = weigh(terms, changes)
    assert weighed is not None
    return weighed


def assert_mean(weighed: Weighed, values: NDArray[np.float64], expected: float) -> None:
    """Assert that a weighted mean is what it should be, to five of its standard errors."""
    mean = weighed.weights @ values
    error = np.sqrt(weighed.weights**2 @ (values - mean) ** 2)
    assert abs(mean - expected) < 5 * error


def test_nothing_supposed_weighs_all_draws_alike() -> None:
    """Without a change the weights are equal, also where draws of other prior sets are at hand."""
    terms = terms_of(draws_of("pooled", seed=1), stratfor=draws_of("stratfor", seed=2))
    weighed = found(terms, Changes())
    np.testing.assert_allclose(weighed.weights, 1 / DRAWS)
    assert (weighed.prior_sets, weighed.pareto_k, weighed.known) == (("pooled",), 0.0, True)


@pytest.mark.parametrize("claim", ["K01", "K11", "K17", "S02"])
def test_draws_without_a_claim_are_of_the_prior_without_it(claim: str) -> None:
    """Reweighted, the draws of every quantity have the mean of the prior that the other claims make."""
    terms = terms_of(draws_of("pooled", seed=3))
    weighed = found(terms, Changes(without_claims=(claim,)))
    assert weighed.known
    for column, pool in zip(terms.own.quantities.T, pools(SYRIA, "pooled", [claim]), strict=True):
        alpha, beta = pool.parameters
        assert_mean(weighed, column, alpha if pool.family == "Normal" else alpha / (alpha + beta))


def test_draws_of_all_prior_sets_tell_what_those_of_one_cannot() -> None:
    """Without an article the fit of the other is at hand, whose draws tell more than the pool's."""
    own, others = draws_of("pooled", seed=4), {"al-kattan": draws_of("al-kattan", seed=5)}
    others["stratfor"] = draws_of("stratfor", seed=6)
    changes = Changes(authors={"al-kattan": 0.0})
    alone, mixed = found(terms_of(own), changes), found(terms_of(own, **others), changes)
    assert mixed.prior_sets == ("pooled", "al-kattan", "stratfor")
    assert mixed.known
    assert mixed.effective > 2 * alone.effective
    columns = np.concatenate([own.quantities, *(each.quantities for each in others.values())])
    for column, pool in zip(columns.T, pools(SYRIA, "stratfor"), strict=True):
        alpha, beta = pool.parameters
        assert_mean(mixed, column, alpha if pool.family == "Normal" else alpha / (alpha + beta))


@pytest.mark.parametrize(
    ("changes", "counted", "missed"),
    [
        (Changes(without_rows=("B",)), 0, 0),
        (Changes(rows={"B": 0.5}), 1.5, 8.5),
        (Changes(rows={"B": 1.5}), 4.5, 25.5),
        (Changes(bounds={"B": (5, 5)}), 5, 15),
        (Changes(bounds={"B": (1, None)}), None, None),
    ],
    ids=["struck", "doubted", "counted for more", "another count", "within bounds"],
)
def test_draws_are_of_the_posterior_of_other_evidence(
    changes: Changes, counted: float | None, missed: float | None
) -> None:
    """A share with a beta prior, of which 3 of 20 were counted, has the beta posterior of what is supposed instead."""
    share = np.random.default_rng(7).beta(ALPHA + 3, BETA + 17, DRAWS)
    weighed = found(terms_of(draws_of("pooled", seed=8, share=share), ROW), changes)
    assert weighed.known
    if counted is None or missed is None:  # one to three of twenty
        by_count = [(n, _marginal(n)) for n in (1, 2, 3)]
        whole = sum(marginal for _, marginal in by_count)
        expected = sum(marginal / whole * (ALPHA + n) / (ALPHA + BETA + 20) for n, marginal in by_count)
    else:
        expected = (ALPHA + counted) / (ALPHA + BETA + counted + missed)
    assert_mean(weighed, share, expected)


def test_what_the_draws_do_not_reach_is_not_known() -> None:
    """Evidence far from that which was fitted leaves a tail of weights that is not trusted."""
    row = evidence_row("B", "rate", (400, 400), (40, 40), rank=("colonel",))
    share = np.random.default_rng(9).beta(ALPHA + 40, BETA + 360, DRAWS)
    weighed = found(terms_of(draws_of("pooled", seed=10, share=share), row), Changes(bounds={"B": (300, 300)}))
    assert not weighed.known


def test_a_list_that_would_leave_others_over_cannot_be_counted() -> None:
    """What a list would leave over is not among what is stored where its rows made up the whole."""
    rows = tuple(
        evidence_row(f"C{n}", "defector_composition", (12, 12), (n, n), attribute=("rank", (rank,)))
        for n, rank in ((5, "colonel"), (7, "major"))
    )
    own = draws_of("pooled", seed=11)
    half = np.full((DRAWS, 2), 0.5)
    own = dataclasses.replace(own, expected=half, concentration=np.full((DRAWS, 1), 20.0))
    terms = terms_of(own, *rows)
    assert weigh(terms, Changes(bounds={"C5": (4, 4), "C7": (6, 6)})) is None
    assert weigh(terms, Changes(bounds={"C5": (4, 4), "C7": (8, 8)})) is not None


def _marginal(count: int) -> float:
    """Return the probability, but for a constant, of a count out of twenty under the beta prior."""
    return float(betabinom(20, ALPHA, BETA).pmf(count))
