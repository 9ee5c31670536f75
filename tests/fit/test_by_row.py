"""What a fit expects of each evidence row, and what it would have the row report."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import xarray as xr
from scipy.special import logit
from scipy.stats import binom

from model.evidence.likelihood import log_likelihood
from model.evidence.rows import EvidenceRow, group_rows
from model.fit.by_row import bounds, by_row, by_term, row_by_row
from model.fit.design import make_design
from model.fit.draws import Expansion
from model.fit.problem import Problem
from model.refitting.terms import term_draws
from model.what_if.terms import places
from priors.study import Study
from tests.support.evidence_rows import BINOMIALS, LISTS, MEN, SHARES, every_row
from tests.support.problems import evidence_row, make_problem, no_officers, random_draws

COUNT = 1000
COUNTED = [*BINOMIALS, *(row for rows in LISTS.values() for row in rows)]


@pytest.fixture(scope="module")
def problem(study: Study) -> Problem:
    """Pose the problem of fitting one row of every kind."""
    return make_problem(study, every_row())


@pytest.fixture(scope="module")
def expansion(problem: Problem) -> Expansion:
    """Compile what follows from draws."""
    return Expansion(problem)


@pytest.fixture(scope="module")
def rows(problem: Problem, expansion: Expansion) -> xr.Dataset:
    """Ask one draw about the rows, many times: replicates differ by the likelihood's chance alone."""
    draw = random_draws(problem, draws=1, seed=21)
    same = draw.assign(log_reference_hazard=draw["log_reference_hazard"] + 2).isel(draw=[0] * COUNT)
    predicted = expansion.predicted(problem, same, seed=4)
    _, likelihood = expansion.densities(problem, same)
    return row_by_row(expansion.deterministics(same), predicted, likelihood, problem.design).isel(chain=0)


def test_every_row_has_its_place(rows: xr.Dataset) -> None:
    """Rows come in the order in which they were given, those among all who serve in men, the others as shares."""
    assert rows["row"].to_numpy().tolist() == [row.id for row in every_row()]
    told = rows[["lowest", "highest", "expected", "predicted"]]
    men = [row.id for row in every_row() if row.total is None]
    for values in told.drop_sel(row=men).values():
        assert ((values >= 0) & (values <= 1)).all()
    assert (told.sel(row=men).to_array() >= 0).all()
    assert float(rows["expected"].sel(row="M5").mean()) > 1000
    assert (rows["lowest"] <= rows["highest"]).all()


def test_terms_are_rows_and_lists(rows: xr.Dataset) -> None:
    """What is scored is each row that stands alone, and each list as a whole."""
    alone = [row.id for row in (*MEN, *SHARES, *BINOMIALS)]
    listed = ["+".join(row.id for row in each) for each in LISTS.values()]
    assert rows["term"].to_numpy().tolist() == [*alone, *listed]
    assert rows["counted"].to_numpy().tolist() == alone
    assert rows["bounded"].to_numpy().tolist() == [row.id for row in (*MEN, *SHARES)]


@pytest.mark.parametrize("row", [*MEN, *SHARES], ids=lambda row: row.id)
def test_tails_are_those_of_what_another_row_would_report(rows: xr.Dataset, row: EvidenceRow) -> None:
    """The probability of a report beyond a bound is the share of the reports that lie beyond it."""
    predicted, ends = rows["predicted"].sel(row=row.id), rows[["lowest", "highest"]].sel(row=row.id)
    for name, beyond in (("at_least", predicted >= ends["lowest"]), ("at_most", predicted <= ends["highest"])):
        stated = float(rows[name].sel(counted=row.id)[0])
        assert abs(float(beyond.mean()) - stated) < 5 * (max(stated * (1 - stated), 1 / COUNT) / COUNT) ** 0.5


def test_the_likelihood_in_numpy_is_the_model_s_own(problem: Problem, expansion: Expansion, study: Study) -> None:
    """At the same expectations NumPy alone gives every row and list the log likelihood that the model gives it."""
    draws = random_draws(problem, draws=60, seed=5)
    terms = term_draws(expansion.deterministics(draws), problem, every_row(), study)
    by_model = by_term(expansion.densities(problem, draws)[1])
    assert by_model is not None
    place = listed = 0
    for group in group_rows(every_row()):
        expected = terms.expected[:, place : place + places(group)]
        place += places(group)
        concentration = terms.concentration[:, listed] if group.is_list else None
        listed += group.is_list
        found = log_likelihood(group, expected, concentration)
        np.testing.assert_allclose(found, by_model.sel(term=group.ids)[0], rtol=1e-8, atol=1e-8)


def test_a_weight_is_the_power_of_a_likelihood(problem: Problem, expansion: Expansion, study: Study) -> None:
    """Rows and lists that are doubted have so much of their log likelihood, the others all of it."""
    weights = {
        row.id: 0.25 if group.ids[0] in "BDMN" else 1.0 for group in group_rows(every_row()) for row in group.rows
    }
    doubted = make_problem(study, [dataclasses.replace(row, weight=weights[row.id]) for row in every_row()])
    draws = random_draws(problem, draws=20, seed=5)
    before, after = (by_term(expansion.densities(each, draws)[1]) for each in (problem, doubted))
    assert before is not None
    assert after is not None
    for term in before["term"].to_numpy().tolist():
        own = weights[term.split("+")[0]]
        np.testing.assert_allclose(after.sel(term=term), own * before.sel(term=term), rtol=1e-9)


