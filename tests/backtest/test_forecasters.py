"""Who forecasts, and what those who know no article take for granted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
import xarray as xr

from model.backtest.forecasters import NOTHING, Forecaster, forecasters, naive_names
from model.evidence.reading import bundled_evidence
from model.evidence.rows import EvidenceRow
from model.fit.design import make_design
from model.fit.draws import Expansion, prior_draws
from model.fit.problem import Problem
from priors.study import Study
from tests.support.problems import no_officers

DAY = date(2012, 8, 15)


def posed(forecaster: Forecaster, study: Study, rows: Sequence[EvidenceRow] = ()) -> Problem:
    """Return the problem of a forecaster to whom some rows are known."""
    vocabulary = forecaster.vocabulary
    design = make_design(rows, no_officers(vocabulary), vocabulary)
    return Problem(forecaster.prior_set, study.corps, vocabulary, design)


def named(name: str, study: Study) -> Forecaster:
    """Return a forecaster by name."""
    return next(each for group in forecasters(study, DAY) for each in group if each.name == name)


def drawn(name: str, study: Study) -> xr.Dataset:
    """Return draws of what a forecaster believes before any row."""
    problem = posed(named(name, study), study)
    return Expansion(problem).deterministics(prior_draws(problem, draws=50, seed=1))


def test_authors_forecast_and_who_knows_none(study: Study) -> None:
    """Each prior set forecasts, with the articles younger than the day named as hindsight, and three naive ones."""
    everybody = {each.name: each.hindsight for group in forecasters(study, DAY) for each in group}
    assert list(everybody) == ["al-kattan", "stratfor", "pooled", "constant rate", "sect alone", "no change"]
    assert everybody["stratfor"] == ()
    assert everybody["al-kattan"] == everybody["pooled"] == ("al-kattan",)
    assert [each for each in everybody if each in naive_names(study)] == list(naive_names(study))


def test_a_group_shares_one_model(study: Study) -> None:
    """The models of a group differ in data alone, so that what is compiled for one serves all of it."""
    for group in forecasters(study, DAY):
        first, *others = (posed(each, study, bundled_evidence(study)) for each in group)
        for other in others:
            assert [str(each) for each in other.model.free_RVs] == [str(each) for each in first.model.free_RVs]
            shapes = {name: value.shape for name, value in other.data.items()}
            assert shapes == {name: value.shape for name, value in first.data.items()}


def test_at_a_constant_rate_nothing_matters(study: Study) -> None:
    """All cells and days have one hazard, but for the width that a sampler needs."""
    found = drawn("constant rate", study)
    assert found.sizes["period"] == 1
    assert float(abs(found["log_relative_hazard"]).max()) < 20 * NOTHING


def test_by_community_alone_nothing_else_matters(study: Study) -> None:
    """Communities differ, as widely as where no claim speaks; nobody within one does."""
    table = drawn("sect alone", study)["log_relative_hazard"]
    assert float(table.std("sect").mean()) > 0.5
    within = table - table.mean(("rank", "eliteness", "proximity"))
    assert float(abs(within).max()) < 20 * NOTHING


def test_without_change_the_last_rate_goes_on(study: Study) -> None:
    """Periods are the study's up to that of the day, which goes on to the end; the rate may differ between them."""
    forecaster = named("no change", study)
    periods = forecaster.vocabulary.timeline.periods
    assert [each.name for each in periods] == [*study.timeline.period_names[:6]]
    assert periods[-1].window.start == date(2012, 8, 1)
    assert periods[-1].window.end == study.timeline.window.end
    found = drawn("no change", study)
    assert float(found["baseline"].std("period").mean()) > 0.3
    assert float(abs(found["log_relative_hazard"]).max()) < 20 * NOTHING


def test_nobody_naive_knows_a_claim(study: Study) -> None:
    """The priors of naive forecasts rest on no claim, that of who serves included."""
    for name in naive_names(study):
        assert not any(prior.claims for prior in named(name, study).prior_set.priors)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 1, 1)])
def test_days_outside_the_study_have_forecasts_too(study: Study, day: date) -> None:
    """Before the study the rate has no past and is constant; after it all its periods are past."""
    unchanged = forecasters(study, day)[-1][0].vocabulary.timeline
    assert np.isin(len(unchanged.periods), [1, len(study.timeline.periods)])
    assert unchanged.window == study.timeline.window
