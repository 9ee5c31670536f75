"""Calibration finds a right likelihood right and a broken one broken, wherever it runs."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from arviz_stats.ecdf_utils import ecdf_pit
from joblib import Parallel, delayed
from numpy.random import SeedSequence

from model.backends import NoClusterError, backend_in_force
from model.calibration.errors import DesignError
from model.calibration.refits import Bench, Plan, calibrate
from model.calibration.simulation import Force, simulate_evidence, simulate_officers
from model.calibration.uniformity import assess_ranks, chi_square_p_values, ecdf_p_values, rejected
from model.evidence.officer_checks import BLANK
from model.evidence.reading import bundled_evidence
from model.evidence.rows import EvidenceRow
from model.fit.knowledge import Knowledge
from model.fit.ledger import prior_draws
from model.fit.problem import Problem
from model.fit.sampling import Sampler, Sampling

LEVEL = 0.001
"""Probability that a right model fails, over all quantities together: the bands are exact, so it is no estimate."""

SMALL = Plan(sampling=Sampling(draws=250, tune=350, chains=2, cores=2, target_accept=0.9))
TINY = Plan(officers=50, sampling=Sampling(draws=60, tune=100, chains=1, cores=1, target_accept=0.9), kept=19)


@pytest.fixture(scope="module")
def bench(knowledge: Knowledge, bundled_problem: Problem, sampler: Sampler) -> Bench:
    """Return the compiled model with the bundled design."""
    return Bench(SMALL, knowledge, bundled_evidence(knowledge.vocabulary), bundled_problem, sampler)


@pytest.fixture(scope="module")
def force(knowledge: Knowledge) -> Force:
    """Return a force under one draw of the prior."""
    prior_set = knowledge.prior_set("pooled")
    return Force.under(prior_draws(prior_set, knowledge.layout(prior_set), draws=1, seed=5).flattened(), knowledge)


def test_twenty_refits_have_uniform_ranks(bench: Bench) -> None:
    """The truths that evidence of every kind and officers were simulated from rank anywhere among posterior draws."""
    found = bench.refits(SeedSequence(1).spawn(20))
    assert found.ranks.shape == (20, len(found.quantities))
    results = assess_ranks(found.ranks, found.quantities, largest=found.largest)
    assert rejected(results, level=LEVEL) == (), results


def years_for_months(problem: Problem) -> Problem:
    """Read the officers' months at risk as years."""
    officers = problem.officers
    read = {"exposure": officers.exposure * 12, "undated_months": officers.undated_months * 12}
    return dataclasses.replace(problem, officers=dataclasses.replace(officers, **read))


def stayed_for_left(problem: Problem) -> Problem:
    """Read the rows on the logit as shares of those who stayed."""
    terms = problem.terms
    return dataclasses.replace(problem, terms=dataclasses.replace(terms, normal_location=-terms.normal_location))


def lists_reversed(problem: Problem) -> Problem:
    """Read the counts of each list in the wrong order."""
    terms = problem.terms
    return dataclasses.replace(problem, terms=dataclasses.replace(terms, list_count=terms.list_count[:, :, ::-1]))


@pytest.mark.parametrize("broken", [years_for_months, stayed_for_left, lists_reversed])
def test_a_broken_likelihood_is_rejected(bench: Bench, broken: Callable[[Problem], Problem]) -> None:
    """What misreads the officers, the rows on the logit or the lists fails by the same rule, with fewer refits."""
    found = bench.refits(SeedSequence(1).spawn(6), broken)
    results = assess_ranks(found.ranks, found.quantities, largest=found.largest)
    assert rejected(results, level=LEVEL)


@pytest.mark.slow
def test_two_dask_workers_find_the_ranks_of_one_process(bench: Bench) -> None:
    """A cluster of two workers gives the ranks that this process gives: each refit has its own seed."""
    with backend_in_force("dask", workers=2):
        there = calibrate(TINY, refits=4, seed=7)
    here = dataclasses.replace(bench, plan=TINY).refits(SeedSequence(7).spawn(4))
    assert there.quantities == here.quantities
    np.testing.assert_array_equal(there.ranks, here.ranks)


@pytest.mark.parametrize("backend", ["sequential", "loky"])
def test_other_backends_are_joblibs_own(backend: str) -> None:
    """Processes of this machine, or this process, take the same calls."""
    with backend_in_force(backend, workers=2):
        assert Parallel()(delayed(abs)(number) for number in (-1, 2, -3)) == [1, 2, 3]


def test_dask_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Dask is not installed the error says what to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(NoClusterError, match="pip install"), backend_in_force("dask", workers=2):
        pass


