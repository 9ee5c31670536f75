"""The ledger of claims: what each rests on, and how probable it is."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from model.fit.draws import flattened
from model.fit.fitting import Compiled
from model.fit.influence import Change, Changes
from model.fit.ledger import Held, claim_probabilities, claims_by_level, effective_draws, hazard_draws, ledger
from model.fit.named_priors import named_prior_draws, unfitted
from model.fit.problem import Problem
from model.reweighting import Weights
from model.risk.statements import HazardDraws
from priors.elicitation import elicit_prior_set
from priors.study import Study
from tests.support.problems import make_problem
from tests.support.syria import ATTRIBUTES

COUNT = 2000


@pytest.fixture(scope="module")
def problem(study: Study) -> Problem:
    """Pose the problem without evidence."""
    return make_problem(study)


@pytest.fixture(scope="module")
def draws(problem: Problem) -> xr.Dataset:
    """Draw from the pooled prior."""
    return Compiled.of(problem).prior(problem, draws=COUNT, seed=1)


@pytest.fixture(scope="module")
def asked(problem: Problem, draws: xr.Dataset) -> HazardDraws:
    """Return the same, in the form that claims are judged on."""
    return hazard_draws(draws, problem)


@pytest.fixture(scope="module")
def of_set(study: Study) -> dict[str, dict[str, float | None]]:
    """Return the probability of every claim under each prior set."""
    problem, compiled = unfitted(study)
    return {
        name: claim_probabilities(
            study.claims, hazard_draws(drawn, replace(problem, prior_set=elicit_prior_set(study, name)))
        )
        for name, drawn in named_prior_draws(problem, compiled, study, draws=COUNT, seed=5).items()
    }


@pytest.mark.parametrize("source", ["al-kattan", "stratfor"])
def test_a_claim_is_likely_under_its_own_source(study: Study, of_set: dict[str, dict[str, float]], source: str) -> None:
    """The prior made of a source's claims gives each of its predictions at least one half."""
    claims = [claim for claim in study.claims.claims if claim.source == source and claim.prediction is not None]
    assert {claim.id: of_set[source][claim.id] for claim in claims if of_set[source][claim.id] < 0.5} == {}


def test_al_kattan_puts_a_conscript_above_a_general(of_set: dict[str, dict[str, float]]) -> None:
    """Drawn from al-Kattan's prior alone, a general leaves less than a conscript, else equal, in over 80 of 100."""
    assert of_set["al-kattan"]["K11"] > 0.8


def test_every_claim_has_a_probability_or_none(study: Study, asked: HazardDraws) -> None:
    """A testable claim has a probability, and any other has none."""
    found = claim_probabilities(study.claims, asked)
    for claim in study.claims.claims:
        if claim.prediction is None:
            assert found[claim.id] is None
        else:
            assert 0 <= found[claim.id] <= 1


def test_heads_of_draws_are_the_corps(study: Study, draws: xr.Dataset, asked: HazardDraws) -> None:
    """Each draw has its own forces, with as many men in each class and the draw's share of Alawites among officers."""
    cells = np.array(study.vocabulary.cells)
    officers = np.isin(cells[:, 1], study.vocabulary.levels("rank", "officers"))
    men = asked.draws.heads.astype(float)
    np.testing.assert_allclose(
        men[:, officers].sum(axis=1), flattened(draws["heads"].sel(service_class="officers")), rtol=1e-5
    )
    alawites = men[:, officers & (cells[:, 0] == "alawite")].sum(axis=1)
    shares = flattened(draws["sect_share"].sel(service_class="officers", sect="alawite"))
    np.testing.assert_allclose(alawites / men[:, officers].sum(axis=1), shares, rtol=1e-5)


def test_what_the_fit_leaves_out_stays_its_prior(problem: Problem, draws: xr.Dataset) -> None:
    """Contagion is drawn from its prior, the same draws for a prior and a posterior."""
    first, again = (
        hazard_draws(some, problem).quantities["contagion_ratio"]
        for some in (draws, draws.isel(draw=slice(None, None, -1)))
    )
    mean, spread = problem.prior_set["contagion_ratio"].parameters
    assert (first == again).all()
    assert np.log(first).mean() == pytest.approx(mean, abs=5 * spread / COUNT**0.5)
    assert np.log(first).std() == pytest.approx(spread, rel=0.1)


def test_quantities_are_ratios(draws: xr.Dataset, asked: HazardDraws) -> None:
    """A hazard ratio is given as a ratio: of the Alawite to the Sunni hazard."""
    np.testing.assert_allclose(
        asked.quantities["alawite_ratio"], np.exp(flattened(draws["sect_effect"].sel(sect="alawite")))
    )


