"""The fit finds again what officers, and what rows, were simulated from."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from model.evidence.officer_checks import Individuals
from model.evidence.officers import Officers, collapse
from model.evidence.reading import bundled_evidence
from model.evidence.rows import EvidenceRow
from model.fit.draws import Expansion, prior_draws, risk_draws
from model.fit.fitting import Compiled, fit
from model.fit.problem import Problem
from model.fit.sampling import Sampling, unwatched
from model.risk.draws import Draws as RiskDraws
from priors.study import Study
from priors.timeline import DAYS_IN_MONTH
from tests.support.by_hand import simulated_individuals
from tests.support.made_up import FLEET, made_up
from tests.support.problems import days, evidence_row, make_problem

OFFICERS = 20_000
REPLICATES = 8
NOMINAL = 0.90
SAMPLING = Sampling(draws=300, tune=300, chains=2, target_accept=0.9)


def courses_over_time(truth: xr.Dataset, study: Study) -> dict[tuple[str, str], np.ndarray]:
    """Return the hazard of a relative hazard of one, met from the start to each day, by sect and rank, which move."""
    timeline = study.timeline
    assert study.claims.moving == study.vocabulary.names[:2]
    days = np.arange(timeline.window.start.toordinal(), timeline.window.end.toordinal())
    ends = np.array([period.window.end.toordinal() for period in timeline.periods])
    period = np.searchsorted(ends, days, side="right")
    log_hazard = truth["baseline"] + truth["sect_over_time"] + truth["rank_over_time"]
    return {
        (sect, rank): np.append(0.0, np.exp(log_hazard.sel(sect=sect, rank=rank).to_numpy())[period].cumsum())
        / DAYS_IN_MONTH
        for sect in study.vocabulary["sect"].names
        for rank in study.vocabulary["rank"].names
    }


def simulated_officers(truth: xr.Dataset, study: Study, generator: np.random.Generator) -> Officers:
    """Return officers whose day of defection follows a draw's hazards; a quarter of the days are unknown."""
    vocabulary, timeline = study.vocabulary, study.timeline
    men, relative = (truth[name].to_numpy().ravel() for name in ("cell_heads", "log_relative_hazard"))
    cell = generator.choice(len(men), size=OFFICERS, p=men / men.sum())
    first, last = timeline.window.start.toordinal(), timeline.window.end.toordinal()
    start = generator.integers(first, last - 400, size=OFFICERS)
    end = np.minimum(start + generator.integers(200, 1500, size=OFFICERS), last)
    # The day on which the cumulative hazard since entry passes a unit exponential is the day of defection.
    reached = generator.exponential(size=OFFICERS) / np.exp(relative[cell])
    passed = np.empty(OFFICERS, dtype=np.int64)
    for course, cumulative in courses_over_time(truth, study).items():
        own = np.flatnonzero([vocabulary.cells[each][:2] == course for each in cell])
        threshold = cumulative[start[own] - first] + reached[own]
        passed[own] = np.searchsorted(cumulative, threshold, side="left") - 1 + first
    defected = passed < end
    dated = defected & (generator.random(OFFICERS) < 0.75)
    individuals = Individuals(cell, start, end, defected, np.where(dated, passed, -1))
    return collapse(individuals, vocabulary, digest="simulated")


FLEET_STUDY = made_up(FLEET)
HALVES = (("1790-01-01", "1790-09-01"), ("1790-09-01", "1791-01-01"))
"""Before the unpaid drift, and since."""

ALL_TOGETHER = FLEET_STUDY.claims.all_together
STATIONS, KIN = FLEET_STUDY.vocabulary["station"].names, FLEET_STUDY.vocabulary["kin"].names


def left(serving: RiskDraws, start: str, end: str, **population: tuple[str, ...]) -> float:
    """Return how many men of a population are expected to leave in a window, in a single draw."""
    return float(serving.leavers(FLEET_STUDY.vocabulary.agreeing(population), days(start, end))[0])


def about(count: float, *, within: float) -> tuple[float, float]:
    """Return bounds about a count."""
    return max(0.0, np.floor(count / (1 + within))), np.ceil(count * (1 + within)) + 1


def simulated_rows(truth: xr.Dataset, problem: Problem, generator: np.random.Generator) -> tuple[EvidenceRow, ...]:
    """Return rows of every kind that counts men, with bounds about counts that follow a draw by chance.

    Who serves is counted, and who leaves of whom and when; lists name some of those who leave, as they are news.
    """
    serving, vocabulary = risk_draws(truth, problem), FLEET_STUDY.vocabulary
    news = np.exp(float(truth["log_station_newsworthiness"].squeeze()) * np.arange(len(STATIONS)))
    rows = []
    for station in STATIONS:
        men = float(serving.heads[0, vocabulary.agreeing({"station": (station,)})].sum())
        bounds = about(men * generator.uniform(0.9, 1.1), within=0.15)
        rows.append(evidence_row(f"H-{station}", "heads", None, bounds, station=(station,), window=("1790-01-01",) * 2))
    for place, half in enumerate(HALVES):
        for name, levels in (("station", STATIONS), ("pay", ("paid", "unpaid")), ("kin", KIN)):
            for level in levels:
                count = generator.poisson(left(serving, *half, **{name: (level,)}))
                bounds = about(count, within=0.05)
                rows.append(
                    evidence_row(f"R-{name}-{level}-{place}", "rate", None, bounds, window=half, **{name: (level,)})
                )
    for place, half in enumerate(HALVES):
        named = np.array([left(serving, *half, station=(station,)) for station in STATIONS]) * news
        worth = float(truth["list_concentration"].to_numpy().ravel()[place])
        counts = generator.multinomial(200, generator.dirichlet(worth * named / named.sum()))
        rows += [
            evidence_row(
                f"L-{station}-{place}", "defector_composition", (200, 200), (int(count),) * 2,
                attribute=("station", (station,)), window=half,
            )
            for station, count in zip(STATIONS, counts, strict=True)
        ]  # fmt: skip
    return tuple(rows)


