"""The likelihood of rows in NumPy alone, against answers known without it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import gammaln
from scipy.stats import binom, dirichlet_multinomial

from model.evidence.likelihood import log_gamma, log_likelihood
from model.evidence.rows import RowGroup
from tests.support.problems import evidence_row


def test_log_gamma_is_scipy_s() -> None:
    """From a billionth to a million the log of the gamma function is right to rounding."""
    values = np.geomspace(1e-9, 1e6, 4_000)
    np.testing.assert_allclose(log_gamma(values), gammaln(values), rtol=1e-13, atol=1e-13)


def test_a_small_count_is_the_sum_of_its_binomials() -> None:
    """Of 20 at risk, 2 to 4 left: three binomial probabilities together."""
    row = evidence_row("B", "rate", (20, 20), (2, 4))
    share = np.array([0.01, 0.15, 0.6])
    expected = np.log(binom.pmf([[2], [3], [4]], 20, share).sum(axis=0))
    np.testing.assert_allclose(log_likelihood(RowGroup("rate", (row,)), share[:, None]), expected)


def test_a_list_is_dirichlet_multinomial() -> None:
    """A list of exact counts that leaves some over has the probability that SciPy gives it."""
    rows = tuple(
        evidence_row(f"C{n}", "defector_composition", (12, 12), (n, n), attribute=("rank", (rank,)))
        for n, rank in ((3, "colonel"), (5, "major"))
    )
    shares, concentration = np.array([[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]]), np.array([9.0, 40.0])
    found = log_likelihood(RowGroup("defector_composition", rows), shares, concentration)
    expected = [
        dirichlet_multinomial(alpha * share, 12).logpmf([3, 5, 4])
        for share, alpha in zip(shares, concentration, strict=True)
    ]
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("owner", ["source", "compiler"])
def test_bounds_hold_softly(owner: str) -> None:
    """What lies well within bounds is nearly certain, what lies far outside is not; the compiler's bound is softer."""
    row = evidence_row("M", "rate", None, (100, 10_000), bound_by=owner)
    within, outside = log_likelihood(RowGroup("rate", (row,)), np.array([[1_000.0], [100_000.0]]))
    assert np.exp(within) > 0.9
    assert outside < (-6 if owner == "compiler" else -40)
