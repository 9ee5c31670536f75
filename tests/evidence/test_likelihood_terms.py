"""Evidence rows collapsed to arrays: which numbers a row's bounds allow, and how each is weighted."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from scipy.special import logsumexp

from model.evidence.likelihood_terms import Terms, collapse
from model.evidence.points import (
    IMPOSSIBLE,
    MOST_POINTS,
    SMALL_COUNT,
    binomial_points,
    list_points,
    logit_normal,
)
from model.evidence.rows import EvidenceRow, RowGroup, group_rows
from priors.vocabulary import Vocabulary
from tests.support.problems import evidence_row
from tests.support.reference import binomial_log_likelihood, count_vectors

Bounds = tuple[float, float]

COLONELS = ("rank", ("colonel",))
SENIORS = ("rank", ("brigadier", "general"))
JUNIORS = ("rank", ("lieutenant", "captain", "major"))
ENLISTED = ("rank", ("conscript", "nco"))


def rate(total: Bounds, count: Bounds) -> EvidenceRow:
    """Return a rate over the whole corps and study."""
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


def binomial_mass(row: EvidenceRow, share: float) -> float:
    """Return what a row's points add up to, at a share."""
    defected, stayed, weight = binomial_points(row).T
    return float(logsumexp(weight + defected * math.log(share) + stayed * math.log1p(-share)))


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
    ],
)
def test_a_small_count_is_a_binomial_known_within_bounds(*, total: Bounds, count: Bounds, share: float) -> None:
    """The points add up to the binomial's probability of the bounds, averaged over the totals."""
    row = rate(total, count)
    assert binomial_mass(row, share) == pytest.approx(binomial_log_likelihood(row, share), rel=1e-9, abs=1e-9)


def test_a_wide_range_of_totals_is_thinned_without_much_loss() -> None:
    """Hundreds of totals are summed over at a few dozen, and the likelihood stays within a quarter of a log unit."""
    row = rate((150, 1500), (2, 40))
    assert len(binomial_points(row)) <= MOST_POINTS
    off = [binomial_mass(row, share) - binomial_log_likelihood(row, share) for share in (0.002, 0.01, 0.05, 0.2)]
    assert off == pytest.approx([0] * 4, abs=0.25)


def test_all_that_a_total_allows_says_nothing() -> None:
    """Bounds from none to all have probability one, whatever the share."""
    row = rate((30, 30), (0, 30))
    assert [binomial_mass(row, share) for share in (0.001, 0.4, 0.9)] == pytest.approx([0] * 3, abs=1e-9)


def test_totals_below_the_count_are_impossible() -> None:
    """Of the totals in a row's bounds, those that could not hold the lowest count add nothing."""
    row = rate((10, 60), (50, 50))
    assert binomial_mass(row, 0.9) == pytest.approx(binomial_log_likelihood(row, 0.9))


@pytest.mark.parametrize(
    ("total", "count"), [((5000, 18000), (1000, 3000)), ((25000, 51000), (3, 100)), ((150, 1500), (25, 100))]
)
def test_a_large_count_is_normal_on_the_logit(total: Bounds, count: Bounds) -> None:
    """The normal's central 90 % is the interval of shares, widened by a binomial's sampling variance."""
    location, scale = logit_normal(rate(total, count))
    low, high = (math.log(share / (1 - share)) for share in (count[0] / total[1], count[1] / total[0]))
    middle, whole = sum(count) / 2, sum(total) / 2
    known = math.sqrt(scale**2 - 1 / middle - 1 / (whole - middle))
    assert stats.norm(location, known).interval(0.9) == pytest.approx((low, high))


def test_a_share_known_within_bounds_has_no_sampling_variance() -> None:
    """A corps composition in shares is a normal on the logit whose central 90 % is its bounds."""
    row = evidence_row("A", "corps_composition", (1, 1), (0.1, 0.3), attribute=("sect", ("sunni",)))
    location, scale = logit_normal(row)
    bounds = 1 / (1 + np.exp(-np.array(stats.norm(location, scale).interval(0.9))))
    assert bounds == pytest.approx([0.1, 0.3])


