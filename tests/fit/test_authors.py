"""How much weight the evidence leaves each author: as much as it has reason to."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import xarray as xr

from model.fit.authors import author_weights, responsibilities
from priors.elicitation import Component, PriorSet, elicit_prior_set
from priors.study import Study

LOW, HIGH = Component("low", 0.5, -2.0, 0.5), Component("high", 0.5, 2.0, 0.5)


def test_draws_of_the_prior_leave_the_weights_alone() -> None:
    """On average over the prior itself each author has the weight that the prior gives."""
    generator = np.random.default_rng(1)
    components = [Component("low", 0.3, -1.0, 1.0), Component("high", 0.7, 1.0, 0.5)]
    picked = generator.random(50_000) < 0.3
    draws = np.where(picked, generator.normal(-1, 1, 50_000), generator.normal(1, 0.5, 50_000))
    np.testing.assert_allclose(responsibilities(draws, components), [0.3, 0.7], atol=0.01)


def test_evidence_decides_between_authors() -> None:
    """Where the draws lie at one author's mean, it has all the weight; halfway between, each has half."""
    assert responsibilities(np.full(10, -2.0), [LOW, HIGH])[0] == pytest.approx(1, abs=1e-6)
    np.testing.assert_allclose(responsibilities(np.zeros(10), [LOW, HIGH]), [0.5, 0.5])


def one_quantity(study: Study, *components: Component) -> PriorSet:
    """Return a prior set of one hazard ratio with given parts."""
    prior_set = elicit_prior_set(study, "pooled")
    prior = dataclasses.replace(prior_set["rank_ratio"], components=components)
    return dataclasses.replace(prior_set, priors=(prior,))


@pytest.fixture
def posterior() -> xr.Dataset:
    """Return a posterior of the one quantity that lies where the second author has it."""
    draws = np.random.default_rng(2).normal(2.0, 0.2, (2, 50, 1))
    return xr.Dataset({"log_hazard_ratio": (("chain", "draw", "quantity"), draws)}, coords={"quantity": ["rank_ratio"]})


def test_authors_are_weighed_where_they_differ(study: Study, posterior: xr.Dataset) -> None:
    """A quantity of two authors has the weight of each, before and after."""
    (entry,) = author_weights(posterior, one_quantity(study, LOW, HIGH), "sect")
    assert entry["quantity"] == "rank_ratio"
    assert {name: of["prior_weight"] for name, of in entry["authors"].items()} == {"low": 0.5, "high": 0.5}
    assert entry["authors"]["high"]["posterior_weight"] > 0.999


def test_nobody_is_weighed_against_himself(study: Study, posterior: xr.Dataset) -> None:
    """Where one author is silent, or both say the same, or nobody speaks, there is nothing to weigh."""
    silent, same = dataclasses.replace(HIGH, weight=0.0), dataclasses.replace(LOW, author="high")
    nobody = dataclasses.replace(LOW, author=None)
    for parts in ((LOW, silent), (LOW, same), (nobody, nobody)):
        assert author_weights(posterior, one_quantity(study, *parts), "sect") == []
