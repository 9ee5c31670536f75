"""Promises about draws from a prior set by its name: repeatable, independent between sets, and those of the claims."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from model.fit.draws import risk_draws
from model.fit.fitting import Compiled
from model.fit.named_priors import named_prior, unfitted
from model.fit.problem import Problem
from model.risk.draws import Draws
from priors.study import Study
from tests.support.syria import PRIOR_SETS

Draw = Callable[..., Draws]


@pytest.fixture(scope="module")
def drawn(study: Study) -> Draw:
    """Return a function that draws a prior set by its name."""
    problem, compiled = unfitted(study)
    return lambda name, draws: drawn_from(problem, compiled, study, name, draws)


def drawn_from(problem: Problem, compiled: Compiled, study: Study, name: str, draws: int) -> Draws:
    """Return draws of a prior set, in the form that risks are worked out from."""
    return risk_draws(named_prior(name, problem, compiled, study, draws=draws), problem)


def test_the_same_name_gives_the_same_draws(drawn: Draw) -> None:
    """Every version that is published from the same claims carries the same draws."""
    one, other = (drawn("stratfor", 20) for _ in range(2))
    np.testing.assert_array_equal(one.log_relative_hazard, other.log_relative_hazard)
    assert one.log_relative_hazard.dtype == np.float32
    assert one.count == 20


def test_sets_are_drawn_independently(drawn: Draw) -> None:
    """Common random numbers would make the error of a Bayes factor wrong: what two sets share is uncorrelated."""
    correlation = np.corrcoef([drawn(name, 400).total_heads for name in PRIOR_SETS])
    assert np.abs(correlation[np.triu_indices(len(PRIOR_SETS), 1)]).max() < 0.25


def test_al_kattan_has_alawites_leave_less_than_stratfor(drawn: Draw, study: Study) -> None:
    """The draws are those of the articles: against a Sunni, an Alawite is held back the more by al-Kattan."""
    kattan, stratfor = (drawn(name, 400) for name in ("al-kattan", "stratfor"))
    profile = {"rank": "colonel", "eliteness": "ordinary", "proximity": "outside"}
    cells = [study.vocabulary.cell(profile | {"sect": sect}) for sect in ("alawite", "sunni")]
    ratios = [np.median(np.subtract(*draws.log_relative_hazard[:, cells].T)) for draws in (kattan, stratfor)]
    assert ratios[0] < ratios[1] < 0
