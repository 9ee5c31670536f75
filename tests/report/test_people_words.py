"""Parts of the forces, and what claims predict of them, as sentences of one study and of others."""

from __future__ import annotations

from datetime import date

import pytest

from model.report.people import prediction_in_words
from priors.people import level_in_words, people_in_words
from priors.study import Study
from tests.support.made_up import FLEET, made_up


@pytest.mark.parametrize(
    ("population", "told"),
    [
        ({}, "members of the forces"),
        ({"sect": ["druze", "christian"]}, "Druze or Christian members of the forces"),
        (
            {"sect": ["sunni"], "rank": ["major", "colonel"], "eliteness": ["elite"]},
            "Sunni majors or colonels of elite units",
        ),
        ({"rank": ["conscript", "nco"], "eliteness": ["favoured", "elite"]}, "enlisted men of favoured or elite units"),
        ({"sect": ["alawite"], "rank": ["nco"], "proximity": ["outside"]}, "Alawite NCOs outside the core"),
    ],
)
def test_people(study: Study, population: dict[str, list[str]], told: str) -> None:
    """A part of the forces is told with adjectives before its noun, or the word for all, and the rest behind."""
    assert people_in_words(population, study.vocabulary) == told


@pytest.mark.parametrize(
    ("population", "told"),
    [
        ({"home": ["isles", "abroad"]}, "island or foreign men of the fleet"),
        ({"station": ["master", "mate"], "ship": ["sloop", "frigate"]}, "warranted men of a sloop or frigate"),
        ({"pay": ["unpaid"], "kin": ["single"]}, "men of the fleet (unpaid by pay) (single by kin)"),
    ],
)
def test_people_of_another_study(population: dict[str, list[str]], told: str) -> None:
    """Another study's people are told in its own words, and an attribute that says nothing of it by its name."""
    assert people_in_words(population, made_up(FLEET).vocabulary) == told


@pytest.mark.parametrize(
    ("attribute", "levels", "told"),
    [
        ("home", ["abroad"], "foreign"),
        ("station", ["mate", "master"], "warranted men"),
        ("ship", ["flagship"], "of a flagship"),
        ("kin", ["married"], "married by kin"),
    ],
)
def test_what_a_row_counts(attribute: str, levels: list[str], told: str) -> None:
    """What a row counts of its people reads as what they were."""
    assert level_in_words(attribute, levels, made_up(FLEET).vocabulary) == told


@pytest.mark.parametrize("other", [None, FLEET])
def test_every_prediction_has_words(study: Study, other: str | None) -> None:
    """Every claim that predicts something says what, in words that name its bounds."""
    asked = study if other is None else made_up(other)
    for claim in asked.claims.claims:
        if claim.prediction is not None:
            told = prediction_in_words(claim.prediction, asked.vocabulary)
            assert " is above " in told or " is below " in told
            assert "|" not in told


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("K04", "among the officers who serve, the share of Alawite officers is above 0.7 and below 0.9"),
        ("K07", "the five-year risk of Alawite officers is below 0.02"),
        ("K14", "contagion ratio is below 1.15"),
        (
            "K15",
            (
                "the hazard in 2011 to September, over that in early 2012, spring 2012, July 2012 or August 2012, "
                "is below 1"
            ),
        ),
    ],
)
def test_a_claim_in_words(study: Study, claim: str, told: str) -> None:
    """A prediction reads as a sentence a reader could check."""
    prediction = study.claims[claim].prediction
    assert prediction is not None
    assert prediction_in_words(prediction, study.vocabulary) == told


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ({}, "between 15 March 2011 and 15 March 2016"),
        ({"from": date(2012, 8, 3), "to": date(2013, 8, 3)}, "between 3 August 2012 and 3 August 2013"),
    ],
)
def test_a_number_of_defections(study: Study, days: dict[str, date], told: str) -> None:
    """A prediction of how many leave says of whom and when, by default of the whole study."""
    prediction = {"measure": "number of defections", "of": {"rank": "brigadier|general"}, "below": 30} | days
    words = prediction_in_words(prediction, study.vocabulary)
    assert words == f"the number of brigadiers or generals who leave {told} is below 30"


def test_one_period_may_stand_alone() -> None:
    """A prediction may name a period without a list around it."""
    prediction = {"measure": "hazard over time", "of": "June", "to": ("July",), "above": 1}
    assert prediction_in_words(prediction, made_up(FLEET).vocabulary) == (
        "the hazard in June, over that in July, is above 1"
    )
