"""What the bounds of a row allow: an interval on the log or the logit, or counts, each a point of a grid."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats
from scipy.special import expit, logsumexp

from model.evidence.points import (
    COMPILERS_FACTOR,
    IMPOSSIBLE,
    LOGISTIC_SD,
    MOST_POINTS,
    SOURCES_SOFTNESS,
    Grid,
    Interval,
    count_grid,
    list_grid,
    log_interval,
    men_interval,
    share_interval,
)
from model.evidence.rows import EvidenceRow, RowGroup
from tests.support.problems import evidence_row
from tests.support.second_opinion import count_vectors, log_binomial, small_count

Bounds = tuple[float, float]
Points = NDArray[np.int64]

COLONELS = ("rank", ("colonel",))
SENIORS = ("rank", ("brigadier", "general"))
JUNIORS = ("rank", ("lieutenant", "captain", "major"))
ENLISTED = ("rank", ("conscript", "nco"))


def rate(total: Bounds, count: Bounds) -> EvidenceRow:
    """Return a rate over all the armed forces and study."""
    return evidence_row("A", "rate", total, count)


def composition(total: Bounds, *counts: Bounds) -> RowGroup:
    """Return a list of defectors divided by rank, one part for each pair of bounds."""
    parts = (COLONELS, SENIORS, JUNIORS, ENLISTED)
    return RowGroup(
        "defector_composition",
        tuple(
            evidence_row(f"C{i}", "defector_composition", total, count, attribute=parts[i])
            for i, count in enumerate(counts)
        ),
    )


def points_of(grid: Grid, row: int = 0) -> tuple[Points, NDArray[np.float64]]:
    """Return the points of a row that its bounds allow: counts by place with the total last, and log weights."""
    others = (grid.low[row] * (1 - grid.implied[row])).sum()
    counts = np.where(grid.implied[row], -others, grid.low[row])[:, None] + grid.offset[row]
    values = np.concatenate([counts, grid.total[row][None]])
    chosen = grid.chosen[row].reshape(len(grid.chosen[row]), *values.shape)
    real = grid.log_weight[row] > IMPOSSIBLE
    assert (chosen[real].sum(axis=2) <= 1).all()
    points = (chosen[real] * values).sum(axis=2).astype(int)
    low, width = grid.low[row], grid.width[row]
    inside = (points[:, :-1] >= low) & (points[:, :-1] < low + width) | (width == 0)
    possible = (inside & (points[:, :-1] >= 0)).all(axis=1)
    return points[possible], grid.log_weight[row][real][possible]


def binomial_mass(row: EvidenceRow, share: float) -> float:
    """Return what a row's points add up to, at a share."""
    points, weight = points_of(count_grid([row]))
    return float(logsumexp(weight + stats.binom.logpmf(points[:, 0], points[:, -1], share)))


def every_total(row: EvidenceRow, share: float) -> float:
    """Return the log probability of a row's bounds, summed over every total that it may have."""
    least, most = row.total or (0, 0)
    counts = range(int(row.count_low), int(row.count_high) + 1)
    terms = [log_binomial(count, total, share) for total in range(int(least), int(most) + 1) for count in counts]
    return float(logsumexp(terms) - np.log(most - least + 1))


@pytest.mark.parametrize("share", [1e-5, 0.003, 0.2, 0.97])
@pytest.mark.parametrize(
    ("total", "count"),
    [
        ((37, 37), (0, 1)),
        ((35, 38), (0, 1)),
        ((5, 5), (0, 2)),
        ((43, 43), (38, 38)),
        ((45, 60), (40, 50)),
        ((20, 30), (0, 20)),
        ((20, 30), (20, 30)),
        ((10, 60), (50, 50)),
    ],
)
def test_a_small_count_is_a_binomial_known_within_bounds(*, total: Bounds, count: Bounds, share: float) -> None:
    """The points add up to the binomial's probability of the bounds, averaged over the totals that can hold it."""
    row = rate(total, count)
    assert binomial_mass(row, share) == pytest.approx(small_count(row, share), rel=1e-9, abs=1e-9)


def test_a_wide_range_of_totals_is_thinned_without_much_loss() -> None:
    """Hundreds of totals are summed over at a few dozen, and the likelihood stays within a quarter of a log unit."""
    row = rate((150, 1500), (2, 40))
    assert len(points_of(count_grid([row]))[0]) <= MOST_POINTS
    off = [binomial_mass(row, share) - every_total(row, share) for share in (0.002, 0.01, 0.05, 0.2)]
    assert off == pytest.approx([0] * 4, abs=0.25)


def test_all_that_a_total_allows_says_nothing() -> None:
    """Bounds from none to all have probability one, whatever the share."""
    row = rate((30, 30), (0, 30))
    assert [binomial_mass(row, share) for share in (0.001, 0.4, 0.9)] == pytest.approx([0] * 3, abs=1e-9)


