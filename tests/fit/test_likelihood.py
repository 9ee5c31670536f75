"""Replicates of each kind of evidence are distributed as its density says; densities are finite wherever one may be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest
import xarray as xr
from numpy.typing import NDArray
from scipy import special, stats

from model.evidence.points import Grid, log_interval, men_interval, share_interval
from model.evidence.rows import EvidenceRow
from model.fit.draws import Expansion
from model.fit.in_jax import jax, translated
from model.fit.problem import Problem
from priors.study import Study
from tests.support.evidence_rows import MEN, SHARES
from tests.support.problems import evidence_row, make_problem, random_draws, random_officers

REPLICATES = 6_000
WRONGLY = 1e-4
"""Probability that a test of replicates fails though they are right; the seed is fixed."""

SENIORS, COLONELS, JUNIORS = ("brigadier", "general"), ("colonel",), ("lieutenant", "captain", "major")
OFFICERS = (*JUNIORS, *COLONELS, *SENIORS)
HALVES = (("2011-03-15", "2012-06-01"), ("2012-06-01", "2013-09-01"))

SMALL = {
    "known": evidence_row("S1", "rate", (5, 5), (2, 2), sect=("sunni",)),
    "within bounds": evidence_row("S2", "rate", (6, 7), (1, 2), sect=("sunni",)),
    "from none": evidence_row("S3", "rate", (4, 6), (0, 2), rank=COLONELS),
    "more than the lowest totals hold": evidence_row("S4", "rate", (2, 6), (4, 5), sect=("sunni",)),
    "of those who serve": evidence_row("S5", "corps_composition", (5, 6), (2, 3), attribute=("sect", ("sunni",))),
}


def listed(name: str, total: tuple[int, int], *bounds: tuple[int, int]) -> tuple[EvidenceRow, ...]:
    """Return a list of officers by rank."""
    ranks = zip((SENIORS, COLONELS, JUNIORS), bounds, strict=False)
    return tuple(
        evidence_row(f"{name}{i}", "defector_composition", total, each, attribute=("rank", rank), rank=OFFICERS)
        for i, (rank, each) in enumerate(ranks)
    )


LISTS = {
    "known, nothing left": listed("A", (4, 4), (1, 1), (1, 1), (2, 2)),
    "within bounds, nothing left": listed("B", (4, 5), (1, 2), (0, 1), (1, 3)),
    "with a remainder": listed("C", (5, 6), (1, 2), (1, 1)),
    "one row": listed("D", (3, 5), (1, 2)),
    "bounds beyond the total": listed("E", (3, 4), (2, 9)),
    "totals that the rows cannot make up": listed("F", (1, 9), (1, 2), (1, 1), (0, 1)),
    "by date": tuple(
        evidence_row(f"G{i}", "timing", (4, 5), each, window=window)
        for i, (each, window) in enumerate(zip([(1, 2), (2, 3)], HALVES, strict=True))
    ),
}


BOUNDED = (*MEN, *SHARES)
"""Rows known within bounds; of M3 and N2 the lower is none, of N5 the upper."""

BOUNDED_PLACES = [("men", place) for place in range(len(MEN))] + [("shares", place) for place in range(len(SHARES))]


@pytest.fixture(scope="module")
def tiny(study: Study) -> Problem:
    """Pose rows so small that all they might have reported can be counted up, and a few officers."""
    rows = (*SMALL.values(), *(row for rows in LISTS.values() for row in rows), *BOUNDED)
    return make_problem(study, rows, random_officers(study.vocabulary, count=3000))


@pytest.fixture(scope="module")
def expansion(tiny: Problem) -> Expansion:
    """Compile its densities and its parameters."""
    return Expansion(tiny)


@pytest.fixture(scope="module")
def truth(tiny: Problem) -> xr.Dataset:
    """Draw one state of the world, in which defection is not rare."""
    draw = random_draws(tiny, draws=1, seed=8)
    return draw.assign(
        log_reference_hazard=0 * draw["log_reference_hazard"] - 0.3,
        list_concentration=0 * draw["list_concentration"] + 4,
    )


@pytest.fixture(scope="module")
def replicates(tiny: Problem, expansion: Expansion, truth: xr.Dataset) -> xr.Dataset:
    """Replicate it, many times."""
    return expansion.predicted(tiny, truth.isel(draw=[0] * REPLICATES), seed=2).isel(chain=0)


def values_of(grid: Grid, row: int) -> list[tuple[int, ...]]:
    """Return all that a row might have reported: the lowest count of the interval of each place."""
    starts = []
    for low, width in zip(grid.low[row], grid.width[row], strict=True):
        most = int(grid.total_high[row])
        start = low % width if width else 0
        starts.append(range(start - width * (start > 0), most + 1, width) if width else [0])
    return list(product(*starts))


def probabilities(
    node: str, values: Sequence[Sequence[tuple[int, ...]]], tiny: Problem, expansion: Expansion, truth: xr.Dataset
) -> list[NDArray[np.float64]]:
    """Return the probability of each value of each row, by the model's density with the value in the row's place."""
    reported = tiny.model[f"{node}_reported"]
    as_posed, by_row = reported.get_value(), [[] for _ in values]
    for turn in range(max(len(each) for each in values)):
        low = np.array([each[min(turn, len(each) - 1)] for each in values])
        reported.set_value(low.reshape(as_posed.shape).astype(as_posed.dtype))
        _, likelihood = expansion.densities(tiny, truth)
        for row, each in enumerate(values):
            if turn < len(each):
                by_row[row].append(float(np.exp(likelihood[node][0, 0, row])))
    reported.set_value(as_posed)
    return [np.array(each) for each in by_row]


@pytest.fixture(scope="module")
def expected(tiny: Problem, expansion: Expansion, truth: xr.Dataset) -> dict[str, list[tuple[list[Any], Any]]]:
    """Return, for each row of counts, all that it might have reported and the probability of each."""
    found = {}
    for node, places in (("small_counts", 1), ("lists", None)):
        grid = getattr(tiny.design, node).grid
        values = [[value[:places] for value in values_of(grid, row)] for row in range(len(grid.low))]
        values = [list(dict.fromkeys(each)) for each in values]
        found[node] = list(zip(values, probabilities(node, values, tiny, expansion, truth), strict=True))
    return found


ROWS = [("small_counts", row) for row in range(len(SMALL))] + [("lists", row) for row in range(len(LISTS))]
NAMES = [*SMALL, *LISTS]


@pytest.mark.parametrize(("node", "row"), ROWS, ids=NAMES)
def test_all_that_a_row_might_have_reported_has_probability_one(expected: Any, node: str, row: int) -> None:
    """Over every interval that a count could have fallen in, the probabilities add up to one."""
    values, probability = expected[node][row]
    assert (probability > 0).sum() > 1
    assert probability.sum() == pytest.approx(1, abs=1e-9), values


@pytest.mark.parametrize(("node", "row"), ROWS, ids=NAMES)
def test_replicates_of_counts_are_as_frequent_as_their_density_says(
    replicates: xr.Dataset, expected: Any, *, node: str, row: int
) -> None:
    """Each possible value turns up among replicates as often as the model's density has it."""
    values, probability = expected[node][row]
    drawn = replicates[node].to_numpy()[:, row].reshape(REPLICATES, -1).tolist()
    counts = np.array([drawn.count(list(value)) for value in values])
    assert counts.sum() == REPLICATES, "a replicate that could not be reported"
    assert surprise(counts, probability * REPLICATES) > WRONGLY


