"""Promises about outlooks: sums of binomials by the joint posterior, averaged members drawn from the armed forces."""

from __future__ import annotations

import json
from datetime import date, timedelta

import numpy as np
import pytest

from model.outlook import scenarios
from model.outlook.answer import outlook
from model.outlook.force import Force, selected
from model.risk.errors import ForceError, OutlookError
from model.risk.summaries import rounded
from model.risk.table import RiskTable
from priors.errors import UnknownWordError, WindowError
from priors.study import load_study
from priors.timeline import Window
from tests.support.risk_tables import cell_shares, log_cumulative_hazards, synthetic_table
from tests.support.syria import ATTRIBUTES

VOCABULARY = load_study().vocabulary
STUDY = VOCABULARY.timeline.window
COLONEL = {"sect": "sunni", "rank": "colonel", "eliteness": "ordinary", "proximity": "outside"}
GENERAL = {"sect": "alawite", "rank": "general", "eliteness": "elite", "proximity": "core"}


@pytest.fixture(scope="module")
def table() -> RiskTable:
    """Return a table of random draws."""
    return synthetic_table(draws=60)


def force(*heads: tuple[dict[str, str], int]) -> Force:
    """Return a force."""
    return Force.of(heads, VOCABULARY)


def test_a_force_is_read_by_the_vocabulary() -> None:
    """Synonyms and units are understood, equal profiles are added up, and the answer says what is averaged over."""
    found = force(({"rank": "lt col"}, 3), ({"unit": "AFI"}, 2), ({"rank": "colonel"}, 4))
    assert found.as_dict() == {
        "total": 9,
        "groups": [
            {"profile": {"rank": "colonel"}, "averaged_over": ["sect", "eliteness", "proximity"], "count": 7},
            {"profile": {"eliteness": "elite"}, "averaged_over": ["sect", "rank", "proximity"], "count": 2},
        ],
    }


def test_decisive_are_generals_of_the_core_or_of_an_elite_unit() -> None:
    """The default selection is the one the question asks for, cell by cell."""
    found = selected(load_study().decisive, VOCABULARY)
    expected = [
        rank == "general" and (eliteness == "elite" or proximity == "core")
        for _, rank, eliteness, proximity in VOCABULARY.cells
    ]
    assert found.tolist() == expected


def test_one_group_is_a_mixture_of_binomials(table: RiskTable) -> None:
    """Of n alike, the number that defects is binomial given a draw, and they move together between draws."""
    risk = table.posterior.risk(COLONEL, STUDY)
    found = outlook(table, force((COLONEL, 2)), window=STUDY, at_least=(1, 2)).as_dict()
    assert found["method"] == {"name": "exact", "draws": 60, "replicates": 1}
    assert found["defections"]["mean"] == rounded(float(2 * risk.mean()))
    assert [each["probability"] for each in found["at_least"]] == pytest.approx(
        [(1 - (1 - risk) ** 2).mean(), (risk**2).mean()], rel=1e-5
    )
    assert (risk**2).mean() > risk.mean() ** 2


def test_an_averaged_member_is_drawn_from_the_corps(table: RiskTable) -> None:
    """What is open is averaged over the forces; who of the forces is at a level counts only at that level."""
    found = outlook(table, force(({}, 1000)), window=STUDY).as_dict()
    assert found["defections"]["mean"] == pytest.approx(1000 * table.corps_risk(STUDY).mean(), rel=1e-5)
    shares = cell_shares(table.posterior)
    risks = -np.expm1(-np.exp(log_cumulative_hazards(table.posterior, STUDY)))
    colonels = selected([{"rank": ["colonel"]}], VOCABULARY)
    expected = 1000 * (shares * risks)[:, colonels].sum(axis=1).mean()
    assert found["by_attribute"]["rank"]["colonel"]["mean"] == pytest.approx(expected, rel=1e-5)
    for name in ATTRIBUTES:
        levels = found["by_attribute"][name].values()
        assert sum(level["mean"] for level in levels) == pytest.approx(found["defections"]["mean"], rel=1e-4)


def test_groups_are_independent_given_a_draw(table: RiskTable) -> None:
    """The probability of none is the product over all members, averaged over draws; so is that of no decisive one."""
    risks = [table.posterior.risk(profile, STUDY) for profile in (COLONEL, GENERAL)]
    found = outlook(table, force((COLONEL, 5), (GENERAL, 3)), window=STUDY).as_dict()
    none = (1 - risks[0]) ** 5 * (1 - risks[1]) ** 3
    assert found["first"]["probability_none"] == rounded(float(none.mean()))
    assert found["decisive"]["probability"] == pytest.approx((1 - (1 - risks[1]) ** 3).mean(), rel=1e-5)
    assert found["decisive"]["expected"] == rounded(float(3 * risks[1].mean()))
    stated = outlook(table, force((COLONEL, 5), (GENERAL, 3)), window=STUDY, decisive_are=[{"rank": ["officers"]}])
    assert stated.as_dict()["decisive"]["probability"] == pytest.approx(1 - none.mean(), rel=1e-5)


