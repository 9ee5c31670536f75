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
        (
            (0.00039, 0.00007, 0.000003, 0.0017),
            "about 3.9 in 10,000 such men; half of the draws say fewer than 1 (90 % interval: fewer than 1 to 17)",
        ),
        (
            (0.0312, 0.0211, 0.0105, 0.402),
            "about 3.1 in 100 such men; half of the draws say fewer than 2.1 (90 % interval: 1.1 to 40)",
        ),
        (
            (0.00993, 0.0049, 0.001, 0.4023),
            "about 9.9 in 1,000 such men; half of the draws say fewer than 4.9 (90 % interval: 1 to 400)",
        ),
        (
            (0.0000012, 0.0000011, 0.0000011, 0.002),
            "about 1.2 in 1,000,000 such men; half of the draws say fewer than 1.1 (90 % interval: 1.1 to 2,000)",
        ),
        (
            (1e-9, 1e-9, 1e-12, 1e-8),
            "fewer than 1 in 1,000,000 such men; half of the draws say fewer than 1 (90 % interval: fewer than 1)",
        ),
        (
            (0.996, 0.999, 0.9, 0.9999),
            "more than 99 in 100 such men; half of the draws say more than 99 (90 % interval: 90 to more than 99)",
        ),
        (
            (0.0099, 0.0021, 0.0011, 0.996),
            "about 9.9 in 1,000 such men; half of the draws say fewer than 2.1 (90 % interval: 1.1 to more than 990)",
        ),
        (
            (0.02, 0.02, 0.0201, 0.0202),
            "about 2 in 100 such men; half of the draws say fewer than 2 (90 % interval: 2)",
        ),
    ],
)
def test_risks_are_said_as_counts_of_a_round_number(risk: tuple[float, float, float, float], words: str) -> None:
    """The denominator is the smallest of which the mean is at least one; all counts are of it, to two digits."""
    assert in_words(*risk, people="men") == words


@given(risks=st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted), share=st.floats(0, 1))
def test_every_risk_can_be_said(risks: list[float], share: float) -> None:
    """Any risk has words, and they never say none or all."""
    lower, median, upper = risks
    said = in_words(lower + share * (upper - lower), median, lower, upper, people="officers")
    assert "about 0 " not in said
    assert " 100 in 100" not in said
    assert "e+" not in said


def test_people_are_called_by_their_class() -> None:
    """By the group of what reads as a noun, as the study calls it; those of whom it is not known, as everyone is."""
    vocabulary = load_study().vocabulary
    assert people({"rank": "conscript"}, vocabulary) == people({"rank": "nco"}, vocabulary) == "enlisted men"
    assert people({"rank": "lieutenant"}, vocabulary) == people({"rank": "general"}, vocabulary) == "officers"
    assert people({"sect": "druze"}, vocabulary) == "members of the forces"
