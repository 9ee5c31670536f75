"""No row published later reaches a fit, or a forecast."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import xarray as xr

import model.backtest.forecasts as room
from model.backtest.forecasters import forecasters
from model.backtest.forecasts import Forecast, forecasts
from model.evidence.known import known_by
from model.evidence.rows import EvidenceRow
from model.fit.fitting import Compiled, Fit, fit
from model.fit.problem import Problem, pose
from model.fit.sampling import Sampling
from priors.elicitation import elicit_prior_set
from priors.study import Study
from tests.support.problems import no_officers

COUNTS = {"count_low": 40.0, "count_high": 61.0, "bound_by": "compiler", "weight": 0.25}
TOTALS = {"total_low": 400.0, "total_high": 900.0, "count_low": 200.0, "count_high": 300.0}


def changed(rows: tuple[EvidenceRow, ...], **numbers: object) -> tuple[EvidenceRow, ...]:
    """Return rows of which the one known last says something else."""
    return *rows[:-1], replace(rows[-1], **numbers)  # type: ignore[arg-type]


def test_later_counts_change_no_forecast(
    garrison: Study,
    rows: tuple[EvidenceRow, ...],
    days: tuple[date, ...],
    small: Sampling,
    garrison_forecasts: tuple[Forecast, ...],
) -> None:
    """Whatever a later row answers, everybody's forecast of it is the same, bit for bit; what it scored is not."""
    day, otherwise = days[-1], changed(rows, **COUNTS)
    before = [each for each in garrison_forecasts if each.at == day]
    after = [each for group in forecasters(garrison, day) for each in forecasts(garrison, otherwise, day, group, small)]
    for one, other in zip(before, after, strict=True):
        assert (one.by, one.known, one.failed) == (other.by, other.known, other.failed)
        xr.testing.assert_identical(one.draws["forecast"], other.draws["forecast"])
        assert not one.draws["log_likelihood"].equals(other.draws["log_likelihood"])


def test_later_numbers_change_no_fit(
    garrison: Study,
    rows: tuple[EvidenceRow, ...],
    days: tuple[date, ...],
    small: Sampling,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever a later row counts, of however many, the fit is that of the rows known by the day, bit for bit."""
    fits: list[Fit] = []

    def watched(compiled: Compiled, problem: Problem, sampling: Sampling) -> Fit:
        fits.append(fit(compiled, problem, sampling))
        return fits[-1]

    monkeypatch.setattr(room, "fit", watched)
    authors = forecasters(garrison, days[-1])[0]
    for each in (rows, changed(rows, **TOTALS)):
        list(forecasts(garrison, each, days[-1], authors, small))
    known = known_by(rows, days[-1])
    problem = pose(garrison, elicit_prior_set(garrison, "witness"), known, no_officers(garrison.vocabulary))
    as_of_the_day = fit(Compiled.of(problem), problem, small)
    for fitted in fits:
        xr.testing.assert_identical(fitted.posterior, as_of_the_day.posterior)


def test_where_nothing_is_known_the_prior_forecasts(
    garrison_forecasts: tuple[Forecast, ...], rows: tuple[EvidenceRow, ...], days: tuple[date, ...]
) -> None:
    """On the first day no row was known, and all of them are foreseen; on the next the one known is not."""
    first = [each for each in garrison_forecasts if each.at == days[0]]
    second = [each for each in garrison_forecasts if each.at == days[1]]
    ids = [row.id for row in rows]
    assert {each.known for each in first} == {()}
    assert {each.known for each in second} == {(ids[0],)}
    assert {tuple(each.draws["row"].to_numpy()) for each in first} == {tuple(ids)}
    assert {tuple(each.draws["row"].to_numpy()) for each in second} == {(ids[1],)}
