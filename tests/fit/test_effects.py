"""The baseline walks, and effects move, as is stated of them, whatever a study declares of its periods."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from model.fit.effects import courses, membership, moving, since, walk
from priors.claims import Baseline
from priors.elicitation import elicit_prior_set
from priors.timeline import Period, Timeline, Window
from tests.support.made_up import FLEET, GARRISON, made_up

YEARS = [str(year) for year in range(2001, 2009)]
PERIODS = tuple(Period(year, Window(date(int(year), 1, 1), date(int(year) + 1, 1, 1))) for year in YEARS)
STUDY = Timeline(Window(PERIODS[0].window.start, PERIODS[-1].window.end), PERIODS)
FLEET_STUDY = made_up(FLEET)
FLEET_PRIORS = elicit_prior_set(FLEET_STUDY, FLEET_STUDY.claims.all_together)

DECLARATIONS: dict[str, tuple[list[str], list[str]]] = {
    "one period sets the level": (["2004"], ["2007"]),
    "the first period alone": (["2001"], []),
    "two that meet": (["2003", "2004"], ["2008"]),
    "three, with a gap": (["2003", "2004", "2006"], ["2001"]),
    "all but one": (YEARS[:4] + YEARS[5:], []),
    "all are claimed or level": (YEARS[:3], YEARS[3:]),
    "free at both ends": (["2004", "2005"], ["2002", "2007"]),
}


@pytest.mark.parametrize("name", DECLARATIONS)
def test_the_baseline_is_a_random_walk_given_what_is_claimed(name: str) -> None:
    """Means and covariances are those of a random walk given the level's periods and the claimed ones.

    Between known periods a walk is a Gaussian vector with covariance min(s, t): its mean and covariance given some of
    its values follow from the general formula for Gaussian vectors, with no word of bridges.
    """
    level, claimed = DECLARATIONS[name]
    held, steps = declared(level, claimed)
    known, free = (np.isin(YEARS, [*level, *claimed]), ~np.isin(YEARS, [*level, *claimed]))
    times = np.arange(len(YEARS)) + 1e6
    # From a start so long ago that nothing is known of it: the walk's level is free.
    covariance = np.minimum.outer(times, times) - times[0] + 1e7
    weights = np.linalg.solve(covariance[np.ix_(known, known)], covariance[np.ix_(known, free)])
    left = covariance[np.ix_(free, free)] - covariance[np.ix_(free, known)] @ weights
    np.testing.assert_allclose(held[:, free], held[:, known] @ weights, atol=1e-5)
    by_level = steps[: len(level) - 1]
    np.testing.assert_allclose(by_level[:, free], by_level[:, known] @ weights, atol=1e-5)
    own = steps[len(level) - 1 :]
    np.testing.assert_allclose(own[:, known], 0)
    np.testing.assert_allclose((own.T @ own)[np.ix_(free, free)], left, atol=1e-5)


@pytest.mark.parametrize("name", DECLARATIONS)
def test_the_level_is_the_mean_of_its_periods(name: str) -> None:
    """Steps between the periods that set the level have a variance of one, and move their mean nowhere."""
    level, claimed = DECLARATIONS[name]
    _, steps = declared(level, claimed)
    at = [YEARS.index(period) for period in level]
    np.testing.assert_allclose(steps[:, at].mean(axis=1), 0, atol=1e-12)
    between = np.diff(steps[:, at])
    np.testing.assert_allclose(between.T @ between, np.eye(len(level) - 1), atol=1e-12)


@pytest.mark.parametrize("name", DECLARATIONS)
def test_a_claimed_period_is_held(name: str) -> None:
    """A period with a claimed ratio is that ratio, and no step moves it."""
    level, claimed = DECLARATIONS[name]
    held, steps = declared(level, claimed)
    at = [YEARS.index(period) for period in claimed]
    np.testing.assert_array_equal(held[:, at], np.eye(len(claimed)))
    assert not steps[:, at].any()


def declared(level: Sequence[str], claimed: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the walk of a study with some periods that set the level and others with a claimed ratio."""
    prior_set = elicit_prior_set(made_up(GARRISON), "witness")
    pattern = prior_set["hill_ratio"]
    of_time = dataclasses.replace(pattern.quantity, attribute=None, levels=())
    ratios = [dataclasses.replace(pattern, quantity=dataclasses.replace(of_time, period=period)) for period in claimed]
    changed = dataclasses.replace(prior_set, priors=tuple(ratios), baseline=Baseline(tuple(level), "walk"))
    found = walk(changed, STUDY)
    return found.held, found.steps


def test_what_moves_is_what_a_study_says_moves() -> None:
    """An attribute moves where a spread or a drift says so, in the order of the vocabulary; else none does."""
    assert moving(FLEET_PRIORS, FLEET_STUDY.vocabulary) == ("station", "pay") == FLEET_STUDY.claims.moving
    garrison = made_up(GARRISON)
    assert moving(elicit_prior_set(garrison, "witness"), garrison.vocabulary) == ()


def test_cells_alike_in_what_moves_take_one_course() -> None:
    """There is a course for each combination of the levels that move, and a cell takes that of its own."""
    vocabulary = FLEET_STUDY.vocabulary
    found = courses(("station", "pay"), vocabulary)
    levels = {(cell[1], cell[3]) for cell in vocabulary.cells}
    of_course = {(int(place), cell[1], cell[3]) for place, cell in zip(found, vocabulary.cells, strict=True)}
    assert len(of_course) == len(levels) == found.max() + 1
    assert not courses((), vocabulary).any()


def test_a_drift_is_of_its_levels_and_of_the_periods_from_its_own_on() -> None:
    """A drift is a step up at the levels that it is about, in its period and all that follow."""
    quantity = FLEET_PRIORS["unpaid_drift"].quantity
    assert membership(quantity, FLEET_STUDY.vocabulary["pay"]).tolist() == [0, 1]
    assert not membership(quantity, FLEET_STUDY.vocabulary["kin"]).any()
    assert since(quantity, FLEET_STUDY.timeline).tolist() == [0] * 8 + [1] * 4