def test_a_drift_is_a_ratio(draws: xr.Dataset, asked: HazardDraws) -> None:
    """What multiplies a ratio from a period on is given as a ratio too, and is not the ratio itself."""
    drift = asked.quantities["alawite_drift"]
    np.testing.assert_allclose(np.log(drift), flattened(draws["log_drift"].sel(drift="alawite_drift")))
    assert abs(np.corrcoef(drift, asked.quantities["alawite_ratio"])[0, 1]) < 0.1


def test_the_reference_risk_is_a_risk(study: Study, draws: xr.Dataset, asked: HazardDraws) -> None:
    """The reference risk is given on its reader's scale, as the risk of the reference profile."""
    months = study.vocabulary.timeline.months(study.vocabulary.timeline.window)
    risk = -np.expm1(-(np.exp(flattened(draws["baseline"])) @ months))
    np.testing.assert_allclose(asked.quantities["reference_risk"], risk)


def test_claims_by_level_cover_every_level(study: Study, problem: Problem) -> None:
    """Every level of every attribute is there, with the ids of claims of the set, and can be written as JSON."""
    found = claims_by_level(problem.prior_set, study.vocabulary)
    ids = {claim.id for claim in study.claims.of_set("pooled")}
    assert tuple(found) == ATTRIBUTES
    for attribute in study.vocabulary.attributes:
        assert tuple(found[attribute.name]) == attribute.names
        for level in attribute.names:
            assert found[attribute.name][level]
            assert set(found[attribute.name][level]) <= ids
    assert json.loads(json.dumps(found)) == found


def test_claims_by_level_are_those_of_the_effect(study: Study, problem: Problem) -> None:
    """Alawites rest on claims about them, Druze on those about minorities, Sunnis, the reference, on both."""
    found = claims_by_level(problem.prior_set, study.vocabulary)
    about = {name: set(problem.prior_set[name].claims) for name in ("alawite_ratio", "alawite_drift", "minority_ratio")}
    assert set(found["sect"]["alawite"]) == about["alawite_ratio"] | about["alawite_drift"]
    assert set(found["sect"]["druze"]) == about["minority_ratio"]
    assert set(found["sect"]["sunni"]) == set().union(*about.values())
    for attribute in ("rank", "eliteness", "proximity"):
        claims = set(problem.prior_set[f"{attribute}_ratio"].claims)
        assert all(set(level) == claims for level in found[attribute].values())


def test_a_dropped_claim_is_behind_nothing(study: Study) -> None:
    """A claim left out of a set stands behind no level."""
    found = claims_by_level(elicit_prior_set(study, "pooled", without=("K07",)), study.vocabulary)
    assert all("K07" not in claims for levels in found.values() for claims in levels.values())


def test_the_ledger_says_what_a_verdict_hangs_on(study: Study, problem: Problem, draws: xr.Dataset) -> None:
    """Each claim has its links, its verdict, and what would make it another; one that is not testable has none."""
    holds = np.arange(COUNT) < 0.9 * COUNT
    found = {
        claim.id: Held((0.5, COUNT), holds, COUNT) for claim in study.claims.claims if claim.prediction is not None
    }
    weights = np.where(holds, 0.2, 4.0)[None] / (0.9 * 0.2 * COUNT + 0.1 * 4.0 * COUNT)
    changes = Changes((Change("E22"),), Weights(weights, np.array([0.3]), np.array([100.0])))
    entries = ledger(problem, study, dict.fromkeys(study.claims.prior_sets, draws), found, changes)
    assert [entry["id"] for entry in entries] == [claim.id for claim in study.claims.claims]
    for claim, entry in zip(study.claims.claims, entries, strict=True):
        testable = claim.prediction is not None
        assert entry["verdict"] == ("supported" if testable else "not testable")
        assert entry["hangs_on"] == (["E22"] if testable else [])
        assert entry["links"] == {
            name: {"interval": list(link.interval), "basis": link.basis, "horizon": link.horizon}
            for name, link in claim.bears_on.items()
        }
    assert json.loads(json.dumps(entries, allow_nan=False)) == entries


def test_draws_that_follow_one_another_are_worth_fewer() -> None:
    """A share is worth all of its draws where they are independent, and about a tenth where each stays for ten."""
    fresh = np.random.default_rng(1).random((4, 1000)) < 0.4
    assert effective_draws(fresh) > 0.8 * fresh.size
    assert effective_draws(np.repeat(fresh[:, :100], 10, axis=1)) == pytest.approx(0.1 * fresh.size, rel=0.3)
    assert effective_draws(np.ones_like(fresh)) == fresh.size
