"""Numbers and words as a reader takes them in."""

from __future__ import annotations

import doctest
import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.report import words
from priors.timeline import Window


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


@pytest.mark.parametrize(
    ("end", "told"), [("1861-03-31", "30-day"), ("1861-03-10", "nine-day"), ("1861-10-20", "eight-month"),
                      ("1862-03-01", "one-year"), ("1863-05-01", "26-month"), ("1901-03-01", "40-year")]
)  # fmt: skip
def test_how_long_a_window_is(end: str, told: str) -> None:
    """A window's length is told in days where it is short, in years where they are whole, else in months."""
    assert words.length(Window(date(1861, 3, 1), date.fromisoformat(end))) == told


def test_a_check_without_a_number() -> None:
    """What could not be measured is told as such."""
    assert words.measured(None) == "no number"
    assert words.measured(1.00234) == "1.002"


def test_ids_of_any_name() -> None:
    """Whatever a claim or an article is called, its id in the page has no space in it, nor a sign that needs care."""
    assert words.anchor("claim", "K 1+2 (a)") == "claim-K-1-2--a-"