def surprise(counts: NDArray[np.int64], expected: NDArray[np.float64]) -> float:
    """Return the p-value of counts by Pearson's test, what is rarely expected being put together."""
    rare = expected < 5
    assert counts[expected < 1e-6].sum() == 0
    counts, expected = (np.array([*each[~rare], each[rare].sum()]) for each in (counts, expected))
    kept = expected > 0
    statistic = ((counts - expected)[kept] ** 2 / expected[kept]).sum()
    return float(stats.chi2.sf(statistic, max(kept.sum() - 1, 1)))


def test_replicates_of_dated_officers_are_poisson(
    tiny: Problem, expansion: Expansion, truth: xr.Dataset, replicates: xr.Dataset
) -> None:
    """Defections of a cell in a period are Poisson: so many a month, and so many months at risk."""
    draw = expansion.deterministics(truth).isel(chain=0, draw=0)
    log_hazard = draw["log_relative_hazard"].to_numpy().ravel()[:, None] + draw["baseline"].to_numpy()
    mean = tiny.design.officers.exposure * np.exp(log_hazard)
    cell, period = np.unravel_index(mean.argmax(), mean.shape)
    drawn = np.bincount(replicates["dated_officers"].to_numpy()[:, cell, period], minlength=30)
    assert surprise(drawn, REPLICATES * stats.poisson(mean[cell, period]).pmf(np.arange(len(drawn)))) > WRONGLY
    every = replicates["dated_officers"].to_numpy().sum(axis=(1, 2))
    assert abs(every.mean() - mean.sum()) < 4 * np.sqrt(mean.sum() / REPLICATES)


