"""Forecasts of the least of studies, made once for all tests of the room."""

from __future__ import annotations

from datetime import date

import pytest

from model.backtest.dates import default_days
from model.backtest.forecasts import Forecast, forecast_all
from model.evidence.reading import bundled_evidence
from model.evidence.rows import EvidenceRow
from model.fit.sampling import Sampling
from priors.study import Study
from tests.support.made_up import GARRISON, made_up


@pytest.fixture(scope="session")
def garrison() -> Study:
    """Return a study of two rows, known one after the other."""
    return made_up(GARRISON)


@pytest.fixture(scope="session")
def rows(garrison: Study) -> tuple[EvidenceRow, ...]:
    """Return its rows."""
    return bundled_evidence(garrison)


@pytest.fixture(scope="session")
def days(rows: tuple[EvidenceRow, ...]) -> tuple[date, ...]:
    """Return the days on which forecasts are made of it: one on which nothing was known, one with a row of two."""
    return default_days(rows)


@pytest.fixture(scope="session")
def small() -> Sampling:
    """Return how little is sampled."""
    return Sampling(draws=100, tune=150, most_draws=100, chains=2, cores=1)


@pytest.fixture(scope="session")
def garrison_forecasts(
    garrison: Study, rows: tuple[EvidenceRow, ...], days: tuple[date, ...], small: Sampling
) -> tuple[Forecast, ...]:
    """Return everybody's forecasts."""
    return forecast_all(garrison, rows, days, small)