def test_over_time_it_only_grows_and_ends_with_the_window(table: RiskTable) -> None:
    """Means, quantiles and probabilities rise from date to date, to what is said of the whole window."""
    found = outlook(table, force((COLONEL, 30), (GENERAL, 3)), window=STUDY).as_dict()
    points = found["over_time"]
    for name in ("mean", "median", "decisive_probability"):
        values = [point[name] for point in points]
        assert values == sorted(values)
    assert points[-1]["mean"] == found["defections"]["mean"]
    assert points[-1]["decisive_probability"] == found["decisive"]["probability"]
    assert points[-1]["until"] == str(STUDY.end)


def test_simulated_and_exact_outlooks_agree(table: RiskTable, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same force answered by the other method has the same probabilities within Monte Carlo error."""
    asked = force((COLONEL, 40), ({"sect": "druze"}, 30))
    one = outlook(table, asked, window=STUDY, at_least=(5, 15)).as_dict()
    monkeypatch.setattr("model.outlook.counts.EXACT_WORK", 0)
    monkeypatch.setattr("model.outlook.counts.MOST_REPLICATES", 2000)
    other = outlook(table, asked, window=STUDY, at_least=(5, 15)).as_dict()
    assert (one["method"]["name"], other["method"]["name"]) == ("exact", "simulated")
    for row, drawn in zip(one["at_least"], other["at_least"], strict=True):
        assert row["probability"] == pytest.approx(drawn["probability"], abs=0.008)
    assert one["defections"]["median"] == pytest.approx(other["defections"]["median"], abs=1)


def test_a_force_too_large_for_all_draws_is_answered_by_some(table: RiskTable, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all draws would take long, some evenly among them are used, and the answer says how many."""
    monkeypatch.setattr(scenarios, "CHANCES_WORK", 1)
    monkeypatch.setattr(scenarios, "FEWEST_DRAWS", 20)
    assert outlook(table, force(({}, 10)), window=STUDY).as_dict()["method"]["draws"] == 20


def test_the_same_question_has_the_same_answer(table: RiskTable) -> None:
    """An outlook is JSON, finite, and the same each time, simulated or not; another seed draws others."""
    corps = force(({}, 325_000))
    texts = [
        json.dumps(outlook(table, corps, window=STUDY, seed=seed).as_dict(), allow_nan=False) for seed in (7, 7, 8)
    ]
    assert texts[0] == texts[1] != texts[2]
    assert json.loads(texts[0])["method"]["name"] == "simulated"


def test_in_words(table: RiskTable) -> None:
    """The words begin with the expected number; median, 90 % interval and the decisive follow, whatever is asked."""
    found = outlook(table, force((COLONEL, 10)), window=STUDY, intervals=(0.5,)).as_dict()
    mean, median = found["defections"]["mean"], found["defections"]["median"]
    words = f"about {mean:.2g} of 10 defect; as likely as not {median} or fewer (90 % interval: "
    assert found["in_words"].startswith(words)
    assert found["in_words"].endswith(
        "; a decisive defection cannot happen here: no generals in the core and no generals of elite units among them"
    )


def test_what_cannot_happen_is_told_from_what_is_improbable(table: RiskTable) -> None:
    """More than there are cannot leave, nor those who are not there; whoever may be among them can."""
    colonels, officer, general = (
        outlook(table, force((profile, 10)), window=STUDY, at_least=(10, 11)).as_dict()
        for profile in (COLONEL, {"sect": "alawite"}, GENERAL)
    )
    assert [each["possible"] for each in colonels["at_least"]] == [True, False]
    assert [each["decisive"]["possible"] for each in (colonels, officer, general)] == [False, True, True]
    assert "at least one decisive defection has probability " in officer["in_words"]


def test_large_numbers_have_two_digits_in_words(table: RiskTable) -> None:
    """Of a large force the numbers are told to two digits and without a power of ten; a tiny one as a bound."""
    many = outlook(table, force(({}, 1_000_000)), window=STUDY).as_dict()
    expected = float(f"{many['defections']['mean']:.2g}")
    assert many["in_words"].startswith(f"about {expected:,.0f} of 1,000,000 defect; as likely as not ")
    one_day = Window(STUDY.start, STUDY.start + timedelta(days=1))
    none = outlook(table, force((GENERAL, 1)), window=one_day).as_dict()
    assert none["in_words"].startswith(
        "fewer than 0.01 of 1 defect; as likely as not 0 or fewer (90 % interval: 0 to 0)"
    )


def test_wrong_questions_are_refused(table: RiskTable) -> None:
    """A force of nobody, a window outside the study, an unknown level and a count of none have their own errors."""
    with pytest.raises(ForceError, match="count"):
        force((COLONEL, 0))
    with pytest.raises(ForceError, match="force"):
        force()
    with pytest.raises(ForceError, match="100,000,000"):
        force(({}, 100_000_001))
    with pytest.raises(WindowError):
        outlook(table, force(({}, 1)), window=Window(date(2011, 3, 15), date(2020, 1, 1)))
    with pytest.raises(UnknownWordError):
        outlook(table, force(({}, 1)), window=STUDY, decisive_are=[{"rank": ["sultan"]}])
    with pytest.raises(OutlookError, match="at_least"):
        outlook(table, force(({}, 1)), window=STUDY, at_least=(0,))