def test_exact_large_counts_are_as_sure_as_a_binomial() -> None:
    """With count and total known, the normal's spread is that of a binomial's logit."""
    random = np.random.default_rng(3)
    drawn = random.binomial(1000, 0.3, 20_000)
    location, scale = logit_normal(rate((1000, 1000), (300, 300)))
    logits = np.log(drawn / (1000 - drawn))
    assert location == pytest.approx(logits.mean(), abs=0.01)
    assert scale == pytest.approx(logits.std(), rel=0.03)


def test_a_count_from_none_up_stays_finite() -> None:
    """A lowest count of zero is half a case, and a highest count of all but half a case."""
    for row in (rate((100, 100), (0, 60)), rate((100, 100), (40, 100)), rate((100, 100), (0, 100))):
        location, scale = logit_normal(row)
        assert np.isfinite(location)
        assert scale > 0


@pytest.mark.parametrize("total", [(60, 60), (50, 60)])
def test_a_count_of_all_stays_finite(total: Bounds) -> None:
    """A lowest count that is the highest total is half a case short of all."""
    assert np.isfinite(logit_normal(rate(total, (60, 60)))).all()


def test_counts_up_to_fifty_are_small(vocabulary: Vocabulary) -> None:
    """A highest count of 50 makes a binomial, one of 51 a normal, and shares always a normal."""
    share = evidence_row("S", "corps_composition", (1, 1), (0.1, 0.3), attribute=("sect", ("sunni",)))
    rows = [rate((100, 200), (1, SMALL_COUNT)), rate((100, 200), (1, SMALL_COUNT + 1)), share]
    kinds = [(len(terms.binomial_share), len(terms.normal_share)) for terms in (terms_of(vocabulary, r) for r in rows)]
    assert kinds == [(1, 0), (0, 1), (0, 1)]


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
    ],
)
def test_a_list_sums_over_every_count_its_bounds_allow(total: Bounds, counts: list[Bounds]) -> None:
    """The points are the count vectors within bounds that add up to a total within its own, each once."""
    group = composition(total, *counts)
    expected = sorted(count_vectors(group.rows, remainder=group.has_remainder))
    points, weights = list_points(group)
    assert sorted(tuple(int(n) for n in point) for point in points) == expected
    assert len(weights) == len(expected)


def test_a_point_weighs_its_orderings() -> None:
    """Each point's weight is its multinomial coefficient, over the number of totals."""
    points, weights = list_points(composition((10, 12), (2, 4), (1, 3), (0, 6)))
    for point, weight in zip(points, weights, strict=True):
        coefficient = math.factorial(int(point.sum())) / math.prod(math.factorial(int(n)) for n in point)
        assert weight == pytest.approx(math.log(coefficient / 3))


def test_wide_bounds_of_a_list_are_thinned() -> None:
    """However wide the bounds, the points stay few, whole, and within them."""
    group = composition((90_000, 100_000), (20_000, 30_000), (100, 9_000), (1, 50_000))
    points, _ = list_points(group)
    assert 100 < len(points) <= MOST_POINTS
    assert (points == points.round()).all()
    assert len(np.unique(points, axis=0)) == len(points)
    totals = points.sum(axis=1)
    assert ((totals >= 90_000) & (totals <= 100_000)).all()
    for place, row in enumerate(group.rows):
        assert ((points[:, place] >= row.count_low) & (points[:, place] <= row.count_high)).all()


@pytest.mark.filterwarnings("ignore:divide by zero")
def test_thinning_leaves_something() -> None:
    """A list whose counts are nearly exact keeps points, however wide its total is said to be."""
    points, _ = list_points(composition((100, 5000), (500, 501), (1000, 1001)))
    assert len(points) > 0


def terms_of(vocabulary: Vocabulary, *rows: EvidenceRow) -> Terms:
    """Return rows collapsed."""
    return collapse(group_rows(rows), vocabulary)