def test_totals_are_those_that_can_hold_the_counts() -> None:
    """A total below the count, or beyond what the rows of a list can make up, is none that might have been."""
    counts = count_grid([rate((10, 60), (50, 50)), rate((20, 30), (0, 5))])
    assert (counts.total_low.tolist(), counts.total_high.tolist()) == ([50, 20], [60, 30])
    lists = list_grid([composition((1, 9), (1, 2), (1, 1), (0, 1)), composition((2, 9), (3, 4))])
    assert (lists.total_low.tolist(), lists.total_high.tolist()) == ([2, 3], [4, 9])


def counted(count: Bounds, bound_by: str = "source") -> Interval:
    """Return what a count among all who serve reports."""
    return men_interval(evidence_row("A", "rate", None, count, bound_by=bound_by))


def of_total(total: Bounds, count: Bounds, bound_by: str = "source") -> Interval:
    """Return what a count out of a total reports."""
    return share_interval(evidence_row("A", "rate", total, count, bound_by=bound_by))


def test_bounds_of_men_lie_half_a_man_outside() -> None:
    """A count among all who serve lies between the logs of its bounds, half a man beyond them; from none up is open."""
    assert np.exp([counted((25, 100)).lower, counted((25, 100)).upper]) == pytest.approx([24.5, 100.5])
    assert (counted((0, 9)).lower, np.exp(counted((0, 9)).upper)) == (-np.inf, pytest.approx(9.5))


@pytest.mark.parametrize(
    ("total", "count"), [((5000, 18000), (1000, 3000)), ((25000, 51000), (3, 100)), ((150, 1500), (25, 100))]
)
def test_bounds_of_shares_run_over_all_totals(total: Bounds, count: Bounds) -> None:
    """A share lies between the lowest count of the most and the highest of the fewest, half a case outside."""
    found = of_total(total, count)
    ends = (count[0] - 0.5) / total[1], (count[1] + 0.5) / total[0]
    assert expit([found.lower, found.upper]) == pytest.approx(ends)


@pytest.mark.parametrize(
    ("total", "count", "open_ends"),
    [((100, 100), (0, 60), (True, False)), ((100, 100), (40, 100), (False, True)), ((60, 60), (0, 60), (True, True))],
)
def test_a_count_from_none_up_or_of_all_is_open(total: Bounds, count: Bounds, open_ends: tuple[bool, bool]) -> None:
    """A bound that leaves out nobody is no bound, and the error stays finite."""
    found = of_total(total, count)
    assert tuple(np.isinf([found.lower, found.upper]).tolist()) == open_ends
    assert 0 < found.softness < np.inf


def test_a_share_known_within_bounds_has_no_sampling_error() -> None:
    """A corps composition in shares lies between its bounds, as stated."""
    row = evidence_row("A", "corps_composition", (1, 1), (0.1, 0.3), attribute=("sect", ("sunni",)))
    found = share_interval(row)
    assert expit([found.lower, found.upper]) == pytest.approx([0.1, 0.3])
    assert found.softness == SOURCES_SOFTNESS


def test_exact_counts_are_as_sure_as_they_are_by_chance() -> None:
    """With count and total known, the error is that of a binomial's logit; among all who serve, of a Poisson's log."""
    random = np.random.default_rng(3)
    drawn = random.binomial(1000, 0.3, 20_000)
    chance = np.sqrt(of_total((1000, 1000), (300, 300)).softness ** 2 - SOURCES_SOFTNESS**2) * LOGISTIC_SD
    assert chance == pytest.approx(np.log(drawn / (1000 - drawn)).std(), rel=0.03)
    drawn = random.poisson(300, 20_000)
    chance = np.sqrt(counted((300, 300)).softness ** 2 - SOURCES_SOFTNESS**2) * LOGISTIC_SD
    assert chance == pytest.approx(np.log(drawn).std(), rel=0.03)


@pytest.mark.parametrize("of", [counted, lambda count, bound_by: of_total((10**5, 10**6), count, bound_by)])
def test_a_compilers_bound_is_soft(of: Callable[[Bounds, str], Interval]) -> None:
    """Where the bounds are the compiler's, what lies a factor of three beyond keeps one part in twenty."""
    found = of((20, 2000), "compiler")
    at, beyond = (
        np.exp(log_interval(found.upper + step, found.lower, found.upper, found.softness))
        for step in (0.0, np.log(COMPILERS_FACTOR))
    )
    assert (at, beyond) == (pytest.approx(0.5, abs=0.01), pytest.approx(0.05, abs=0.01))


