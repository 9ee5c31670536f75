"""The case whose outcome is known: what the counts say of the claims of 1861, the ledger must say too."""

from __future__ import annotations

from typing import Any

import pytest

from model.archive import Archive
from model.evidence.reading import bundled_evidence
from model.fit.examination import examine
from model.fit.fitting import Fit
from model.fit.ledger import hazard_draws
from model.fit.sampling import Sampling
from model.refitting.publishing import publish
from model.risk.assessment import assess
from model.risk.statements import measured
from model.risk.table import RiskTable
from model.stored import read_table
from priors.study import load_study
from tests.support.made_up import fitted

Version = tuple[Fit, RiskTable, dict[str, Any]]


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Version:
    """Return the study fitted as `refit` fits it, and the risk table and the manifest of the version."""
    study, archive = load_study("us-army-1861"), Archive(tmp_path_factory.mktemp("home"))
    fit, rows = fitted(study, sampling=Sampling()), bundled_evidence(study)
    name = publish(fit, examine(fit, study, rows), study, rows, archive=archive)
    return fit, read_table(archive, name), archive.manifest(name)


def test_it_passes_every_check(version: Version) -> None:
    """The fit is one that would be served."""
    *_, manifest = version
    assert [check["name"] for check in manifest["checks"] if check["gates"] and not check["passed"]] == []
    assert manifest["passed"]


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("L1", "supported"),  # 26 of some 15,000 of the enlisted left
        ("V1", "contradicted"),  # 168 of 330 graduates, and 129 of 130 from civil life, among Southerners
    ],
)
def test_the_ledger_says_what_the_counts_say(version: Version, claim: str, verdict: str) -> None:
    """Lincoln on the enlisted is supported, and the Visitors on the Academy are contradicted."""
    *_, manifest = version
    assert next(entry for entry in manifest["claims"] if entry["id"] == claim)["verdict"] == verdict


@pytest.mark.parametrize(
    ("profile", "left", "of"),
    [
        ({"section": "southern", "rank": "officers", "commission": "graduate"}, 168, 330),
        ({"section": "southern", "rank": "officers", "commission": "civil"}, 129, 130),
        ({"section": "northern", "rank": "officers", "commission": "graduate"}, 16, 491),
        ({"rank": "enlisted"}, 26, 15_500),
    ],
)
def test_its_risks_are_those_that_were_counted(version: Version, profile: dict[str, str], left: int, of: int) -> None:
    """The share of each counted group that left is its risk, to the errors of the count and of the posterior."""
    fit = version[0]
    draws = hazard_draws(fit.posterior, fit.problem)
    risk = measured({"measure": "risk", "of": profile}, draws)
    error = 3 * (left / of * (1 - left / of) / of) ** 0.5
    assert abs(float(risk.mean()) - left / of) < error + 2 * float(risk.std())


def test_it_answers_in_its_own_words(version: Version) -> None:
    """An officer is an officer there too, and a man of the ranks an enlisted man."""
    _, table, _ = version
    window = table.study.timeline.window
    assert assess(table, {"rank": "captain"}, window=window).standing.people == "officers"
    assert "proximity" not in table.vocabulary.names
