"""What the report says of forecasts of earlier days."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from model.report.backtest import backtest
from model.report.build import build_report
from model.stored import read_study
from priors.backtest import BACKTEST
from priors.study import Study
from tests.report.conftest import Brief, Make, Version
from tests.report.parsed import parsed
from tests.support.backtests import kept, line
from tests.support.made_up import GARRISON, made_up

EARLY, LATE = "1903-06-29", "1903-06-30"
LINES = (
    line(EARLY, "witness", -9.0, hindsight=["witness"], crps_share=0.1234),
    line(EARLY, "constant rate", -8.0),
    line(LATE, "witness", -3.0),
    line(LATE, "constant rate", -4.0, failed=["r_hat"], crps_log_men=None),
)


def keeping(study: Study, *lines: dict[str, Any], evidence: str = "") -> Study:
    """Return a study that keeps a back-test."""
    return replace(study, files=study.files | {BACKTEST: kept(*lines, evidence=evidence)})


def test_failures_are_told_in_words(garrison: Version, brief: Brief) -> None:
    """Of each day the report says who foresaw best, and which author did no better than one who knows no article."""
    brief(backtest)
    study = keeping(made_up(GARRISON), *LINES)
    root = parsed(build_report(garrison.tree, garrison.manifest, study))
    text = " ".join(root.one("main").text.split())
    assert "As of 29 June 1903" in text
    assert "Best by its log score is constant rate; witness did no better than constant rate." in text
    assert "Best by its log score is witness; no naive forecast did as well." in text
    assert "hindsight: witness" in text
    assert "not to be relied on: r_hat" in text
    assert "Known: 3 rows. To foresee: 8 rows, in 5 terms." in text
    assert "Made on 22 November 2026, of other rows than this fit’s." in text
    assert "-9.0 (0.25)" in text
    assert "0.123" in text


def test_a_back_test_of_the_same_rows_is_not_called_stale(garrison: Version, brief: Brief) -> None:
    """Where the fit is to the rows that the back-test was made of, nothing is said of other rows."""
    brief(backtest)
    study = keeping(made_up(GARRISON), *LINES, evidence=garrison.manifest["evidence"]["digest"])
    assert "of other rows" not in build_report(garrison.tree, garrison.manifest, study)


def test_without_a_back_test_the_report_says_how_to_make_one(garrison: Version, brief: Brief) -> None:
    """A study that keeps none has a report that names the command."""
    brief(backtest)
    page = build_report(garrison.tree, garrison.manifest, made_up(GARRISON))
    assert "The study keeps no back-test." in page
    assert "defection-risk backtest --json" in page


def test_a_version_keeps_the_back_test_of_its_study(make: Make) -> None:
    """What a study keeps is published with a version, and is there when its report is made again."""
    study = keeping(made_up(GARRISON), *LINES)
    version = make(seed=4, of=study)
    assert read_study(version.archive, version.name).backtest == study.backtest
