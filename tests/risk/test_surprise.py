"""Promises about surprise: at least one of the armed forces by a day, and a Bayes factor with its error."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from model.risk.errors import OutlookError
from model.risk.surprise import MeanProbability, bayes_factor, bayes_factors, men, surprise
from model.risk.table import RiskTable
from priors.errors import WindowError
from priors.study import load_study
from priors.timeline import Window
from tests.support.risk_tables import cell_shares, synthetic_table

STUDY = load_study().vocabulary.timeline.window
MUSTAFA = {"sect": "alawite", "rank": "brigadier", "eliteness": "elite"}
DAY = date(2012, 8, 2)


@pytest.fixture(scope="module")
def table() -> RiskTable:
    """Return a table of random draws."""
    return synthetic_table()


def test_it_is_the_probability_of_at_least_one(table: RiskTable) -> None:
    """Each man is of the profile and leaves by the day's end with share times risk; at least one of all does."""
    draws, vocabulary = table.prior, table.vocabulary
    like_him = [(sect, rank, unit) == tuple(MUSTAFA.values()) for sect, rank, unit, _ in vocabulary.cells]
    share = cell_shares(draws)[:, like_him].sum(axis=1)
    chance = share * draws.risk(MUSTAFA, Window(STUDY.start, DAY + timedelta(days=1)))
    assert men(draws, MUSTAFA, corps=5000) == pytest.approx(5000 * share)
    assert surprise(draws, MUSTAFA, by=DAY, corps=5000) == pytest.approx(1 - (1 - chance) ** 5000, rel=1e-9)


def test_as_many_serve_as_in_each_draw(table: RiskTable) -> None:
    """Unless it is stated how many serve, the men of each draw do: whole forces of so many, one after another."""
    draws = table.posterior
    like_him = [(sect, rank, unit) == tuple(MUSTAFA.values()) for sect, rank, unit, _ in table.vocabulary.cells]
    assert men(draws, MUSTAFA) == pytest.approx(draws.heads[:, like_him].sum(axis=1), rel=1e-6)
    found, total = surprise(draws, MUSTAFA, by=DAY), draws.total_heads
    for draw in range(0, draws.count, 13):
        stated = surprise(draws, MUSTAFA, by=DAY, corps=round(total[draw]))
        assert found[draw] == pytest.approx(stated[draw], rel=1e-4)


def test_a_larger_corps_and_a_later_day_surprise_less(table: RiskTable) -> None:
    """The probability rises with men and with time."""
    by_corps = [surprise(table.posterior, MUSTAFA, by=DAY, corps=corps) for corps in (1, 1000, 325_000)]
    by_day = [surprise(table.posterior, MUSTAFA, by=day, corps=1000) for day in (STUDY.start, DAY, date(2016, 3, 14))]
    for values in (by_corps, by_day):
        assert np.all(np.diff(values, axis=0) >= 0)


def test_a_bayes_factor_is_turned_round_with_its_sides() -> None:
    """First over second is the inverse of second over first, with the same error of its log."""
    one, other = MeanProbability(0.05, 0.002), MeanProbability(0.01, 0.001)
    ratio, inverse = bayes_factor(one, other), bayes_factor(other, one)
    assert ratio is not None
    assert inverse is not None
    assert ratio.value * inverse.value == pytest.approx(1, rel=1e-5)
    assert ratio.log_error == inverse.log_error == pytest.approx(np.hypot(0.04, 0.1), rel=1e-5)
    assert bayes_factor(one, MeanProbability(0.0, 0.0)) is None


def test_the_error_of_a_bayes_factor_covers() -> None:
    """The log of the factor lies within two of its errors of the truth about as often as it should."""
    random, inside = np.random.default_rng(2), 0
    for _ in range(300):
        one, other = (MeanProbability.over(random.beta(1, b, 400)) for b in (19, 199))
        ratio = bayes_factor(one, other)
        assert ratio is not None
        inside += abs(np.log(ratio.value / 10)) < 2 * ratio.log_error
    assert inside > 270


def test_every_pair_is_set_against_each_other() -> None:
    """Three sets make three factors, the earlier named over the later."""
    found = bayes_factors({name: MeanProbability(p, 0.1 * p) for name, p in (("a", 0.1), ("b", 0.2), ("c", 0.4))})
    assert [(each["first"], each["second"], each["bayes_factor"]) for each in found] == [
        ("a", "b", 0.5), ("a", "c", 0.25), ("b", "c", 0.5),
    ]  # fmt: skip


def test_wrong_questions_are_refused(table: RiskTable) -> None:
    """A corps of nobody and a day after the study are errors."""
    with pytest.raises(OutlookError, match="corps"):
        surprise(table.prior, MUSTAFA, by=DAY, corps=0)
    with pytest.raises(WindowError):
        surprise(table.prior, MUSTAFA, by=date(2016, 3, 15), corps=1000)