def test_exact_bands_are_those_of_arviz() -> None:
    """Ranks leave ArviZ's simulated 95 % bands when the exact p-value is below 5 %, but for a simulation's error."""
    refits = 50
    ranks = np.sort(np.random.default_rng(2).beta(1.0, 1.25, size=(refits, 200)) * refits, axis=0).astype(np.int64)
    exact = ecdf_p_values(ranks, largest=refits - 1)
    points, _, lower, upper = ecdf_pit(np.linspace(0, 1, refits), 0.95, 4000, rng=np.random.default_rng(3))
    ecdf = ((ranks[None] + 0.5) / refits <= points[:, None, None]).mean(axis=1)
    outside = ((ecdf < lower[:, None]) | (ecdf > upper[:, None])).any(axis=0)
    clear = (exact < 0.03) | (exact > 0.08)
    assert 20 < outside[clear].sum() < clear.sum() - 20
    np.testing.assert_array_equal(outside[clear], exact[clear] < 0.05)


@pytest.mark.parametrize("refits", [20, 200])
def test_p_values_hold_their_level(refits: int) -> None:
    """Uniform ranks have p-values below 5 % at most about as often as that, for both tests."""
    ranks = np.random.default_rng(4).integers(0, 100, size=(refits, 1000))
    error = np.sqrt(0.05 * 0.95 / 1000)
    assert np.mean(ecdf_p_values(ranks, largest=99) < 0.05) < 0.05 + 4 * error
    by_chi_square = chi_square_p_values(ranks, largest=99)
    if refits == 20:
        assert by_chi_square is None
    else:
        assert by_chi_square is not None
        assert np.mean(by_chi_square < 0.05) < 0.05 + 4 * error


def test_ranks_all_at_one_end_are_rejected() -> None:
    """Five truths below every draw are enough, among sixty quantities."""
    ranks = np.random.default_rng(5).integers(0, 100, size=(5, 60))
    ranks[:, 3] = 0
    names = tuple(f"quantity {i}" for i in range(60))
    assert rejected(assess_ranks(ranks, names, largest=99), level=LEVEL) == ("quantity 3",)


def test_simulated_evidence_keeps_its_design(knowledge: Knowledge, force: Force) -> None:
    """Rows keep their likelihood and their place, and what they report differs from one simulation to the next."""
    rows = bundled_evidence(knowledge.vocabulary)
    generator = np.random.default_rng(6)
    one, other = (simulate_evidence(rows, force, generator) for _ in range(2))
    assert one.row_ids == other.row_ids == tuple(row.id for row in rows)
    assert one.term_rows == other.term_rows
    assert not np.allclose(one.normal_location, other.normal_location)
    np.testing.assert_array_equal(one.normal_scale, other.normal_scale)


def test_intervals_of_counts_are_a_partition(knowledge: Knowledge, force: Force) -> None:
    """Whatever count of 0 to the total is drawn, it is seen as one of a few intervals that do not overlap."""
    row = next(row for row in bundled_evidence(knowledge.vocabulary) if row.id == "E05")
    seen = set()
    for seed in range(30):
        hazard = np.full_like(force.hazard, 10.0 ** (-4 + 4 * seed / 30))
        even = dataclasses.replace(force, hazard=hazard)
        terms = simulate_evidence([row], even, np.random.default_rng(seed))
        counts = terms.binomial_defected[0][terms.binomial_weight[0] > -1e6]
        seen.add((int(counts.min()), int(counts.max())))
    assert len(seen) > 5
    assert all(low % 2 == 0 and high <= low + 1 for low, high in seen)


def test_a_design_that_cannot_be_kept_is_refused(knowledge: Knowledge, force: Force) -> None:
    """A small count of a large total may come out large, and then is no row of its design."""
    row = next(row for row in bundled_evidence(knowledge.vocabulary) if row.id == "E05")
    wide: EvidenceRow = dataclasses.replace(row, total_low=5000.0, total_high=5000.0)
    risky = dataclasses.replace(force, hazard=np.full_like(force.hazard, 0.05))
    with pytest.raises(DesignError):
        simulate_evidence([wide], risky, np.random.default_rng(1))


def test_simulated_officers_leave_as_the_hazard_says(knowledge: Knowledge, force: Force) -> None:
    """Of officers with one constant hazard, events over exposure are that hazard, and a quarter has no date."""
    monthly, officers = 0.03, 20_000
    constant = dataclasses.replace(force, hazard=np.full_like(force.hazard, monthly))
    shares = knowledge.corps.cell_shares(knowledge.corps.sect_shares)
    found = simulate_officers(constant, shares, officers, np.random.default_rng(8))
    expected = -np.expm1(-monthly * (found.end - found.start) / (365.25 / 12))
    assert abs(found.defected.mean() - expected.mean()) < 4 * np.sqrt(0.25 / officers)
    dated = found.defected & (found.defected_on != BLANK)
    assert abs(dated.sum() / found.defected.sum() - 0.75) < 4 * np.sqrt(0.19 / found.defected.sum())
    assert (found.defected_on[dated] >= found.start[dated]).all()
    assert (found.defected_on[dated] < found.end[dated]).all()
    assert found.end.max() <= date(2016, 3, 15).toordinal()
