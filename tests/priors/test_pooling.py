"""How claims about one quantity are pooled, where articles count for more or less."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from priors.elicitation import elicit_prior_set, elicited
from priors.pooling import Elicited, pooled
from priors.study import Study

AUTHORS = ("al-kattan", "stratfor")


def test_what_is_elicited_comes_back_from_its_text(study: Study) -> None:
    """The distributions of claims are the same, bit for bit, after they were kept as JSON."""
    quantity = next(each for each in study.claims.quantities if each.name == "alawite_ratio")
    found = elicited(quantity, study.claims.claims)
    assert Elicited.from_dict(found.as_dict()) == found


def test_an_article_of_no_weight_is_as_if_it_had_said_nothing(study: Study) -> None:
    """Weight zero for one of two articles makes the prior set of the other."""
    for silent, other in (AUTHORS, AUTHORS[::-1]):
        found = elicit_prior_set(study, "pooled", weights={silent: 0.0})
        assert found.priors == elicit_prior_set(study, other).priors


def test_only_the_ratio_of_weights_counts(study: Study) -> None:
    """Articles that count alike are pooled as if no weight were stated, whatever the weight."""
    found = elicit_prior_set(study, "pooled", weights=dict.fromkeys(AUTHORS, 4.0))
    assert found.priors == elicit_prior_set(study, "pooled").priors


def test_an_article_that_counts_double_has_two_thirds_of_the_pool(study: Study) -> None:
    """Where both articles speak, the one of weight two has two of three parts."""
    found = elicit_prior_set(study, "pooled", weights={"stratfor": 2.0})
    assert found.weights == {"stratfor": 2.0}
    both = [prior for prior in found.hazard_ratios if all(each.weight and each.author for each in prior.components)]
    assert both
    for prior in both:
        assert [each.weight for each in prior.components] == pytest.approx([1 / 3, 2 / 3])


def test_the_log_density_of_a_pool_is_that_of_its_mixture(study: Study) -> None:
    """Of normals it is that of their mixture, of a share that of one beta distribution."""
    for quantity in study.claims.quantities:
        found = elicited(quantity, study.claims.claims)
        pool = pooled(quantity, study.claims.claims, found, articles=AUTHORS, weights={})
        if pool.family == "Beta":
            values = np.linspace(0.01, 0.99, 9)
            expected = stats.beta(*pool.parameters).logpdf(values)
        else:
            mean, sd = pool.parameters
            values = mean + sd * np.linspace(-3, 3, 9)
            parts = [each.weight * stats.norm(each.mean, each.sd).pdf(values) for each in pool.components]
            expected = np.log(np.sum(parts, axis=0))
        np.testing.assert_allclose(pool.log_density(values), expected, rtol=1e-9)
