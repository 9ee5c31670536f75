"""Promises about how draws become numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import lfilter

from model.risk.errors import IntervalError
from model.risk.summaries import checked_intervals, rounded, standard_error, summarise


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_rounding_keeps_six_digits_and_is_done_once(value: float) -> None:
    """A rounded number is within half a unit of its sixth digit, and rounding it again changes nothing."""
    assert rounded(value) == pytest.approx(value, rel=5.1e-6, abs=5e-324)
    assert rounded(rounded(value)) == rounded(value)


def test_intervals_are_equal_tailed_and_named() -> None:
    """Of 0 to 100 the half in the middle is 25 to 75, said with kind and probability."""
    (found,) = summarise(np.arange(101.0)[None], (0.5,))
    assert (found.mean, found.median) == (50, 50)
    assert found.intervals[0].as_dict() == {"kind": "eti", "probability": 0.5, "lower": 25.0, "upper": 75.0}


@pytest.mark.parametrize("probability", [0.0, 1.0, -0.1, float("nan")])
def test_an_interval_must_leave_something_out(probability: float) -> None:
    """Probabilities of 0 and 1, beyond them, or of no number are refused."""
    with pytest.raises(IntervalError):
        checked_intervals([0.5, probability])


@pytest.mark.parametrize("correlation", [0.0, 0.5, -0.3])
def test_the_standard_error_is_that_of_draws_that_resemble_each_other(correlation: float) -> None:
    """Of an autoregressive chain of known correlation it is what theory says, to the error of so many batches."""
    draws, generator = 10_000, np.random.default_rng(3)
    shocks = generator.normal(size=draws) * np.sqrt(1 - correlation**2)
    chain = lfilter([1.0], [1.0, -correlation], shocks)
    expected = np.sqrt((1 + correlation) / (1 - correlation) / draws)
    assert standard_error(chain) == pytest.approx(expected, rel=4 / np.sqrt(2 * 99))


def test_two_draws_have_a_standard_error() -> None:
    """The fewest draws that a risk table may hold have that of independent ones; a single one has none to tell."""
    assert standard_error(np.array([1.0, 3.0])) == pytest.approx(1.0)
    assert standard_error(np.array([1.0])) == 0
