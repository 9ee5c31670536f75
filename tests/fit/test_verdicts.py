"""The verdict of the evidence on a claim, by how far it moved the odds and where it left them."""

from __future__ import annotations

import pytest

from model.fit.verdicts import bayes_factor, judged, verdict

MANY = 1_000_000


@pytest.mark.parametrize(
    ("factor", "probability", "told"),
    [
        (4.0, 0.8, "supported"),
        (4.0, 0.5, "strengthened"),
        (4.0, 0.2, "strengthened"),
        (2.9, 0.9, "untouched"),
        (1.0, 0.5, "untouched"),
        (0.4, 0.1, "untouched"),
        (0.2, 0.5, "weakened"),
        (0.2, 0.8, "weakened"),
        (0.2, 0.3, "contradicted"),
    ],
)
def test_a_verdict_needs_both(factor: float, probability: float, told: str) -> None:
    """A claim is supported or contradicted where the factor is decisive and the probability is on its side of half."""
    assert verdict(factor, probability) == told


def test_a_factor_that_few_draws_tell_decides_nothing() -> None:
    """Two standard errors of the factor's log can take a verdict back."""
    assert verdict(4.0, 0.8, error=0.1) == "supported"
    assert verdict(4.0, 0.8, error=0.2) == "untouched"
    assert judged((0.5, 20), (0.9, 20))[1] == "untouched"
    assert judged((0.5, MANY), (0.9, MANY))[1] == "supported"


def test_the_factor_is_a_ratio_of_odds() -> None:
    """The factor is posterior odds over prior odds, and finite where no draw is on one side."""
    assert bayes_factor((0.5, MANY), (0.9, MANY))[0] == pytest.approx(9, rel=1e-4)
    factor, error = bayes_factor((0.5, 100), (1.0, 100))
    assert factor == pytest.approx(201)
    assert error > 1


def test_what_is_likely_and_made_less_so_is_weakened() -> None:
    """A claim that the prior held nearly certain, and that the evidence leaves at 0.56, is not contradicted."""
    assert judged((0.95, MANY), (0.56, MANY))[1] == "weakened"
