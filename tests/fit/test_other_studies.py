"""Other people's cases: a folder of one class, one period and two attributes is read, fitted and asked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.evidence.errors import InvalidFileError
from model.evidence.officers import read_officers
from model.evidence.reading import read_evidence
from model.fit.draws import prior_draws, risk_draws
from model.fit.fitting import Compiled, Fit, fit
from model.fit.knowledge import Knowledge, load_knowledge
from model.fit.problem import pose
from model.fit.sampling import Sampling
from model.risk.assessment import assess
from model.risk.table import RiskTable
from model.scoring.profiles import Profiles

GARRISON = Path(__file__).parents[1] / "studies" / "garrison"
EVIDENCE = (
    "id,kind,origin,grade,window_from,window_to,total_low,total_high,count_low,count_high\n"
    "G1,rate,hill,gunner,1901-01-01,1903-01-01,290,300,130,140\n"
    "G2,rate,plain,ensign,1901-01-01,1903-01-01,80,84,0,1\n"
)


@pytest.fixture(scope="module")
def garrison() -> Knowledge:
    """Return a made-up study."""
    return load_knowledge(GARRISON)


@pytest.fixture(scope="module")
def fitted(garrison: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Fit:
    """Return a fit to two rows about it."""
    file = tmp_path_factory.mktemp("garrison") / "rows.csv"
    file.write_text(EVIDENCE)
    rows = read_evidence([file], garrison.vocabulary)
    problem = pose(garrison, garrison.prior_set("witness"), rows, read_officers([], garrison.vocabulary))
    return fit(Compiled.of(problem), problem, Sampling(draws=300, tune=300, chains=2))


def table_of(fitted: Fit) -> RiskTable:
    """Return what questions about a fit are answered from."""
    posterior, prior = (risk_draws(draws, fitted.problem) for draws in (fitted.posterior, fitted.prior))
    return RiskTable(posterior, prior, {}, "made up", "witness")


def test_its_prior_is_what_the_witness_said(garrison: Knowledge, fitted: Fit) -> None:
    """Nine in ten draws of each quantity lie in its prior's interval, to Monte Carlo error."""
    ratios = np.exp(prior_draws(fitted.problem, draws=2000, seed=1)["log_hazard_ratio"].to_numpy()[0])
    for place, prior in enumerate(garrison.prior_set("witness").hazard_ratios):
        lower, upper = prior.interval
        inside = np.mean((ratios[:, place] > lower) & (ratios[:, place] < upper))
        assert abs(inside - 0.9) < 4 * (0.9 * 0.1 / 2000) ** 0.5


def test_its_evidence_moves_it(fitted: Fit) -> None:
    """Gunners of the hills left at the rate that the row says, and ensigns hardly at all."""
    table = table_of(fitted)
    window = table.vocabulary.study.window
    gunner = assess(table, {"origin": "hill", "grade": "gunner"}, window=window).standing.risk
    ensign = assess(table, {"origin": "plain", "grade": "ensign"}, window=window).standing.risk
    assert gunner.intervals[1].lower < 135 / 295 < gunner.intervals[1].upper
    assert ensign.median < 0.03


def test_its_answers_are_in_its_own_words(fitted: Fit) -> None:
    """An answer contributes by the study's attributes, which sum to the log hazard against all who serve."""
    table = table_of(fitted)
    found = assess(table, {"origin": "hill"}, window=table.vocabulary.study.window)
    assert [each.attribute for each in found.contributions] == ["origin", "grade"]
    assert found.described.averaged_over == ("grade",)
    whole = assess(table, {}, window=table.vocabulary.study.window)
    assert whole.standing.relative_to_corps.median == 1


def test_its_officers_and_rows_are_read_by_its_columns(garrison: Knowledge, fitted: Fit, tmp_path: Path) -> None:
    """Where no unit is named, files have a column for each attribute and none for units."""
    file = tmp_path / "men.csv"
    file.write_text("origin,grade,from,to,defected\nhighlands,private,1901-01-01,1902-01-01,no\n")
    assert read_officers([file], garrison.vocabulary).count == 1
    file.write_text("origin,grade,unit,from,to,defected\nhill,gunner,guard,1901-01-01,1902-01-01,no\n")
    with pytest.raises(InvalidFileError, match="'unit': not a column"):
        read_officers([file], garrison.vocabulary)
    table = table_of(fitted)
    profiles = Profiles(table, window=table.vocabulary.study.window, intervals=(0.9,))
    assert profiles.members == ("origin", "grade")
    codes = [np.array([profiles.code(*pair)]) for pair in (("origin", "lowlands"), ("grade", None))]
    expected = assess(table, {"origin": "plain"}, window=table.vocabulary.study.window).standing.risk
    assert profiles.risks(profiles.profile_codes(codes))[0, 1] == expected.median