def test_replicates_of_undated_officers_are_binomial(
    tiny: Problem, expansion: Expansion, truth: xr.Dataset, replicates: xr.Dataset
) -> None:
    """Of officers whose day is not known, so many leave in their window as their hazard in it makes likely."""
    draw, officers = expansion.deterministics(truth).isel(chain=0, draw=0), tiny.design.officers
    relative = np.exp(draw["log_relative_hazard"].to_numpy().ravel())[officers.undated_cells]
    gone = 1 - np.exp(-relative * (officers.undated_months @ np.exp(draw["baseline"].to_numpy())))
    mean, variance = officers.undated_counts * gone, officers.undated_counts * gone * (1 - gone)
    drawn = replicates["undated_officers"].to_numpy()
    off = (drawn.mean(axis=0) - mean) / np.sqrt(np.maximum(variance, 1e-3) / REPLICATES)
    assert np.abs(off).max() < stats.norm.isf(WRONGLY / len(off))


def intervals(problem: Problem, node: str, row: int) -> NDArray[np.float64]:
    """Return the lower ends of the intervals that a row known within bounds may tell, its own in the middle."""
    rows = getattr(problem.design, node)
    low, high = rows.lower[row], rows.upper[row]
    if not np.isfinite(low):
        return np.array([low, high])
    if not np.isfinite(high):
        return np.array([-np.inf, low])
    # So far on either side that nothing is left; many steps where the bounds are close together.
    steps = int(np.ceil(60 / (high - low)))
    return low + (high - low) * np.arange(-steps, steps + 1)


def cumulated(problem: Problem, node: str, row: int, location: float) -> NDArray[np.float64]:
    """Return the probability of each interval, as a difference of logistic distribution functions."""
    rows, starts = getattr(problem.design, node), intervals(problem, node, row)
    if len(starts) == 2:
        edges = np.array([-np.inf, starts[np.isfinite(starts)].item(), np.inf])
    else:
        edges = np.append(starts, starts[-1] + rows.upper[row] - rows.lower[row])
    above = np.diff(special.expit((edges - location) / rows.softness[row]))
    below = -np.diff(special.expit((location - edges) / rows.softness[row]))
    return np.where(edges[:-1] < location, above, below)


def located(truth: xr.Dataset, expansion: Expansion, node: str, row: int) -> float:
    """Return where a row known within bounds is expected, on the log of men or the logit of a share."""
    expected = float(expansion.deterministics(truth)[f"expected_{node}"][0, 0, row])
    return float(np.log(expected) if node == "men" else special.logit(expected))


@pytest.mark.parametrize(("node", "row"), BOUNDED_PLACES, ids=[row.id for row in BOUNDED])
def test_replicates_within_bounds_are_as_frequent_as_their_density_says(
    tiny: Problem, expansion: Expansion, truth: xr.Dataset, replicates: xr.Dataset, *, node: str, row: int
) -> None:
    """Each interval turns up as often as a logistic variable about what is expected falls into it."""
    starts = intervals(tiny, node, row)
    expected = cumulated(tiny, node, row, located(truth, expansion, node, row)) * REPLICATES
    drawn = replicates[node].to_numpy()[:, row]
    places = np.abs(drawn[:, None] - np.where(np.isinf(starts), -1e9, starts)).argmin(axis=1)
    places = np.where(np.isinf(drawn), np.isinf(starts).argmax(), places)
    assert surprise(np.bincount(places, minlength=len(starts)), expected) > WRONGLY
    finite = np.isfinite(drawn)
    np.testing.assert_allclose(drawn[finite], starts[places[finite]], atol=1e-9)


@pytest.mark.parametrize(("node", "row"), BOUNDED_PLACES, ids=[row.id for row in BOUNDED])
def test_the_density_of_bounds_is_a_difference_of_distribution_functions(
    tiny: Problem, expansion: Expansion, truth: xr.Dataset, *, node: str, row: int
) -> None:
    """The model's density of a row, and of any interval beside its own, is that of a logistic variable."""
    starts = intervals(tiny, node, row)
    expected = cumulated(tiny, node, row, located(truth, expansion, node, row))
    assert expected.sum() == pytest.approx(1)
    likely = np.argsort(expected)[-3:]
    reported = tiny.model[f"{node}_reported"]
    as_posed = reported.get_value()
    for place in likely:
        other = as_posed.copy()
        other[row] = starts[place]
        reported.set_value(other)
        _, likelihood = expansion.densities(tiny, truth)
        assert float(likelihood[node][0, 0, row]) == pytest.approx(np.log(expected[place]), rel=1e-7, abs=1e-9)
    reported.set_value(as_posed)


EXACT = {
    (38, 38): 0.01, (10, 20): 0.06, (2, 5): 0.12, (25, 100): 0.11, (100, 130): 0.12, (1, 1): 0.14, (0, 1): 0.08,
    (0, 40): 0.24, (3, 100): 0.25,
}  # fmt: skip
"""Bounds of a count, and by how much the probability of them may differ from the Poisson's, at the worst mean."""