def test_terms_name_their_rows(vocabulary: Vocabulary) -> None:
    """Terms come as normals, binomials, lists; rows keep their order and know where their share is found."""
    timings = [
        evidence_row(f"T{i}", "timing", (9, 9), (3, 6), window=window)
        for i, window in enumerate([("2011-04-01", "2012-01-01"), ("2012-01-01", "2013-01-01")])
    ]
    small, large = rate((40, 40), (1, 2)), evidence_row("B", "rate", (400, 500), (60, 80), rank=("general",))
    terms = terms_of(vocabulary, timings[0], small, timings[1], large)
    assert terms.row_ids == ("T0", "T1", "A", "B")
    assert terms.term_rows == (("B",), ("A",), ("T0", "T1"))
    assert list(terms.row_share) == [-1, -1, terms.binomial_share[0], terms.normal_share[0]]
    assert list(terms.row_category) == [*terms.list_category[0], -1, -1]


def test_servings_and_flows_are_kept_once(vocabulary: Vocabulary) -> None:
    """Rows about the same people and days share their servings, of the cells they speak of, and their flow."""
    one = evidence_row("A", "rate", (40, 40), (1, 2), rank=("general",))
    other = evidence_row("B", "rate", (30, 30), (0, 3), rank=("general",))
    terms = terms_of(vocabulary, one, other)
    generals = [number for number, cell in enumerate(vocabulary.cells) if cell[1] == "general"]
    assert terms.member_cell.tolist() == generals * 2
    assert terms.member_serving.tolist() == [0] * len(generals) + [1] * len(generals)
    assert (terms.flow_from.tolist(), terms.flow_to.tolist()) == ([0], [1])
    np.testing.assert_allclose(terms.months, [np.zeros(5), vocabulary.study.months(vocabulary.study.window)])


def test_a_remainder_takes_what_the_rows_leave(vocabulary: Vocabulary) -> None:
    """The last category of a list with a remainder is the whole flow less those of the rows."""
    group = composition((20, 22), (3, 5), (0, 2))
    terms = terms_of(vocabulary, *group.rows)
    flow = np.arange(1.0, len(terms.flow_from) + 1)
    first, second, rest, nothing = terms.category_flow @ flow
    whole = flow[np.bincount(terms.member_serving)[terms.flow_from] == len(vocabulary.cells)]
    assert [first + second + rest] == whole.tolist()
    assert nothing == 0


def test_padding_never_counts(vocabulary: Vocabulary) -> None:
    """Lists and binomials of unlike size are padded with empty categories and points of no weight."""
    short, long = composition((20, 20), (3, 5)), composition((10, 12), (2, 4), (1, 3), (0, 6))
    small = (rate((40, 40), (1, 2)), evidence_row("B", "rate", (30, 32), (0, 3)))
    terms = terms_of(vocabulary, *short.rows, *long.rows, *small)
    assert terms.list_padding.tolist() == [[0, 0, 1], [0, 0, 0]]
    assert not terms.list_count[terms.list_padding.nonzero()[0], :, terms.list_padding.nonzero()[1]].any()
    assert terms.category_flow[terms.list_category[0, 2]].tolist() == [0] * len(terms.flow_from)
    assert (terms.list_weight > IMPOSSIBLE).sum(axis=1).tolist() == [3, len(list_points(long)[1])]
    assert (terms.binomial_weight > IMPOSSIBLE).sum(axis=1).tolist() == [2, 12]


def test_no_rows_collapse_to_empty_arrays(vocabulary: Vocabulary) -> None:
    """Without evidence every array is there, with nothing in it."""
    terms = terms_of(vocabulary)
    assert terms.term_rows == terms.row_ids == ()
    assert len(terms.member_cell) == len(terms.serving_date) == 0
    assert terms.months.shape == (0, 5)
    assert len(terms.normal_share) == len(terms.binomial_share) == len(terms.list_category) == 0
    assert terms.category_flow.shape == (1, 0)
