"""What a fit expects of each evidence row, and what it would have the row report."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from model.evidence.rows import EvidenceRow
from model.fit.by_row import by_row, row_by_row
from model.fit.design import make_design
from model.fit.draws import Expansion
from model.fit.problem import Problem
from priors.study import Study
from tests.support.evidence_rows import BINOMIALS, LISTS, NORMALS, every_row
from tests.support.problems import evidence_row, make_problem, no_officers, random_draws

COUNT = 1000
COUNTED = [*BINOMIALS, *(row for rows in LISTS.values() for row in rows)]


@pytest.fixture(scope="module")
def problem(study: Study) -> Problem:
    """Pose the problem of fitting one row of every kind."""
    return make_problem(study, every_row())


@pytest.fixture(scope="module")
def rows(problem: Problem) -> xr.Dataset:
    """Ask one draw about the rows, many times: replicates differ by the likelihood's chance alone."""
    expansion = Expansion(problem)
    draw = random_draws(problem, draws=1, seed=21)
    same = draw.assign(log_reference_hazard=draw["log_reference_hazard"] + 2).isel(draw=[0] * COUNT)
    predicted = expansion.predicted(problem, same, seed=4)
    return row_by_row(expansion.deterministics(same), predicted, problem.design).isel(chain=0)


def test_every_row_has_its_place(rows: xr.Dataset) -> None:
    """Rows come in the order in which they were given, with shares between 0 and 1."""
    assert rows["row"].to_numpy().tolist() == [row.id for row in every_row()]
    for values in rows.values():
        assert ((values >= 0) & (values <= 1)).all()
    assert (rows["lowest"] <= rows["highest"]).all()


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


@pytest.mark.parametrize("row", NORMALS, ids=lambda row: row.id)
def test_replicates_of_large_counts_centre_on_the_expected_share(rows: xr.Dataset, row: EvidenceRow) -> None:
    """Half the replicates of a row that is normal on the logit lie below its expected share."""
    predicted, expected = (rows[name].sel(row=row.id).to_numpy() for name in ("predicted", "expected"))
    assert abs((predicted < expected[0]).mean() - 0.5) < 5 * 0.5 / COUNT**0.5


def test_bounds_are_what_the_numbers_of_a_row_allow(study: Study) -> None:
    """A row's lowest and highest share are those of its own numbers."""
    rows = (
        evidence_row("B", "rate", (35, 38), (0, 1), rank=("general",)),
        evidence_row("S", "corps_composition", (1, 1), (0.5, 0.85), attribute=("sect", ("alawite",))),
        evidence_row("T", "timing", (30, 31), (7, 9), window=("2011-03-15", "2012-03-08")),
        evidence_row("F", "rate", (10, 60), (50, 50), rank=("colonel",)),
    )
    problem = make_problem(study, rows)
    posterior = xr.Dataset({
        "expected_compositions": (("chain", "draw", "composition"), [[[0.5]]]),
        "expected_small_counts": (("chain", "draw", "small_count"), [[[0.5, 0.5]]]),
        "expected_lists": (("chain", "draw", "list", "place"), [[[[0.5, 0.5]]]]),
    })  # fmt: skip
    predicted = xr.Dataset({
        "compositions": (("chain", "draw", "composition"), [[[0.5]]]),
        "small_counts": (("chain", "draw", "small_count"), [[[0, 50]]]),
        "lists": (("chain", "draw", "list", "place"), [[[[7, 0]]]]),
    })  # fmt: skip
    found = row_by_row(posterior, predicted, problem.design)
    bounds = found[["lowest", "highest"]].to_array().to_numpy().T
    np.testing.assert_allclose(bounds, [[0, 1 / 35], [0.5, 0.85], [7 / 31, 9 / 30], [50 / 60, 1]])
    np.testing.assert_allclose(found["predicted"].squeeze(), [0.5 / 36.5, 0.5, 8 / 30.5, 50 / 55])


def test_no_rows_are_no_rows(study: Study) -> None:
    """Without evidence there is nothing to say of rows."""
    design = make_design((), no_officers(study.vocabulary), study.vocabulary)
    assert by_row(xr.Dataset(), design).sizes == {"row": 0}
