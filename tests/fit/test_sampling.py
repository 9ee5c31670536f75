"""A refit to other data compiles nothing, an interrupt ends it soon, and what cannot be sampled is refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest

from model.evidence.rows import EvidenceRow
from model.fit.errors import SamplingError
from model.fit.fitting import Compiled
from model.fit.in_jax import jax
from model.fit.problem import Problem
from model.fit.sampling import Sampling, unwatched
from priors.study import Study
from tests.support.evidence_rows import BINOMIALS, LISTS, NORMALS
from tests.support.problems import make_problem

SHORT = Sampling(draws=50, tune=50, chains=4, seed=3)
LONG = dataclasses.replace(SHORT, draws=1_000_000)
ROWS = (*NORMALS, *BINOMIALS[:2], *LISTS["by rank, within bounds, with a remainder"])


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
    """Pose the same rows under other priors, with other counts and other shares."""
    rows = (*NORMALS, *map(moved, BINOMIALS[:2]), *map(moved, ROWS[-2:]))
    posed = make_problem(study, rows, priors="stratfor")
    rates = dataclasses.replace(posed.design.rates, share=posed.design.rates.share * 1.5)
    return dataclasses.replace(posed, design=dataclasses.replace(posed.design, rates=rates))


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
    impossible = np.ones_like(problem.design.rates.share)
    rates = dataclasses.replace(problem.design.rates, share=impossible)
    nowhere = dataclasses.replace(problem, design=dataclasses.replace(problem.design, rates=rates))
    with pytest.raises(SamplingError, match="evidence rows that cannot hold together"):
        compiled.sampler.sample(nowhere, SHORT, unwatched)
