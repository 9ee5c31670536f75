"""A refit to other data compiles nothing; sampling goes on until it is long enough, and ends soon if interrupted."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
import xarray as xr

from model.evidence.rows import EvidenceRow
from model.fit.draws import Expansion
from model.fit.errors import SamplingError
from model.fit.fitting import Compiled, fit
from model.fit.in_jax import jax
from model.fit.problem import Problem
from model.fit.sampling import Progress, Sampling, unwatched
from priors.study import Study
from tests.support.evidence_rows import BINOMIALS, LISTS, MEN, SHARES
from tests.support.fits import FromThePrior
from tests.support.made_up import GARRISON, made_up
from tests.support.problems import make_problem

SHORT = Sampling(draws=50, tune=50, chains=4, seed=3)
LONG = dataclasses.replace(SHORT, draws=1_000_000)
BOUNDED = (*MEN, *SHARES)
ROWS = (*BOUNDED, *BINOMIALS[:2], *LISTS["by rank, within bounds, with a remainder"])


def moved(row: EvidenceRow) -> EvidenceRow:
    """Return a row of a small count that reports one more."""
    return dataclasses.replace(row, count_low=row.count_low + 1, count_high=row.count_high + 1)


@pytest.fixture(scope="module")
def problem(study: Study) -> Problem:
    """Pose a few rows."""
    return make_problem(study, ROWS)


@pytest.fixture(scope="module")
def compiled(problem: Problem) -> Compiled:
    """Compile them, and sample once."""
    found = Compiled.of(problem)
    found.sampler.sample(problem, SHORT, unwatched)
    found.expansion.deterministics(found.prior(problem, draws=50, seed=1))
    return found


@pytest.fixture
def compilations() -> Iterator[list[str]]:
    """Note each graph that JAX traces or compiles."""
    seen: list[str] = []
    noting = True

    def note(event: str, _seconds: float, **_: object) -> None:
        if noting and "/compile/" in event:
            seen.append(event)

    jax().monitoring.register_event_duration_secs_listener(note)
    yield seen
    noting = False


@pytest.fixture(scope="module")
def other(study: Study) -> Problem:
    """Pose the same rows under other priors, with other counts, and half as many men again."""
    rows = (*BOUNDED, *map(moved, BINOMIALS[:2]), *map(moved, ROWS[-2:]))
    posed = make_problem(study, rows, priors="stratfor")
    men = posed.design.men
    # A row without a lower bound tells of its upper one by telling of none: another upper bound is another structure.
    by = np.where(np.isfinite(men.lower), np.log(1.5), 0.0)
    more = dataclasses.replace(men, lower=men.lower + by, upper=men.upper + by)
    return dataclasses.replace(posed, design=dataclasses.replace(posed.design, men=more))


def test_a_refit_compiles_nothing_and_is_a_fit_of_its_own(
    compiled: Compiled, problem: Problem, other: Problem, compilations: list[str]
) -> None:
    """Given other priors and reports, what is compiled draws what a sampler compiled for them would have drawn."""
    first, _ = compiled.sampler.sample(problem, SHORT, unwatched)
    refit, _ = compiled.sampler.sample(other, SHORT, unwatched)
    assert compilations == []
    fresh, _ = Compiled.of(other).sampler.sample(other, SHORT, unwatched)
    assert compilations
    assert not refit.equals(first)
    for name in fresh:
        np.testing.assert_allclose(refit[name], fresh[name], rtol=1e-6, atol=1e-9, err_msg=str(name))


def test_a_seed_gives_the_same_draws(compiled: Compiled, problem: Problem) -> None:
    """The same seed gives the same draws whatever the cores, and another seed others."""
    first, again, other = (
        compiled.sampler.sample(problem, dataclasses.replace(SHORT, seed=seed, cores=cores), unwatched)[0]
        for seed, cores in ((1, 2), (1, 1), (2, 2))
    )
    assert first.equals(again)
    assert not first.equals(other)


def test_progress_counts_every_draw_once(compiled: Compiled, problem: Problem) -> None:
    """What is told rises to the whole number of draws, tuning among them."""
    told: list[tuple[int, int]] = []
    compiled.sampler.sample(problem, SHORT, lambda done, total, _: told.append((done, total)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (400, 400)


def test_an_interrupt_ends_all_chains(compiled: Compiled, problem: Problem) -> None:
    """Ctrl-C while any chain is told of leaves the others a block each to end in, not their million draws."""
    told = 0

    def interrupt(_done: int, _total: int, _divergences: int) -> None:
        nonlocal told
        told += 1
        if told == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compiled.sampler.sample(problem, LONG, interrupt)
    assert told <= 5 + LONG.chains


def test_an_impossible_density_is_refused(compiled: Compiled, problem: Problem) -> None:
    """Where no start has a finite density, the error says what to look at."""
    nowhere = problem.reporting({"men": np.full_like(problem.design.men.lower, np.nan)})
    with pytest.raises(SamplingError, match="evidence rows that cannot hold together"):
        compiled.sampler.sample(nowhere, SHORT, unwatched)


class SlowToMix(FromThePrior):
    """A sampler whose chains stay apart in short runs and diverge in coarse ones, and that notes how each was."""

    def __init__(self, enough: int, *, fine_enough: float = 0.0) -> None:
        self.enough, self.fine_enough = enough, fine_enough
        self.asked: list[tuple[int, int]] = []
        self.targets: list[float] = []

    def sample(self, problem: Problem, sampling: Sampling, progress: Progress) -> tuple[xr.Dataset, xr.Dataset]:
        """Return draws of the prior, a chain far from the next where they are few."""
        self.asked.append((sampling.draws, sampling.tune))
        self.targets.append(sampling.target_accept)
        free, statistics = super().sample(problem, sampling, progress)
        apart = xr.DataArray(np.arange(sampling.chains), dims="chain") * 10.0 * (sampling.draws < self.enough)
        free = free.assign(log_reference_hazard=free["log_reference_hazard"] + apart)
        diverging = statistics["diverging"] | (sampling.target_accept < self.fine_enough)
        return free, statistics.assign(diverging=diverging)


@pytest.fixture(scope="module")
def little() -> tuple[Problem, Expansion]:
    """Pose the least of studies, without evidence."""
    problem = make_problem(made_up(GARRISON), priors="witness")
    return problem, Expansion(problem)


def lengths(
    little: tuple[Problem, Expansion], sampler: SlowToMix, most_draws: int
) -> tuple[list[tuple[int, int]], bool]:
    """Return the draws and steps of tuning of each run of a fit, and whether its checks hold in the end."""
    problem, expansion = little
    settings = Sampling(draws=500, tune=300, most_draws=most_draws, chains=4, seed=1)
    fitted = fit(Compiled(sampler, expansion), problem, settings)
    assert fitted.posterior.sizes["draw"] == fitted.sampling.draws == sampler.asked[-1][0]
    return sampler.asked, all(check.passed for check in fitted.checks)


def test_draws_are_doubled_until_the_checks_pass(little: tuple[Problem, Expansion]) -> None:
    """A run whose chains have not met is followed by one of twice its length, and one that passes by none."""
    assert lengths(little, SlowToMix(enough=2000), 8000) == ([(500, 300), (1000, 600), (2000, 1200)], True)
    assert lengths(little, SlowToMix(enough=0), 8000) == ([(500, 300)], True)


def test_draws_are_not_doubled_beyond_the_limit(little: tuple[Problem, Expansion]) -> None:
    """Where no run that the limit allows is long enough, the last one is told of with its checks."""
    assert lengths(little, SlowToMix(enough=10**6), 1999) == ([(500, 300), (1000, 600)], False)


@pytest.mark.parametrize(
    ("fine_enough", "targets", "passed"),
    [(0.0, [0.7], True), (0.8, [0.7, 0.9], True), (1.0, [0.7, 0.9, 0.9667], False)],
)
def test_steps_are_made_smaller_where_trajectories_diverge(
    little: tuple[Problem, Expansion], fine_enough: float, targets: list[float], *, passed: bool
) -> None:
    """Divergences ask for smaller steps, each time a third of what was rejected, and not for more draws."""
    sampler = SlowToMix(enough=0, fine_enough=fine_enough)
    assert lengths(little, sampler, 8000) == ([(500, 300)] * len(targets), passed)
    assert sampler.targets == pytest.approx(targets, abs=1e-4)
