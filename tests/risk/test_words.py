"""Promises about an answer in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.risk.words import in_words, people
from priors.study import load_study


@pytest.mark.parametrize(
    ("risk", "words"),
    [
        ((0.003, 0.0002, 0.012), "about 3 in 1,000 such men (90 % interval: fewer than 1 to 12)"),
        ((0.31, 0.25, 0.402), "about 31 in 100 such men (90 % interval: 25 to 40)"),
        ((0.0049, 0.001, 0.02), "about 5 in 1,000 such men (90 % interval: 1 to 20)"),
        ((0.0000012, 0.0000001, 0.002), "about 1 in 1,000,000 such men (90 % interval: fewer than 1 to 2,000)"),
        ((1e-9, 1e-12, 3e-6), "fewer than 1 in 1,000,000 such men (90 % interval: fewer than 1 to 3)"),
        ((1e-9, 1e-12, 1e-8), "fewer than 1 in 1,000,000 such men (90 % interval: fewer than 1)"),
        ((0.999, 0.9, 0.9999), "more than 99 in 100 such men (90 % interval: 90 to more than 99)"),
        ((0.02, 0.0201, 0.0202), "about 2 in 100 such men (90 % interval: 2)"),
    ],
)
def test_risks_are_said_as_counts_of_a_round_number(risk: tuple[float, float, float], words: str) -> None:
    """The denominator is the smallest of which the median is at least one; bounds are counts of the same."""
    assert in_words(*risk, people="men") == words


@given(risks=st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted))
def test_every_risk_can_be_said(risks: list[float]) -> None:
    """Any risk has words, and they never say none or all."""
    lower, median, upper = risks
    said = in_words(median, lower, upper, people="officers")
    assert "about 0 " not in said
    assert " 100 in 100" not in said


def test_people_are_called_by_their_class() -> None:
    """By the group of what reads as a noun, as the study calls it; those of whom it is not known, as everyone is."""
    vocabulary = load_study().vocabulary
    assert people({"rank": "conscript"}, vocabulary) == people({"rank": "nco"}, vocabulary) == "enlisted men"
    assert people({"rank": "lieutenant"}, vocabulary) == people({"rank": "general"}, vocabulary) == "officers"
    assert people({"sect": "druze"}, vocabulary) == "members of the forces"
