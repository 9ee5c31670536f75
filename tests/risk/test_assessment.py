"""Promises about an assessment: its fields, its numbers, and that asking twice is cheap."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from model.risk.assessment import assess
from model.risk.errors import IntervalError
from model.risk.summaries import rounded
from model.risk.table import RiskTable
from priors.errors import UnknownWordError, WindowError
from priors.study import load_study
from priors.timeline import Window
from tests.support.risk_tables import synthetic_table
from tests.support.syria import ATTRIBUTES

VOCABULARY = load_study().vocabulary
STUDY = VOCABULARY.timeline.window
BRIGADIER = {"sect": "alawite", "rank": "brigadier", "eliteness": "elite", "proximity": "trusted"}


@pytest.fixture(scope="module")
def table() -> RiskTable:
    """Return a table of random draws."""
    return synthetic_table(draws=60)


def test_an_assessment_has_the_fields_of_the_answer(table: RiskTable) -> None:
    """Every field of the answer is there under its name, in its order, and can be written as JSON."""
    answer = assess(table, BRIGADIER, window=STUDY, intervals=(0.5, 0.9)).as_dict()
    assert list(answer) == [
        "profile",
        "averaged_over",
        "risk",
        "in_words",
        "people",
        "relative_to_corps",
        "contributions",
        "reliance_on_prior",
    ]
    assert answer["profile"] == BRIGADIER
    assert list(answer["risk"]) == ["mean", "median", "intervals"]
    assert list(answer["risk"]["intervals"][0]) == ["kind", "probability", "lower", "upper"]
    assert list(answer["contributions"][0]) == ["attribute", "value", "log_hazard", "claims"]
    assert [each["attribute"] for each in answer["contributions"]] == list(ATTRIBUTES)
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer


def test_numbers_are_those_of_the_draws(table: RiskTable) -> None:
    """Mean, median and equal-tailed intervals are of the risk's draws, to six significant digits."""
    risk = table.posterior.risk(BRIGADIER, STUDY)
    found = assess(table, BRIGADIER, window=STUDY, intervals=(0.8,)).as_dict()
    lower, upper = (rounded(float(np.quantile(risk, tail))) for tail in (0.1, 0.9))
    assert found["risk"] == {
        "mean": rounded(float(risk.mean())),
        "median": rounded(float(np.median(risk))),
        "intervals": [
            {"kind": "eti", "probability": 0.8, "lower": pytest.approx(lower), "upper": pytest.approx(upper)}
        ],
    }
    relative = float(np.median(risk / table.posterior.risk({}, STUDY)))
    assert found["relative_to_corps"]["median"] == rounded(relative)


def test_the_corps_stands_to_itself_as_one(table: RiskTable) -> None:
    """A profile of which nothing is known has exactly the risk of the armed forces, and contributions that cancel."""
    found = assess(table, {}, window=STUDY).as_dict()
    assert found["relative_to_corps"]["median"] == 1
    assert found["averaged_over"] == list(ATTRIBUTES)
    assert [each["value"] for each in found["contributions"]] == [None] * 4
    assert {each["log_hazard"]["median"] for each in found["contributions"]} == {0.0}
    assert found["in_words"].startswith("about ")
    assert "such members of the forces" in found["in_words"]


def test_claims_follow_the_level_or_all_levels(table: RiskTable) -> None:
    """A stated level has its own claims; an attribute left open has those of all its levels."""
    sect, rank, *_ = assess(table, {"sect": "druze"}, window=STUDY).contributions
    assert sect.claims == ("S2",)
    assert rank.claims == tuple(f"R{index}" for index in range(8))


def test_reliance_is_one_where_the_evidence_said_nothing(table: RiskTable) -> None:
    """A posterior that is the prior relies on it wholly; a posterior of half the spread, by a quarter."""
    unmoved = replace(table, posterior=table.prior)
    for profile in (BRIGADIER, {"rank": "colonel"}, {}):
        assert assess(unmoved, profile, window=STUDY).standing.reliance_on_prior == 1
    prior = table.prior
    narrower = replace(
        prior,
        log_relative_hazard=prior.log_relative_hazard / np.float32(2),
        baseline=np.tile(prior.baseline.mean(axis=0), (prior.count, 1)),
    )
    wider = replace(narrower, log_relative_hazard=prior.log_relative_hazard)
    halved = RiskTable(narrower, wider, {}, "v", "pooled", table.study)
    assert assess(halved, BRIGADIER, window=STUDY).standing.reliance_on_prior == pytest.approx(0.25, rel=1e-4)


def test_reliance_on_a_certain_prior_is_one(table: RiskTable) -> None:
    """Where the prior leaves no doubt, the reliance is 1 and not a division by nothing."""
    prior = table.prior
    certain = replace(
        prior,
        log_relative_hazard=np.zeros_like(prior.log_relative_hazard),
        baseline=np.zeros_like(prior.baseline),
    )
    assert assess(replace(table, prior=certain), BRIGADIER, window=STUDY).standing.reliance_on_prior == 1


def test_asking_again_gives_the_same_answer_itself(table: RiskTable) -> None:
    """An answer is remembered by profile, window and intervals, and by nothing less."""
    first = assess(table, BRIGADIER, window=STUDY)
    assert assess(table, dict(reversed(BRIGADIER.items())), window=STUDY) is first
    assert assess(table, BRIGADIER, window=Window(date(2012, 1, 1), date(2013, 1, 1))) is not first
    assert assess(table, BRIGADIER, window=STUDY, intervals=(0.5,)) is not first


def test_answers_are_not_shared_for_writing(table: RiskTable) -> None:
    """What one caller does to an answer, the next does not see."""
    answer = assess(table, BRIGADIER, window=STUDY).as_dict()
    answer["profile"]["sect"] = "sunni"
    answer["contributions"].clear()
    assert assess(table, BRIGADIER, window=STUDY).as_dict()["profile"] == BRIGADIER
    assert len(assess(table, BRIGADIER, window=STUDY).as_dict()["contributions"]) == 4


def test_threads_get_the_answers_of_one_thread() -> None:
    """Eight threads asking everything at once are told what one is told in turn."""
    profiles = [{"rank": rank, "sect": sect} for rank in VOCABULARY["rank"].names for sect in VOCABULARY["sect"].names]
    alone = synthetic_table()
    expected = [assess(alone, profile, window=STUDY).as_dict() for profile in profiles]
    shared = synthetic_table()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda profile: assess(shared, profile, window=STUDY).as_dict(), profiles * 3))
    assert found == expected * 3


def test_wrong_questions_are_refused(table: RiskTable) -> None:
    """A window outside the study, a probability of 1 and an unknown level are each refused by their own error."""
    with pytest.raises(WindowError, match="nearest: 2016-03-15"):
        assess(table, BRIGADIER, window=Window(date(2011, 3, 15), date(2020, 1, 1)))
    with pytest.raises(IntervalError, match="between 0 and 1"):
        assess(table, BRIGADIER, window=STUDY, intervals=(1.0,))
    with pytest.raises(UnknownWordError, match="rank"):
        assess(table, {"rank": "sultan"}, window=STUDY)
