"""Numbers and words as a reader takes them in."""

from __future__ import annotations

import doctest
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.report import words
from priors.study import Study


def test_examples_hold() -> None:
    """The examples in the documentation are true."""
    assert doctest.testmod(words).failed == 0


@given(st.floats(min_value=1e-9, max_value=1e9))
def test_numbers_keep_two_digits(value: float) -> None:
    """A number comes out without an exponent, and within a twentieth of itself."""
    shown = words.number(value)
    assert "e" not in shown
    assert math.isclose(float(shown.replace(",", "")), value, rel_tol=0.051)


@given(st.floats(min_value=0, max_value=1))
def test_percentages_never_feign_certainty(share: float) -> None:
    """A share short of none and of all is never shown as either."""
    shown = words.percent(share)
    assert shown.endswith(" %")
    assert shown not in {"0 %", "0.0 %", "100 %", "100.0 %"}


@pytest.mark.parametrize(
    ("things", "told"), [([], "none"), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists(things: list[str], told: str) -> None:
    """A list is told as in a sentence."""
    assert words.listed(things) == told


def test_every_prediction_has_words(study: Study) -> None:
    """Every claim that predicts something says what, in words that name its bounds."""
    for claim in study.claims.claims:
        if claim.prediction is not None:
            told = words.prediction_in_words(claim.prediction, study.vocabulary)
            assert " is above " in told or " is below " in told
            assert "|" not in told


def test_a_claim_in_words(study: Study) -> None:
    """A prediction reads as a sentence a reader could check."""
    prediction = study.claims["K04"].prediction
    assert prediction is not None
    assert words.prediction_in_words(prediction, study.vocabulary) == (
        "among the officers who serve, the share of Alawite officers is above 0.7 and below 0.9"
    )