def test_tails_of_small_counts_are_binomial(rows: xr.Dataset) -> None:
    """Of 43 commands 38 are reported: the tails are those of a binomial count at the expected share."""
    share = float(rows["expected"].sel(row="B4")[0])
    at_least, at_most = (float(rows[name].sel(counted="B4")[0]) for name in ("at_least", "at_most"))
    assert at_least == pytest.approx(float(binom.sf(37, 43, share)))
    assert at_most == pytest.approx(float(binom.cdf(38, 43, share)))


def test_rows_within_bounds_are_located_on_the_scale_of_these(rows: xr.Dataset) -> None:
    """Men are located on their log, shares on their logit, as their bounds are."""
    for row, scale in (("M1", np.log), ("N1", logit), ("N3", logit)):
        for name, told in (("location", "expected"), ("lower", "lowest"), ("upper", "highest")):
            on_scale = np.ravel(rows[name].sel(bounded=row))[0]
            assert on_scale == pytest.approx(float(scale(np.ravel(rows[told].sel(row=row))[0])))


@pytest.mark.parametrize("name", LISTS)
def test_rows_that_are_all_there_is_share_a_whole(rows: xr.Dataset, name: str) -> None:
    """The shares of a list without remainder sum to one; others to less."""
    expected = float(rows["expected"].isel(draw=0).sel(row=[row.id for row in LISTS[name]]).sum())
    if "nothing left" in name:
        assert expected == pytest.approx(1)
    else:
        assert expected < 1


@pytest.mark.parametrize("row", COUNTED, ids=lambda row: row.id)
def test_replicates_of_counts_average_to_the_expected_share(rows: xr.Dataset, row: EvidenceRow) -> None:
    """Over many replicates of one draw a count's share is what is expected of it, to half its interval's width."""
    predicted, expected = (rows[name].sel(row=row.id).to_numpy() for name in ("predicted", "expected"))
    width = (row.count_high - row.count_low + 1) / row.total_low
    known = 0.0 if width * row.total_low == 1 else width / 2
    error = max(predicted.std(), np.sqrt(expected[0] * (1 - expected[0]) / row.total_low)) / COUNT**0.5
    assert abs(predicted.mean() - expected[0]) < 5 * error + known + 1e-9


@pytest.mark.parametrize("row", [*MEN, *SHARES], ids=lambda row: row.id)
def test_replicates_within_bounds_centre_on_what_is_expected(rows: xr.Dataset, row: EvidenceRow) -> None:
    """Half the replicates of a row that is known within bounds lie below what is expected of it."""
    predicted, expected = (rows[name].sel(row=row.id).to_numpy() for name in ("predicted", "expected"))
    assert abs((predicted < expected[0]).mean() - 0.5) < 5 * 0.5 / COUNT**0.5


def test_bounds_are_what_the_numbers_of_a_row_allow(study: Study) -> None:
    """A row's lowest and highest count or share are those of its own numbers, half a man outside where it is soft."""
    rows = (
        evidence_row("B", "rate", (35, 38), (0, 1), rank=("general",)),
        evidence_row("S", "corps_composition", (1, 1), (0.5, 0.85), attribute=("sect", ("alawite",))),
        evidence_row("T", "timing", (30, 31), (7, 9), window=("2011-03-15", "2012-03-08")),
        evidence_row("F", "rate", (10, 60), (50, 50), rank=("colonel",)),
        evidence_row("M", "rate", None, (25, 100), rank=("general",)),
        evidence_row("Z", "rate", None, (0, 9), rank=("general",)),
        evidence_row("N", "rate", (100, 110), (55, 100), rank=("general",)),
    )
    design = make_design(rows, no_officers(study.vocabulary), study.vocabulary)
    lowest, highest = (by_row(bounds(design), design, suffix=end) for end in ("_lowest", "_highest"))
    np.testing.assert_allclose(lowest, [0, 0.5, 7 / 31, 50 / 60, 24.5, 0, 54.5 / 110])
    np.testing.assert_allclose(highest, [1 / 35, 0.85, 9 / 30, 1, 100.5, 9.5, 1])


def test_replicates_are_told_as_the_middle_of_their_interval(study: Study) -> None:
    """A count is told by the interval that it falls in: of it the middle is told, over the middle of the totals."""
    rows = (
        evidence_row("B", "rate", (35, 38), (0, 1), rank=("general",)),
        evidence_row("T", "timing", (30, 31), (7, 9), window=("2011-03-15", "2012-03-08")),
        evidence_row("F", "rate", (10, 60), (50, 50), rank=("colonel",)),
    )
    problem = make_problem(study, rows)
    posterior = xr.Dataset({
        "expected_small_counts": (("chain", "draw", "small_count"), [[[0.5, 0.5]]]),
        "expected_lists": (("chain", "draw", "list", "place"), [[[[0.5, 0.5]]]]),
    })  # fmt: skip
    predicted = xr.Dataset({
        "small_counts": (("chain", "draw", "small_count"), [[[0, 50]]]),
        "lists": (("chain", "draw", "list", "place"), [[[[7, 0]]]]),
    })  # fmt: skip
    found = row_by_row(posterior, predicted, xr.Dataset(), problem.design)
    np.testing.assert_allclose(found["predicted"].squeeze(), [0.5 / 36.5, 8 / 30.5, 50 / 55])


def test_no_rows_are_no_rows(study: Study) -> None:
    """Without evidence there is nothing to say of rows."""
    design = make_design((), no_officers(study.vocabulary), study.vocabulary)
    assert by_row(xr.Dataset(), design).sizes == {"row": 0}
