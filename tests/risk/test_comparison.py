"""Promises about comparisons: made in the same draws, the same told from either side, nothing lost in the words."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.risk.assessment import assess
from model.risk.comparison import compare, in_words
from model.risk.errors import IntervalError
from model.risk.summaries import rounded
from model.risk.table import RiskTable
from model.risk.words import Scale
from priors.errors import UnknownWordError, WindowError
from priors.study import load_study
from priors.timeline import Window
from tests.support.risk_tables import synthetic_table
from tests.support.syria import ATTRIBUTES

VOCABULARY = load_study().vocabulary
STUDY = VOCABULARY.timeline.window
profiles = st.fixed_dictionaries({}, optional={name: st.sampled_from(VOCABULARY[name].names) for name in ATTRIBUTES})
COLONEL, GUARD = {"sect": "sunni", "rank": "colonel"}, {"sect": "alawite", "eliteness": "elite"}


@pytest.fixture(scope="module")
def table() -> RiskTable:
    """Return a table of random draws, an odd number of them so that the median is one of them."""
    return synthetic_table(draws=61)


@given(first=profiles, second=profiles)
@settings(max_examples=60, deadline=None)
def test_the_two_sides_tell_the_same(table: RiskTable, first: dict[str, str], second: dict[str, str]) -> None:
    """Turned round, the probability is the complement but for ties, the ratio inverse, the difference opposed."""
    one, other = (compare(table, *pair, window=STUDY, intervals=(0.8,)) for pair in ((first, second), (second, first)))
    risks = [table.posterior.risk(profile, STUDY) for profile in (first, second)]
    equal = float((risks[0] == risks[1]).mean())
    assert one.probability_first_riskier + other.probability_first_riskier + equal == pytest.approx(1, abs=1e-5)
    assert one.risk_ratio.median * other.risk_ratio.median == pytest.approx(1, rel=1e-5)
    assert one.risk_difference.median == pytest.approx(-other.risk_difference.median, abs=1e-9)
    (narrow,), (turned,) = one.risk_difference.intervals, other.risk_difference.intervals
    assert (narrow.lower, narrow.upper) == pytest.approx((-turned.upper, -turned.lower), abs=1e-9)


def test_the_numbers_are_those_of_the_same_draws(table: RiskTable) -> None:
    """Probability, ratio and difference are of the two risks draw by draw, not of their summaries."""
    found = compare(table, COLONEL, GUARD, window=STUDY, intervals=(0.9,)).as_dict()
    risk, other = (table.posterior.risk(profile, STUDY) for profile in (COLONEL, GUARD))
    assert found["probability_first_riskier"] == rounded(float((risk > other).mean()))
    assert found["risk_ratio"]["median"] == rounded(float(np.median(risk / other)))
    assert found["risk_ratio"]["ratio"] == rounded(float(risk.mean() / other.mean()))
    assert found["risk_difference"]["mean"] == rounded(float((risk - other).mean()))
    assert found["risk_difference"]["intervals"][0]["upper"] == rounded(float(np.quantile(risk - other, 0.95)))
    assert found["risk_ratio"]["median"] != rounded(float(np.median(risk) / np.median(other)))


def test_what_is_uncertain_of_both_alike_cancels(table: RiskTable) -> None:
    """A baseline that nobody knows leaves the ratio of two small risks as certain as their hazards are."""
    steady = replace(
        table.posterior,
        log_relative_hazard=np.tile(table.posterior.log_relative_hazard[:1] - 12, (61, 1)),
        over_time={},
        heads=np.tile(table.posterior.heads[:1], (61, 1)),
    )
    found = compare(replace(table, posterior=steady), COLONEL | {"eliteness": "elite"}, GUARD, window=STUDY)
    (_, wide) = found.risk_ratio.intervals
    assert wide.upper / wide.lower < 1.5
    assert np.ptp(steady.baseline[:, 0]) > 1


def test_a_profile_against_itself(table: RiskTable) -> None:
    """Nobody is riskier than himself: probability 0, ratio 1, no difference."""
    found = compare(table, COLONEL, dict(reversed(COLONEL.items())), window=STUDY)
    assert found.probability_first_riskier == 0
    assert {found.risk_ratio.median, *(each.lower for each in found.risk_ratio.intervals)} == {1.0}
    assert ": less than 1 more or fewer in 10" in found.in_words
    assert found.first == found.second


def test_a_risk_too_small_to_be_told_from_nothing(table: RiskTable) -> None:
    """Hazards that underflow give finite numbers all the same."""
    nothing = replace(table.posterior, log_relative_hazard=np.full_like(table.posterior.log_relative_hazard, -5000))
    found = compare(replace(table, posterior=nothing), COLONEL, GUARD, window=STUDY)
    assert json.loads(json.dumps(found.as_dict(), allow_nan=False))["risk_ratio"]["median"] == 0


def test_a_comparison_has_the_fields_of_the_answer(table: RiskTable) -> None:
    """Every field is there in its order, and says what was averaged over on each side."""
    found = compare(table, COLONEL, GUARD, window=STUDY).as_dict()
    assert list(found) == [
        "first", "second", "probability_first_riskier", "risk_ratio", "risk_difference", "in_words",
    ]  # fmt: skip
    assert found["first"] == {
        "profile": COLONEL,
        "averaged_over": ["eliteness", "proximity"],
        "risk": assess(table, COLONEL, window=STUDY).as_dict()["risk"],
    }
    assert found["second"]["averaged_over"] == ["rank", "proximity"]
    assert [each["probability"] for each in found["risk_ratio"]["intervals"]] == [0.5, 0.9]


def test_asking_again_gives_the_same_answer_itself(table: RiskTable) -> None:
    """A comparison is remembered by both profiles in their order, window and intervals."""
    first = compare(table, COLONEL, GUARD, window=STUDY)
    assert compare(table, dict(COLONEL), dict(GUARD), window=STUDY) is first
    assert compare(table, GUARD, COLONEL, window=STUDY) is not first
    assert compare(table, COLONEL, GUARD, window=Window(date(2012, 1, 1), date(2013, 1, 1))) is not first


def test_wrong_questions_are_refused(table: RiskTable) -> None:
    """A window outside the study, a probability of 1 and an unknown level are each refused by their own error."""
    with pytest.raises(WindowError):
        compare(table, COLONEL, GUARD, window=Window(date(2011, 3, 15), date(2020, 1, 1)))
    with pytest.raises(IntervalError):
        compare(table, COLONEL, GUARD, window=STUDY, intervals=(0.0,))
    with pytest.raises(UnknownWordError):
        compare(table, COLONEL, {"rank": "sultan"}, window=STUDY)


@pytest.mark.parametrize(
    ("risks", "interval", "words"),
    [
        ((0.31, 0.028), (-0.013, 0.41),
         ("about 31 in 100 of the first and 2.8 in 100 of the second: 28 more in 100 "
          "(90 % interval: 1.3 fewer to 41 more in 100)")),
        ((0.02, 0.022), (-0.004, -0.001),
         ("about 2 in 100 of the first and 2.2 in 100 of the second: less than 1 more or fewer in 100 "
          "(90 % interval: less than 1 more or fewer in 100)")),
        ((1e-9, 1e-9), (-1e-9, 1e-9),
         ("fewer than 1 in 1,000,000 of the first and fewer than 1 in 1,000,000 of the second: "
          "less than 1 more or fewer in 1,000,000 (90 % interval: less than 1 more or fewer in 1,000,000)")),
    ],
)  # fmt: skip
def test_both_risks_and_their_difference_are_on_one_scale(
    risks: tuple[float, float], interval: tuple[float, float], words: str
) -> None:
    """The words give both risks, the sign of their difference, and its 90 % interval, of one number of people."""
    assert in_words(Scale.of(risks), *risks, *interval) == words
