"""Promises about draws from a prior set by its name: repeatable, independent between sets, and those of the claims."""

from __future__ import annotations

import numpy as np
import pytest

from model.fit.knowledge import Knowledge, load_knowledge
from model.named_priors import named_prior
from priors.prior_sets import PRIOR_SETS


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """Return what the project bundles."""
    return load_knowledge()


def test_the_same_name_gives_the_same_draws(knowledge: Knowledge) -> None:
    """Every version that is published from the same claims carries the same draws."""
    one, other = (named_prior("stratfor", knowledge, draws=20) for _ in range(2))
    np.testing.assert_array_equal(one.log_relative_hazard, other.log_relative_hazard)
    assert one.log_relative_hazard.dtype == np.float32
    assert one.count == 20


def test_sets_are_drawn_independently(knowledge: Knowledge) -> None:
    """Common random numbers would make the error of a Bayes factor wrong: what two sets share is uncorrelated."""
    shares = [named_prior(name, knowledge, draws=400).sect_shares[:, 0, 0] for name in PRIOR_SETS]
    correlation = np.corrcoef(shares)
    assert np.abs(correlation[np.triu_indices(len(PRIOR_SETS), 1)]).max() < 0.25


def test_al_kattan_has_alawites_leave_less_than_stratfor(knowledge: Knowledge) -> None:
    """The draws are those of the articles: against a Sunni, an Alawite is held back the more by al-Kattan."""
    kattan, stratfor = (named_prior(name, knowledge, draws=400) for name in ("al-kattan", "stratfor"))
    profile = {"rank": "colonel", "eliteness": "ordinary", "proximity": "outside"}
    cells = [knowledge.vocabulary.cell(profile | {"sect": sect}) for sect in ("alawite", "sunni")]
    ratios = [np.median(np.subtract(*draws.log_relative_hazard[:, cells].T)) for draws in (kattan, stratfor)]
    assert ratios[0] < ratios[1] < 0
