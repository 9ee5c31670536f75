"""Promises about risks in words: the order of what stands side by side is that of the numbers, and units are told."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.risk.comparison import in_words as compared_in_words
from model.risk.words import Scale, in_words, people
from priors.study import load_study
from tests.support.told import CASES, Case, printed, without_units

shares = st.floats(0, 1) | st.floats(-9, 0).map(lambda power: 10**power)
scales = st.builds(
    Scale.of, st.lists(shares, min_size=1, max_size=9), st.lists(st.floats(0, 0.2), min_size=0, max_size=9)
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: ", ".join(case.told))
def test_risks_side_by_side_have_one_denominator(case: Case) -> None:
    """The smallest at which the least is one; to two digits, or one where the Monte Carlo error is over a tenth."""
    scale = Scale.of(case.expected, case.errors)
    assert [scale.told(risk) for risk in case.expected] == case.told


@given(risks=st.lists(shares, min_size=2, max_size=20), errors=st.lists(st.floats(0, 0.2), min_size=0, max_size=20))
def test_printed_order_never_contradicts_numeric_order(risks: list[float], errors: list[float]) -> None:
    """Of any risks side by side the greater is never printed as the smaller, by its words or by its bare count."""
    scale = Scale.of(risks, errors)
    told = [scale.told(risk) for risk in sorted(risks)]
    assert [printed(each) for each in told] == sorted(printed(each) for each in told)
    assert len({each.rpartition(" in ")[2] for each in told}) == 1


@given(scale=scales, risks=st.lists(shares, min_size=3, max_size=3).map(sorted), share=st.floats(0, 1))
def test_every_printed_number_has_its_unit(scale: Scale, risks: list[float], share: float) -> None:
    """No number of a sentence stands without the number of people that it is of; none says none or all."""
    lower, median, upper = risks
    mean = lower + share * (upper - lower)
    for said in (
        in_words(scale, mean, median, lower, upper, people="officers"),
        compared_in_words(scale, mean, median, mean - upper, mean - lower),
    ):
        assert not re.search(r"\d", without_units(said))
        assert not re.search(r"\b0 |e\+| 100 in 100", said)


def test_a_risk_is_said_with_how_the_draws_lie_about_it() -> None:
    """The expected share first, then the median, then the interval."""
    assert in_words(Scale(10_000), 0.00039, 0.00007, 0.000003, 0.0017, people="men") == (
        "about 3.9 in 10,000 such men; half of the draws say fewer than 1 in 10,000 "
        "(90 % interval: fewer than 1 to 17 in 10,000)"
    )
    assert in_words(Scale(100), 0.02, 0.02, 0.0201, 0.0202, people="men").endswith("(90 % interval: 2 in 100)")


def test_people_are_called_by_their_class() -> None:
    """By the group of what reads as a noun, as the study calls it; those of whom it is not known, as everyone is."""
    vocabulary = load_study().vocabulary
    assert people({"rank": "conscript"}, vocabulary) == people({"rank": "nco"}, vocabulary) == "enlisted men"
    assert people({"rank": "lieutenant"}, vocabulary) == people({"rank": "general"}, vocabulary) == "officers"
    assert people({"sect": "druze"}, vocabulary) == "members of the forces"
