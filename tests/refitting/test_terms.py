"""What a version keeps for what-if questions, against the model itself and against refits of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from model.evidence.officers import read_officers
from model.evidence.reading import bundled_evidence
from model.fit.draws import flattened, risk_draws
from model.fit.fitting import Fit, fit
from model.fit.problem import pose
from model.fit.sampling import Sampling
from model.refitting.publishing import terms_bytes
from model.risk.summaries import standard_error
from model.what_if.changes import Changes
from model.what_if.terms import Terms, fitted_quantities
from model.what_if.weighing import weigh
from priors.elicitation import elicit_prior_set, elicited
from priors.pooling import pooled
from priors.study import Study
from tests.support.made_up import GARRISON, fitted, made_up

SAMPLING = Sampling(draws=1000, tune=400, most_draws=1000, chains=2)
CHANGES = {
    "a claim struck": Changes(without_claims=("W2",)),
    "a large count doubted": Changes(rows={"G1": 0.3}),
    "a small count doubted": Changes(rows={"G2": 0.5}),
}


@pytest.fixture(scope="module")
def garrison() -> Study:
    """Return the least that a study may be."""
    return made_up(GARRISON)


@pytest.fixture(scope="module")
def fit_of_all(garrison: Study) -> Fit:
    """Fit all its claims and rows."""
    return fitted(garrison, sampling=SAMPLING)


@pytest.fixture(scope="module")
def terms(garrison: Study, fit_of_all: Fit) -> Terms:
    """Return its terms, written and read as a version keeps them."""
    rows = bundled_evidence(garrison)
    manifest = {
        "prior_set": "witness", "without": [], "weights": {}, "evidence": {"rows": [row.as_dict() for row in rows]},
        "elicited": {
            each.name: elicited(each, garrison.claims.claims).as_dict() for each in garrison.claims.quantities
        },
    }  # fmt: skip
    return Terms.from_bytes(terms_bytes(fit_of_all, {}, rows, garrison), manifest, garrison)


@pytest.fixture(scope="module")
def refit(garrison: Study, fit_of_all: Fit) -> Callable[[Changes], Fit]:
    """Return what fits under changes, with nothing compiled anew."""

    def again(changes: Changes) -> Fit:
        prior_set = elicit_prior_set(garrison, "witness", without=changes.without_claims)
        rows = changes.altered(bundled_evidence(garrison))
        problem = pose(garrison, prior_set, rows, read_officers([], garrison.vocabulary))
        return fit(fit_of_all.compiled, problem, SAMPLING)

    return again


def test_priors_of_the_draws_are_those_of_the_model(garrison: Study, fit_of_all: Fit, terms: Terms) -> None:
    """The pools of the claims give the stored draws the log density that the model's own prior gives them."""
    log_prior, _ = fit_of_all.compiled.expansion.densities(fit_of_all.problem, fit_of_all.posterior)
    of_model = {
        "reference_risk": log_prior["log_reference_hazard"],
        **{name: log_prior["log_hazard_ratio"].sel(quantity=name) for name in ("hill_ratio", "grade_ratio")},
    }
    for quantity, values in zip(fitted_quantities(garrison), terms.own.quantities.T, strict=True):
        found = elicited(quantity, garrison.claims.claims)
        pool = pooled(quantity, garrison.claims.claims, found, articles=["witness"], weights={})
        np.testing.assert_allclose(pool.log_density(values), flattened(of_model[quantity.name]), rtol=1e-9, atol=1e-9)


def test_claims_hold_as_the_ledger_says(garrison: Study, terms: Terms) -> None:
    """The share of the stored draws of which a prediction is true is its posterior probability."""
    assert terms.own.holds.shape == (2000, 3)
    ratio = np.exp(terms.own.quantities[:, 1])
    assert [each.name for each in fitted_quantities(garrison)][1] == "hill_ratio"
    # Else equal hill men are the riskier where their ratio exceeds one; the grades they hold hardly differ.
    assert abs(terms.own.holds[:, 1].mean() - (ratio > 1).mean()) < 0.02


@pytest.mark.parametrize("name", CHANGES)
def test_what_would_be_is_what_a_refit_says(
    garrison: Study, fit_of_all: Fit, terms: Terms, refit: Callable[[Changes], Fit], name: str
) -> None:
    """Where k trusts the weights, expected risks are those of a fit of the same changes, to four standard errors."""
    weighed = weigh(terms, CHANGES[name])
    assert weighed is not None
    assert weighed.known
    again, window = refit(CHANGES[name]), garrison.timeline.window
    before, after = (risk_draws(each.posterior, each.problem) for each in (fit_of_all, again))
    for profile in garrison.profiles.values():
        risk, of_refit = before.risk(profile, window), after.risk(profile, window)
        mean = weighed.weights @ risk
        errors = standard_error(len(risk) * weighed.weights * (risk - mean)), standard_error(of_refit)
        assert abs(mean - of_refit.mean()) < 4 * np.hypot(*errors)