def poisson(low: float, high: float, mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability that a Poisson count lies within bounds."""
    return stats.poisson.cdf(high, mean) - stats.poisson.cdf(low - 1, mean)


@pytest.mark.parametrize(("low", "high"), EXACT)
def test_bounds_of_men_are_close_to_those_of_a_poisson_count(low: int, high: int) -> None:
    """Whatever is expected, the probability of a source's bounds is the exact one to within the stated error."""
    interval = men_interval(evidence_row("A", "rate", None, (low, high)))
    mean = np.exp(np.linspace(np.log(max(low, 0.5) / 10), np.log(high * 10), 2000))
    found = np.exp(log_interval(np.log(mean), interval.lower, interval.upper, interval.softness))
    assert np.abs(found - poisson(low, high, mean)).max() < EXACT[low, high]


@pytest.mark.parametrize(("low", "high"), [(1000, 3000), (10_000, 60_000)])
def test_wide_bounds_are_soft_near_their_ends_alone(low: int, high: int) -> None:
    """Where the Poisson's bounds are steep the model's slope, but five softnesses away from both they agree."""
    interval = men_interval(evidence_row("A", "rate", None, (low, high)))
    mean = np.exp(np.linspace(np.log(max(low, 0.5) / 10), np.log(high * 10), 2000))
    found = np.exp(log_interval(np.log(mean), interval.lower, interval.upper, interval.softness))
    ends = np.array([interval.lower, interval.upper])
    far = np.abs(np.log(mean)[:, None] - ends).min(axis=1) > 5 * interval.softness
    assert far.any()
    assert np.abs(found - poisson(low, high, mean))[far].max() < 0.01


@pytest.mark.parametrize(
    ("total", "count", "error"), [(1000, (100, 150), 0.09), (1080, (460, 460), 0.01), (330, (162, 184), 0.09)]
)
def test_bounds_of_a_share_are_close_to_those_of_a_binomial_count(
    total: int, count: tuple[int, int], error: float
) -> None:
    """Whatever is expected, the probability of a source's bounds is the exact one to within the stated error."""
    interval = share_interval(evidence_row("A", "rate", (total, total), count))
    share = np.linspace(0.001, 0.999, 3000)
    found = np.exp(log_interval(special.logit(share), interval.lower, interval.upper, interval.softness))
    exact = stats.binom.cdf(count[1], total, share) - stats.binom.cdf(count[0] - 1, total, share)
    assert np.abs(found - exact).max() < error


def test_a_compilers_bound_is_passed_by_a_factor_of_three_one_time_in_twenty() -> None:
    """Nine times in ten what a compiler's bound stands for is within a factor of three of it, either way."""
    interval = men_interval(evidence_row("A", "rate", None, (3000, 100_000), bound_by="compiler"))
    at, beyond = (float(np.exp(log_interval(np.log(each), *_ends(interval)))) for each in (1e5, 3e5))
    assert at == pytest.approx(0.5, abs=0.01)
    assert beyond == pytest.approx(0.05, abs=0.005)


def _ends(interval: Any) -> tuple[float, float, float]:
    return interval.lower, interval.upper, interval.softness


def test_a_seed_gives_the_same_replicates(tiny: Problem, expansion: Expansion, truth: xr.Dataset) -> None:
    """The same seed gives the same replicates, another seed others."""
    first, again, other = (expansion.predicted(tiny, truth, seed=seed) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)


def test_densities_and_their_slopes_are_finite_far_out(tiny: Problem) -> None:
    """Where hazards all but vanish, or nearly all leave, or one share is next to all, a sampler can still move."""
    model = tiny.model
    density, _ = translated(model.value_vars, [model.logp()])
    data = tiny.data
    value_and_slope = jax().jit(jax().value_and_grad(lambda values: density(values, data)[0]))
    middle = {name: np.asarray(value, dtype=float) for name, value in model.initial_point().items()}
    points = [
        middle,
        middle | {"log_reference_hazard": np.array(-18.0)},
        middle | {"log_reference_hazard": np.array(3.0)},
    ]
    for name, value in middle.items():
        points += [middle | {name: value + far} for far in (-4.0, 4.0)]
    for point in points:
        value, slopes = value_and_slope([point[each.name] for each in model.value_vars])
        assert np.isfinite(value)
        assert all(np.isfinite(slope).all() for slope in slopes)


def test_a_certain_list_is_a_multinomial(tiny: Problem, expansion: Expansion, truth: xr.Dataset) -> None:
    """As the concentration grows a list of exact counts becomes independent draws."""
    certain = truth.assign(list_concentration=0 * truth["list_concentration"] + 1e7)
    _, likelihood = expansion.densities(tiny, certain)
    shares = expansion.deterministics(certain)["expected_lists"].to_numpy()[0, 0, 0, :3]
    expected = stats.multinomial.logpmf([1, 1, 2], 4, shares / shares.sum())
    assert float(likelihood["lists"][0, 0, 0]) == pytest.approx(expected, rel=1e-5)
