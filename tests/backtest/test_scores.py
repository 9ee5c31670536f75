"""Scores of draws, against answers that are known and against the textbook's sums."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.backtest.scores import covers, crps, log_score

DRAWS = st.lists(st.floats(-50, 50), min_size=2, max_size=40)


def by_double_sum(forecast: list[float], came: float) -> float:
    """Return the score by its definition: the mean distance from what came, less half of that between two draws."""
    count = len(forecast)
    away = sum(abs(each - came) for each in forecast) / count
    apart = sum(abs(one - other) for one in forecast for other in forecast) / count**2
    return away - apart / 2


def test_the_log_score_is_that_of_the_mean_probability() -> None:
    """A row that half of the draws foresee at 0.5, and half at 0.1, has the log of 0.3; rows add up."""
    of_one, of_other = [0.5, 0.1, 0.5, 0.1], [0.2, 0.2, 0.4, 0.0]
    assert log_score(np.log([of_one]))[0] == pytest.approx(math.log(0.3))
    with np.errstate(divide="ignore"):
        assert log_score(np.log([of_one, of_other]))[0] == pytest.approx(math.log(0.3) + math.log(0.2))


def test_the_log_score_of_what_was_hardly_foreseen_is_finite() -> None:
    """Probabilities too small for a number are told by their log."""
    assert log_score(np.array([[-2000.0, -2000.0]]))[0] == pytest.approx(-2000.0)


@given(DRAWS, st.floats(-50, 50))
def test_crps_is_the_textbooks(forecast: list[float], came: float) -> None:
    """Where what came is known exactly the score is the double sum over draws."""
    assert crps(np.array(forecast), came, came) == pytest.approx(by_double_sum(forecast, came), abs=1e-9)


def test_crps_of_one_value_is_how_far_off_it_is() -> None:
    """A forecast that names one value is off by its distance from what came."""
    assert crps(np.full(5, 3.0), 7.5, 7.5) == pytest.approx(4.5)
    assert crps(np.array([0.0, 1.0]), 0.0, 0.0) == pytest.approx(0.25)


@given(DRAWS, st.floats(-50, 50), st.floats(0, 20))
def test_between_the_bounds_all_is_right(forecast: list[float], lowest: float, width: float) -> None:
    """Of an interval, the score is that of the distances beyond it, and is none where no draw lies beyond."""
    highest = lowest + width
    beyond = [min(each - lowest, 0.0) + max(each - highest, 0.0) for each in forecast]
    assert crps(np.array(forecast), lowest, highest) == pytest.approx(by_double_sum(beyond, 0.0), abs=1e-9)
    assert crps(np.clip(forecast, lowest, highest), lowest, highest) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("lowest", "highest", "held"), [(50, 50, True), (5, 5, True), (4.9, 4.9, False), (0, 6, True), (95.1, 200, False)]
)
def test_an_interval_holds_what_its_ends_enclose(lowest: float, highest: float, *, held: bool) -> None:
    """The central 90 % of 0 to 100 are 5 to 95; of bounds one value inside is enough."""
    assert covers(np.arange(101.0), lowest, highest) is held


def test_the_error_of_a_log_score_is_how_far_other_draws_would_take_it() -> None:
    """Over draws that each resemble the one before, scores of many samples lie as far apart as one says they do."""
    random = np.random.default_rng(1)
    steps = random.normal(size=(400, 2_000))
    walks = np.zeros_like(steps)
    for draw in range(1, steps.shape[1]):
        walks[:, draw] = 0.8 * walks[:, draw - 1] + steps[:, draw]
    terms = np.stack([-0.5 * walks**2, -0.1 * np.abs(walks)], axis=1)
    scores, errors = zip(*map(log_score, terms), strict=True)
    assert np.std(scores) == pytest.approx(np.mean(errors), rel=0.15)
