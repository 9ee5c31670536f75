"""Promises about an assessment: its fields, its numbers, and that asking twice is cheap."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from model.risk.assessment import assess, side_by_side
from model.risk.draws import Draws
from model.risk.errors import IntervalError
from model.risk.summaries import rounded, standard_error
from model.risk.table import RiskTable
from model.risk.words import Scale, in_words
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
        "posterior_contraction",
        "author_shift",
        "by_prior_set",
    ]
    assert answer["profile"] == BRIGADIER
    assert list(answer["risk"]) == ["mean", "monte_carlo_error", "median", "intervals"]
    assert list(answer["risk"]["intervals"][0]) == ["kind", "probability", "lower", "upper"]
    assert list(answer["contributions"][0]) == ["attribute", "value", "factor", "claims"]
    assert [each["attribute"] for each in answer["contributions"]] == list(ATTRIBUTES)
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer


def test_numbers_are_those_of_the_draws(table: RiskTable) -> None:
    """Mean, median and equal-tailed intervals are of the risk's draws, to six significant digits."""
    risk = table.posterior.risk(BRIGADIER, STUDY)
    found = assess(table, BRIGADIER, window=STUDY, intervals=(0.8,)).as_dict()
    lower, upper = (rounded(float(np.quantile(risk, tail))) for tail in (0.1, 0.9))
    assert found["risk"] == {
        "mean": rounded(float(risk.mean())),
        "monte_carlo_error": standard_error(risk),
        "median": rounded(float(np.median(risk))),
        "intervals": [
            {"kind": "eti", "probability": 0.8, "lower": pytest.approx(lower), "upper": pytest.approx(upper)}
        ],
    }
    corps = table.posterior.risk({}, STUDY)
    assert found["relative_to_corps"]["ratio"] == rounded(float(risk.mean() / corps.mean()))
    assert found["relative_to_corps"]["intervals"][0]["upper"] == rounded(float(np.quantile(risk / corps, 0.9)))


@pytest.mark.parametrize("profile", [BRIGADIER, {"sect": "sunni", "rank": "colonel"}, {"proximity": "core"}])
def test_the_factors_lead_from_the_risk_of_the_corps_to_that_of_the_profile(
    table: RiskTable, profile: dict[str, str]
) -> None:
    """Multiplied, they are the very ratio that the answer gives, of the two risks that it puts in words."""
    found, corps = (assess(table, each, window=STUDY).as_dict() for each in (profile, {}))
    product = float(np.prod([each["factor"]["ratio"] for each in found["contributions"]]))
    assert product == pytest.approx(found["relative_to_corps"]["ratio"], rel=1e-5)
    assert product * corps["risk"]["mean"] == pytest.approx(found["risk"]["mean"], rel=1e-5)


def test_the_corps_stands_to_itself_as_one(table: RiskTable) -> None:
    """A profile of which nothing is known has exactly the risk of the armed forces, and contributions that cancel."""
    found = assess(table, {}, window=STUDY).as_dict()
    assert found["relative_to_corps"]["ratio"] == 1
    assert found["averaged_over"] == list(ATTRIBUTES)
    assert [each["value"] for each in found["contributions"]] == [None] * 4
    assert {each["factor"]["ratio"] for each in found["contributions"]} == {1.0}
    assert found["in_words"].startswith("about ")
    assert "such members of the forces" in found["in_words"]


def test_claims_follow_the_level_or_all_levels(table: RiskTable) -> None:
    """A stated level has its own claims; an attribute left open has those of all its levels."""
    sect, rank, *_ = assess(table, {"sect": "druze"}, window=STUDY).contributions
    assert sect.claims == ("S2",)
    assert rank.claims == tuple(f"R{index}" for index in range(8))


def test_words_are_of_the_expected_share(table: RiskTable) -> None:
    """The number in words is the mean over draws, as that of an outlook is; the median stands beside it."""
    found = assess(table, BRIGADIER, window=STUDY).as_dict()
    risk, likely = found["risk"], found["risk"]["intervals"][1]
    scale = Scale.of([risk["mean"]], [risk["monte_carlo_error"]])
    assert found["in_words"] == in_words(
        scale, risk["mean"], risk["median"], likely["lower"], likely["upper"], people="officers"
    )


