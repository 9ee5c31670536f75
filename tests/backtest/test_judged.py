"""What came is as probable, given what was foreseen, as the model itself has it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import xarray as xr

from model.backtest.forecasters import forecasters
from model.backtest.forecasts import foresee, judge, posed
from model.backtest.questions import asked
from model.evidence.reading import bundled_evidence
from model.fit.by_row import bounds, by_row, by_term
from model.fit.draws import Expansion, flattened
from model.fit.fitting import Fit
from model.fit.problem import Problem
from model.fit.sampling import Sampling
from tests.support.fits import unsampled_fit
from tests.support.made_up import FLEET, made_up

STUDY = made_up(FLEET)
ROWS = bundled_evidence(STUDY)
AUTHOR = forecasters(STUDY, date.min)[0][0]


@pytest.fixture(scope="module")
def nobody_knew() -> Fit:
    """Return a fit to no row of a study with rows of every kind."""
    sampling = Sampling(draws=40, most_draws=40, chains=2)
    return unsampled_fit(posed(AUTHOR, STUDY, ()), sampling)


@pytest.fixture(scope="module")
def foreseen(nobody_knew: Fit) -> xr.Dataset:
    """Return what is foreseen of all rows."""
    questions = posed(AUTHOR, STUDY, asked(ROWS))
    return foresee(nobody_knew, questions, Expansion(questions))


@pytest.fixture(scope="module")
def judged(foreseen: xr.Dataset) -> xr.Dataset:
    """Return it beside what came."""
    return judge(foreseen, ROWS, posed(AUTHOR, STUDY, asked(ROWS)))


@pytest.fixture(scope="module")
def answered() -> Problem:
    """Return the problem of the rows with their answers, which no forecast is made from."""
    return posed(AUTHOR, STUDY, ROWS)


def test_what_came_is_as_probable_as_in_the_model(foreseen: xr.Dataset, judged: xr.Dataset, answered: Problem) -> None:
    """The log likelihood of every row and list at what was foreseen is that of the model of the answered rows."""
    free = foreseen[[str(each) for each in answered.model.free_RVs]]
    by_model = by_term(Expansion(answered).densities(answered, free)[1])
    assert by_model is not None
    own = flattened(by_model.transpose("chain", "draw", "term")).T
    ids = [str(term) for term in by_model["term"].to_numpy()]
    np.testing.assert_allclose(judged["log_likelihood"].sel(term=ids), own, rtol=1e-6, atol=1e-6)


def test_bounds_are_those_of_the_rows(judged: xr.Dataset, answered: Problem) -> None:
    """Rows are held against their own bounds, in men where they count among all who serve."""
    own = bounds(answered.design)
    for end in ("lowest", "highest"):
        allowed = by_row(own, answered.design, suffix=f"_{end}")
        np.testing.assert_array_equal(judged[end], allowed.sel(row=judged["row"]))
    assert [str(row) for row in judged["row"][judged["in_men"]].to_numpy()] == ["F1", "F7"]


def test_what_a_fit_settled_is_what_is_foreseen(nobody_knew: Fit, foreseen: xr.Dataset) -> None:
    """Hazards and forces are those of the fit, draw by draw; only what a later list has for itself is drawn anew."""
    for name in ("log_relative_hazard", "baseline", "cell_heads"):
        np.testing.assert_allclose(flattened(foreseen[name]), flattened(nobody_knew.posterior[name]), rtol=1e-9)


def test_forecasts_lie_about_what_is_expected(foreseen: xr.Dataset, judged: xr.Dataset) -> None:
    """Of each row the draws that are foreseen have the mean that is expected, to the error of so many."""
    for row in ("F2", "F3", "F4"):
        forecast = judged["forecast"].sel(row=row).to_numpy()
        kind = next(kind for kind in ("small_count", "share") if row in foreseen.get(kind, xr.DataArray([])).to_numpy())
        expected = flattened(foreseen[f"expected_{kind}s"].sel({kind: row}))
        assert forecast.mean() == pytest.approx(expected.mean(), abs=4 * forecast.std() / len(forecast) ** 0.5)
