"""The ledger of claims: what each rests on, and how probable it is."""

from __future__ import annotations

import json

import numpy as np
import pytest
import xarray as xr

from model.fit.draws import flattened
from model.fit.fitting import Compiled
from model.fit.ledger import claim_probabilities, claims_by_level, hazard_draws
from model.fit.named_priors import named_prior_draws, unfitted
from model.fit.problem import Problem
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
def asked(problem: Problem, draws: xr.Dataset, study: Study) -> HazardDraws:
    """Return the same, in the form that claims are judged on."""
    return hazard_draws(draws, problem.prior_set, study.vocabulary)


@pytest.fixture(scope="module")
def of_set(study: Study) -> dict[str, dict[str, float | None]]:
    """Return the probability of every claim under each prior set."""
    drawn = named_prior_draws(*unfitted(study), study, draws=COUNT, seed=5)
    return {
        name: claim_probabilities(study.claims, hazard_draws(each, elicit_prior_set(study, name), study.vocabulary))
        for name, each in drawn.items()
    }


@pytest.mark.parametrize("source", ["al-kattan", "stratfor"])
def test_a_claim_is_likely_under_its_own_source(study: Study, of_set: dict[str, dict[str, float]], source: str) -> None:
    """The prior made of a source's claims gives each of its predictions at least one half."""
    claims = [claim for claim in study.claims.claims if claim.source == source and claim.prediction is not None]
    assert {claim.id: of_set[source][claim.id] for claim in claims if of_set[source][claim.id] < 0.5} == {}


def test_al_kattan_puts_a_conscript_above_a_general(of_set: dict[str, dict[str, float]]) -> None:
    """Drawn from al-Kattan's prior alone, a general leaves less than a conscript, else equal, in over 95 of 100."""
    assert of_set["al-kattan"]["K11"] > 0.95


def test_every_claim_has_a_probability_or_none(study: Study, asked: HazardDraws) -> None:
    """A testable claim has a probability, and any other has none."""
    found = claim_probabilities(study.claims, asked)
    for claim in study.claims.claims:
        if claim.prediction is None:
            assert found[claim.id] is None
        else:
            assert 0 <= found[claim.id] <= 1


def test_cell_shares_of_draws_are_the_corps(study: Study, draws: xr.Dataset, asked: HazardDraws) -> None:
    """Each draw's sect shares give armed forces that sum to one, with the draw's share of Alawites among officers."""
    cells = np.array(study.vocabulary.cells)
    officers = np.isin(cells[:, 1], study.vocabulary.levels("rank", "officers"))
    alawites = asked.cell_shares[:, officers & (cells[:, 0] == "alawite")].sum(axis=1)
    np.testing.assert_allclose(asked.cell_shares.sum(axis=1), 1, rtol=1e-6)
    shares = flattened(draws["sect_share"].sel(service_class="officers", sect="alawite"))
    np.testing.assert_allclose(alawites / asked.cell_shares[:, officers].sum(axis=1), shares, rtol=1e-6)


def test_what_the_fit_leaves_out_stays_its_prior(study: Study, problem: Problem, draws: xr.Dataset) -> None:
    """Contagion is drawn from its prior, the same draws for a prior and a posterior."""
    first, again = (
        hazard_draws(some, problem.prior_set, study.vocabulary).quantities["contagion_ratio"]
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
    alawite, druze = set(found["sect"]["alawite"]), set(found["sect"]["druze"])
    assert alawite == {"K06", "K07", "K12", "S01", "S02"}
    assert druze == {"K12"}
    assert set(found["sect"]["sunni"]) == alawite | druze
    for attribute in ("rank", "eliteness", "proximity"):
        claims = set(problem.prior_set[f"{attribute}_ratio"].claims)
        assert all(set(level) == claims for level in found[attribute].values())


def test_a_dropped_claim_is_behind_nothing(study: Study) -> None:
    """A claim left out of a set stands behind no level."""
    found = claims_by_level(elicit_prior_set(study, "pooled", without=("K07",)), study.vocabulary)
    assert all("K07" not in claims for levels in found.values() for claims in levels.values())