def test_assessments_side_by_side_are_told_on_one_scale(table: RiskTable) -> None:
    """The safest has the say of how many people all risks of one answer are told."""
    profiles = ({"sect": "sunni"}, BRIGADIER, {})
    found = side_by_side([assess(table, profile, window=STUDY) for profile in profiles])
    assert {each.replace(",", "") for one in found for each in re.findall(r" in (1[\d,]+)", one["in_words"])} == {
        str(Scale.of([each["risk"]["mean"] for each in found]).denominator)
    }


def test_contraction_is_nought_where_the_evidence_said_nothing(table: RiskTable) -> None:
    """A posterior that is the prior has contracted by nothing; one of half the spread, by three quarters."""
    unmoved = replace(table, posterior=table.prior)
    for profile in (BRIGADIER, {"rank": "colonel"}, {}):
        assert assess(unmoved, profile, window=STUDY).standing.posterior_contraction == 0
    prior = replace(table.prior, over_time={})
    narrower = replace(
        prior,
        log_relative_hazard=prior.log_relative_hazard / np.float32(2),
        baseline=np.tile(prior.baseline.mean(axis=0), (prior.count, 1)),
    )
    wider = replace(narrower, log_relative_hazard=prior.log_relative_hazard)
    halved = RiskTable(narrower, wider, {}, "v", "pooled", table.study)
    assert assess(halved, BRIGADIER, window=STUDY).standing.posterior_contraction == pytest.approx(0.75, rel=1e-4)


def test_a_certain_prior_cannot_contract(table: RiskTable) -> None:
    """Where the prior leaves no doubt, the contraction is 0 and not a division by nothing."""
    prior = table.prior
    certain = replace(
        prior,
        log_relative_hazard=np.zeros_like(prior.log_relative_hazard),
        baseline=np.zeros_like(prior.baseline),
        over_time={},
    )
    assert assess(replace(table, prior=certain), BRIGADIER, window=STUDY).standing.posterior_contraction == 0


def shifted(draws: Draws, by: float) -> Draws:
    """Return draws of which every log hazard is another."""
    return replace(draws, baseline=draws.baseline + by)


@pytest.mark.parametrize("profile", [BRIGADIER, {"rank": "colonel"}])
def test_the_authors_are_as_far_apart_as_their_own_fits(table: RiskTable, profile: dict[str, str]) -> None:
    """In posterior standard deviations of this version; the answer carries the risk under every prior set."""
    pooled = table.posterior
    fits = {"al-kattan": shifted(pooled, -0.6), "stratfor": shifted(pooled, 0.4)}
    found = assess(replace(table, beside=fits), profile, window=STUDY).as_dict()
    means = [draws.log_cumulative_hazard(profile, STUDY).mean() for draws in fits.values()]
    spread = pooled.log_cumulative_hazard(profile, STUDY).std()
    assert found["author_shift"] == pytest.approx((means[1] - means[0]) / spread, rel=1e-5)
    assert found["author_shift"] > 0.5
    own, *others = found["by_prior_set"]
    assert own == {"prior_set": "pooled"} | found["risk"]
    for each, (name, draws) in zip(others, fits.items(), strict=True):
        assert each["prior_set"] == name
        assert each["median"] == pytest.approx(float(np.median(draws.risk(profile, STUDY))), rel=1e-5)


def test_a_version_of_one_author_is_his_own_fit(table: RiskTable) -> None:
    """It is set against the other author's, which is beside it."""
    pooled = table.posterior
    own = replace(table, prior_set="stratfor", beside={"pooled": pooled, "al-kattan": shifted(pooled, 3.0)})
    found = assess(own, BRIGADIER, window=STUDY).standing
    assert found.author_shift == pytest.approx(3 / pooled.log_cumulative_hazard(BRIGADIER, STUDY).std(), rel=1e-5)
    assert [name for name, _ in found.by_prior_set] == ["stratfor", "pooled", "al-kattan"]


@pytest.mark.parametrize("beside", [(), ("stratfor",)])
def test_without_the_authors_own_fits_nothing_is_said_of_them(table: RiskTable, beside: tuple[str, ...]) -> None:
    """Where a fit is missing the shift is None, and there are no medians."""
    found = assess(replace(table, beside=dict.fromkeys(beside, table.prior)), BRIGADIER, window=STUDY).as_dict()
    assert (found["author_shift"], found["by_prior_set"]) == (None, [])


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