def recovered(truth: xr.Dataset, problem: Problem, generator: np.random.Generator) -> dict[str, bool]:
    """Return, of heads, newsworthiness and drift, whether the 90 % interval of a refit to rows holds the truth."""
    posed = make_problem(FLEET_STUDY, simulated_rows(truth, problem, generator), priors=ALL_TOGETHER)
    compiled = Compiled.of(posed)
    free, _ = compiled.sampler.sample(posed, SAMPLING, unwatched)
    found = {}
    for name in ("heads", "log_station_newsworthiness", "log_drift"):
        lower, upper = np.quantile(free[name], [0.05, 0.95], axis=(0, 1))
        true = truth[name].to_numpy().reshape(np.shape(lower))
        held = np.ravel((lower <= true) & (true <= upper)).tolist()
        found |= {f"{name} {place}": each for place, each in enumerate(held)}
    return found


def truths(number: int) -> tuple[Problem, list[xr.Dataset]]:
    """Return a problem of the fleet with two lists, and draws of its prior in which enough men leave to list."""
    listed = tuple(
        evidence_row(f"L{i}", "defector_composition", (9, 9), (3, 6), attribute=("station", ("hand",)), window=half)
        for i, half in enumerate(HALVES)
    )
    problem = make_problem(FLEET_STUDY, listed, priors=ALL_TOGETHER)
    drawn = Expansion(problem).deterministics(prior_draws(problem, draws=20 * number, seed=77))
    many = np.flatnonzero(drawn["risk"].mean(FLEET_STUDY.vocabulary.names).to_numpy()[0] > 0.05)[:number]
    return problem, [drawn.isel(draw=[place]) for place in many]


def test_heads_news_and_drift_are_found_again() -> None:
    """Of the five quantities of one truth, at most one lies outside its 90 % interval."""
    problem, (truth,) = truths(1)
    found = recovered(truth, problem, np.random.default_rng(5))
    assert len(found) == 5
    assert sum(found.values()) >= 4, found


@pytest.mark.slow
def test_heads_news_and_drift_are_found_again_at_the_nominal_rate() -> None:
    """Over truths drawn from the prior, 90 % intervals hold each of them about nine times in ten."""
    problem, drawn = truths(REPLICATES)
    generator = np.random.default_rng(6)
    held = np.array([list(recovered(truth, problem, generator).values()) for truth in drawn])
    error = (NOMINAL * (1 - NOMINAL) / held.size) ** 0.5
    assert held.mean() > NOMINAL - 3 * error, held


@pytest.mark.slow
def test_intervals_of_cell_risks_cover_the_truth_at_the_nominal_rate(study: Study) -> None:
    """Over truths drawn from the prior, 20,000 officers each, 90 % intervals cover 90 % of the cells' risks.

    Cells of one fit err together, so the Monte Carlo error is that of the mean over fits.
    """
    nobody = make_problem(study)
    truths = Compiled.of(nobody).prior(nobody, draws=REPLICATES, seed=1000).isel(chain=0)
    generator = np.random.default_rng(7)
    covered = np.zeros(REPLICATES)
    for replicate in range(REPLICATES):
        truth = truths.isel(draw=replicate)
        problem = make_problem(study, officers=simulated_officers(truth, study, generator))
        compiled = Compiled.of(problem)
        free, _ = compiled.sampler.sample(problem, SAMPLING, unwatched)
        risk = compiled.expansion.deterministics(free)["risk"]
        lower, upper = np.quantile(risk, [0.05, 0.95], axis=(0, 1))
        covered[replicate] = ((lower <= truth["risk"]) & (truth["risk"] <= upper)).mean()
    error = max(covered.std(ddof=1), 0.05) / np.sqrt(REPLICATES)
    assert abs(covered.mean() - NOMINAL) < 3 * error, f"{covered.mean():.3f} covered, Monte Carlo error {error:.3f}"


@pytest.mark.slow
def test_officers_far_from_what_was_believed_are_fitted(study: Study) -> None:
    """Ten thousand officers who left several times as readily as articles and counts have it make a fit that passes."""
    officers = collapse(simulated_individuals(study.vocabulary, count=10_000), study.vocabulary, digest="simulated")
    problem = make_problem(study, bundled_evidence(study), officers=officers)
    fitted = fit(Compiled.of(problem), problem, Sampling())
    assert [check.name for check in fitted.checks if not check.passed] == []
