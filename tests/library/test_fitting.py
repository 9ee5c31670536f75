"""Promises about fitting from Python: what is published is what `refit` publishes, and answers as it does."""

from __future__ import annotations

from pathlib import Path

import pytest

import defection_risk as dr
from model.archive import Archive
from model.fit import fitting
from tests.support.fits import FromThePrior
from tests.support.made_up import GARRISON, STUDIES


@pytest.fixture
def garrison(monkeypatch: pytest.MonkeyPatch) -> dr.Fitted:
    """Return the least study, fitted under every prior set; draws of the prior stand in for a posterior."""
    monkeypatch.setattr(fitting, "make_sampler", lambda _problem, _sampler: FromThePrior())
    return dr.Model(STUDIES / GARRISON).fit(draws=300, tune=300, most_draws=300, chains=2)


def test_a_fit_is_a_version_with_all_that_belongs_to_it(garrison: dr.Fitted, tmp_path: Path) -> None:
    """It has its draws, its checks and its ledger, answers in its own words, and stays where it is saved."""
    assert garrison.study.name == GARRISON
    assert garrison.prior_set == garrison.study.claims.all_together
    assert garrison.idata.posterior["risk"].sizes["chain"] == 2
    assert {"r_hat", "divergences"} <= set(garrison.checks.index)
    assert list(garrison.ledger().index) == [claim.id for claim in garrison.study.claims.claims]
    found = garrison.assess([{}, *garrison.study.profiles.values()])
    assert found["risk_mean"].between(0, 1).all()
    saved = garrison.save(tmp_path)
    archive = Archive(tmp_path)
    assert archive.versions() == tuple(sorted([saved.version, *(each.version for each in saved.beside.values())]))
    assert archive.current() == (saved.version if saved.passed else None)
