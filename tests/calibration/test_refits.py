"""Calibration finds a right likelihood right and a broken one broken, wherever it runs."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable

import numpy as np
import pytest
from arviz_stats.ecdf_utils import ecdf_pit
from joblib import Parallel, delayed
from numpy.random import SeedSequence
from numpy.typing import NDArray

from model.calibration.design import officers_by_design
from model.calibration.quantities import parameter_quantities
from model.calibration.refits import CalibrationBench, CalibrationPlan, calibrate
from model.calibration.uniformity import assess_ranks, chi_square_p_values, ecdf_p_values, rejected
from model.fit.draws import prior_draws
from model.fit.problem import Problem
from model.fit.sampling import Sampling
from model.parallel import NoClusterError, backend_in_force
from priors.study import Study
from tests.support.made_up import FLEET, GARRISON, made_up
from tests.support.syria import SYRIA

Array = NDArray[np.generic]

LEVEL = 0.001
"""Probability that a right model fails, over all quantities together: the bands are exact, so it is no estimate."""

SHORT = Sampling(draws=150, tune=250, chains=2, cores=2, target_accept=0.8)
SMALL = CalibrationPlan(SYRIA, "pooled", sampling=SHORT)
LEAST = made_up(GARRISON)
TINY = CalibrationPlan(
    SYRIA, "pooled", officers=50, sampling=Sampling(draws=60, tune=100, chains=1, cores=1, target_accept=0.9), kept=19
)


@pytest.fixture(scope="module")
def bench() -> CalibrationBench:
    """Return the compiled model with the bundled design, and officers."""
    return CalibrationBench.build(SMALL)


@pytest.fixture(scope="module")
def least() -> CalibrationBench:
    """Return the compiled model of the least of studies, with officers."""
    return CalibrationBench.build(CalibrationPlan(LEAST, LEAST.claims.all_together, sampling=SHORT))


@pytest.mark.parametrize(("study", "refits"), [("least", 30), pytest.param("bench", 60, marks=pytest.mark.slow)])
def test_refits_have_uniform_ranks(request: pytest.FixtureRequest, study: str, refits: int) -> None:
    """The truths that evidence of every kind and officers were simulated from rank anywhere among posterior draws."""
    found = request.getfixturevalue(study).refits(SeedSequence(1).spawn(refits))
    assert found.ranks.shape == (refits, len(found.quantities))
    results = assess_ranks(found.ranks, found.quantities, largest=found.largest)
    assert rejected(results, level=LEVEL) == (), results


@pytest.mark.parametrize("study", [SYRIA, LEAST, made_up(FLEET)], ids=lambda study: study.name)
@pytest.mark.parametrize("count", [1, 500])
def test_officers_are_laid_out_in_any_study(study: Study, count: int) -> None:
    """However short the study, and however few they are, all officers are at risk within its window."""
    laid_out = officers_by_design(count, study.corps, study.vocabulary)
    assert laid_out.count == count
    assert (laid_out.exposure.sum() > 0) or (laid_out.undated_at_risk.sum() > 0)


def misread(node: str, reading: Callable[[Array], Array]) -> Callable[[Problem], Problem]:
    """Return what has a node report something else than was simulated, as a likelihood that misreads it would."""
    name = f"{node}_reported"
    return lambda problem: dataclasses.replace(
        problem, reported={**problem.reported, name: reading(problem.reported[name])}
    )


@pytest.mark.parametrize(
    ("study", "node", "reading"),
    [
        pytest.param("least", "dated_officers", lambda events: events * 12, id="years for months"),
        pytest.param("bench", "men", lambda men: men - np.log(12), id="a month for a year", marks=pytest.mark.slow),
        pytest.param("bench", "lists", lambda counts: counts[:, ::-1], id="lists reversed", marks=pytest.mark.slow),
    ],
)
def test_a_broken_likelihood_is_rejected(
    request: pytest.FixtureRequest, study: str, node: str, reading: Callable[[Array], Array]
) -> None:
    """What misreads the officers, the rows within bounds or the lists fails by the same rule, with fewer refits."""
    found = request.getfixturevalue(study).refits(SeedSequence(1).spawn(10), misread(node, reading))
    results = assess_ranks(found.ranks, found.quantities, largest=found.largest)
    assert rejected(results, level=LEVEL)


@pytest.mark.slow
def test_two_dask_workers_find_the_ranks_of_one_process(bench: CalibrationBench) -> None:
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


def test_simulated_data_keep_their_design(bench: CalibrationBench) -> None:
    """What is reported differs from one simulation to the next, and each count is one interval of its partition."""
    truth = prior_draws(bench.problem, draws=1, seed=3)
    one, other = (bench.simulate(truth, seed=seed).reported for seed in (1, 2))
    assert {name: np.shape(value) for name, value in one.items()} == {
        name: np.shape(value) for name, value in bench.problem.data.items() if name in one
    }
    assert not np.array_equal(one["lists_reported"], other["lists_reported"])
    grid = bench.problem.design.lists.grid
    reported = grid.width > 0
    assert ((one["lists_reported"] - grid.low)[reported] % grid.width[reported] == 0).all()


def test_ranks_are_taken_of_all_that_is_uncertain(bench: CalibrationBench) -> None:
    """Who serves, what is news, what drifts and moves, and what lists are worth, are among what is ranked."""
    draws = bench.compiled.prior(bench.problem, draws=5, seed=1)
    found = set(parameter_quantities(draws, SYRIA))
    assert {
        "heads[officers]",
        "heads[enlisted]",
        "log_rank_newsworthiness",
        "log_drift[alawite_drift]",
        "list_concentration[E11+E12+E13+E14]",
        "rank_over_time[general, 2013]",
        "sect_over_time[druze, 2013]",
        "rank_table_offset[row 1, colonel]",
        "eliteness_table_offset[row 1, elite]",
        "proximity_table_offset[row 1, core]",
    } <= found
    assert not any(name.startswith("rank_over_time[conscript") for name in found)


def test_officers_by_design_are_at_risk_and_stay(bench: CalibrationBench) -> None:
    """Nobody has left before anything is simulated, and all are at risk: by exposure, or in a window without days."""
    officers = bench.problem.design.officers
    assert officers.events.sum() == officers.undated_counts.sum() == 0
    assert officers.exposure.sum() > 0
    assert 0 < officers.undated_at_risk.sum() < officers.count