def test_a_sources_bound_is_taken_as_stated() -> None:
    """Where the bounds are the source's, a fifth above them next to nothing is left of many men."""
    found = counted((10_000, 60_000))
    inside, beyond = (
        np.exp(log_interval(np.log(men), found.lower, found.upper, found.softness)) for men in (5e4, 7.2e4)
    )
    assert (inside, beyond) == (pytest.approx(1, abs=0.03), pytest.approx(0, abs=0.03))


@pytest.mark.parametrize("location", [-800.0, -3.0, 0.1, 4.0, 800.0])
def test_the_probability_of_an_interval_is_a_difference(location: float) -> None:
    """It is that of two logistic distribution functions, and stays finite however far the location lies."""
    found = log_interval(location, 0.0, 0.4, 0.2)
    assert np.isfinite(found)
    if abs(location) < 10:
        between = stats.logistic(location, 0.2)
        assert np.exp(found) == pytest.approx(between.cdf(0.4) - between.cdf(0.0))


def test_an_open_interval_has_one_tail() -> None:
    """Without a lower bound the probability is that of lying below the upper; without any it is one."""
    assert np.exp(log_interval(1.0, -np.inf, 1.3, 0.2)) == pytest.approx(float(stats.logistic(1.0, 0.2).cdf(1.3)))
    assert log_interval(1.0, -np.inf, np.inf, 0.2) == 0


@pytest.mark.parametrize(
    ("total", "counts"),
    [
        ((57, 57), [(4, 4), (23, 23), (20, 20), (10, 10)]),
        ((10, 12), [(2, 4), (1, 3), (0, 6)]),
        ((31, 31), [(7, 9), (6, 6), (14, 20)]),
        ((20, 22), [(3, 5)]),
        ((20, 22), [(3, 5), (0, 2)]),
        ((5, 5), [(5, 5)]),
        ((4, 6), [(3, 6)]),
        ((3, 4), [(2, 9)]),
    ],
)
def test_a_list_sums_over_every_count_its_bounds_allow(total: Bounds, counts: list[Bounds]) -> None:
    """The points are the count vectors within bounds that add up to a total within its own, each once."""
    group = composition(total, *counts)
    expected = sorted(count_vectors(group.rows, remainder=group.has_remainder))
    points, weights = points_of(list_grid([group]))
    assert sorted(tuple(point) for point in points[:, :-1].tolist()) == expected
    assert (points[:, :-1].sum(axis=1) == points[:, -1]).all()
    assert np.exp(weights) == pytest.approx(1 / len({sum(vector) for vector in expected}))


def test_wide_bounds_of_a_list_are_thinned() -> None:
    """However wide the bounds, the points stay few, whole, and within them."""
    group = composition((90_000, 100_000), (20_000, 30_000), (100, 9_000), (1, 50_000))
    points, _ = points_of(list_grid([group]))
    assert 100 < len(points) <= MOST_POINTS
    assert len(np.unique(points, axis=0)) == len(points)
    assert ((points[:, -1] >= 90_000) & (points[:, -1] <= 100_000)).all()
    for place, row in enumerate(group.rows):
        assert ((points[:, place] >= row.count_low) & (points[:, place] <= row.count_high)).all()


@pytest.mark.filterwarnings("ignore:divide by zero")
def test_thinning_leaves_something() -> None:
    """A list whose counts are nearly exact keeps points, however wide its total is said to be."""
    points, _ = points_of(list_grid([composition((100, 5000), (500, 501), (1000, 1001))]))
    assert len(points) > 0


def test_padding_never_counts() -> None:
    """Lists and counts of unlike size are padded with places without bounds and points of no weight."""
    short, long = composition((20, 20), (3, 5)), composition((10, 12), (2, 4), (1, 3), (0, 6))
    together = list_grid([short, long])
    for row, group in enumerate((short, long)):
        (points, weight), (alone, own) = points_of(together, row), points_of(list_grid([group]))
        places = len(group.rows) + group.has_remainder
        np.testing.assert_array_equal(points[:, [*range(places), -1]], alone)
        np.testing.assert_array_equal(weight, own)
        assert not points[:, places:-1].any()
        assert not together.width[row, places:].any()


def test_rows_alike_share_a_shape() -> None:
    """Grids of like bounds have the same shape, so that other counts of the same rows need no other model."""
    one, other = (list_grid([composition((10, 12), *bounds)]) for bounds in ([(1, 3), (2, 4)], [(0, 2), (3, 5)]))
    assert [array.shape for array in vars(one).values()] == [array.shape for array in vars(other).values()]


def test_no_rows_make_an_empty_grid() -> None:
    """Without rows every array is there, with nothing in it."""
    for grid in (count_grid([]), list_grid([])):
        assert all(len(array) == 0 for array in vars(grid).values())
        assert grid.low.shape[1] == 1
