"""Promises about claims as statements: each measure against a plain loop, and errors that say what to mend."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from model.risk.statements import HazardDraws, measured, probability
from priors.study import load_study
from tests.support.risk_tables import log_hazards, synthetic_table

VOCABULARY = load_study().vocabulary
STUDY = VOCABULARY.timeline.window
OFFICERS = {"rank": "officers"}
ALAWITES = {"sect": "alawite"}


@pytest.fixture(scope="module")
def draws() -> HazardDraws:
    """Return draws with one named quantity."""
    table = synthetic_table().posterior
    quantities = {"contagion_ratio": np.linspace(0.8, 1.19, table.count)}
    return HazardDraws(table, quantities)


def slow_sums(draws: HazardDraws, wanted: dict[str, set[str]]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the men of the cells wanted and their expected defections, draw by draw and cell by cell."""
    share, defections = np.zeros(40), np.zeros(40)
    months, hazards = VOCABULARY.timeline.months(STUDY), np.exp(log_hazards(draws.draws))
    for draw in range(40):
        for index, (sect, rank, *_) in enumerate(VOCABULARY.cells):
            if sect in wanted.get("sect", {sect}) and rank in wanted.get("rank", {rank}):
                men = float(draws.draws.heads[draw, index])
                share[draw] += men
                defections[draw] += men * (1 - np.exp(-(months * hazards[draw, index]).sum()))
    return share, defections


def test_measures_are_what_plain_loops_give(draws: HazardDraws) -> None:
    """Shares, risks and ratios over groups and alternatives agree with loops over draws and cells."""
    officers = set(VOCABULARY.levels("rank", "officers"))
    officer_share, officer_defections = slow_sums(draws, {"rank": officers})
    share, defections = slow_sums(draws, {"rank": officers, "sect": {"alawite"}})
    other_share, other_defections = slow_sums(draws, {"sect": {"druze", "sunni"}})

    def found(**prediction: Any) -> NDArray[np.float64]:
        return measured(prediction | {"above": 0}, draws)

    close = np.testing.assert_allclose
    close(found(measure="share of the forces", of=ALAWITES, among=OFFICERS), share / officer_share, rtol=1e-9)
    close(found(measure="share of defections", of=ALAWITES, among=OFFICERS), defections / officer_defections, rtol=1e-9)
    close(found(measure="risk", of=ALAWITES | OFFICERS), defections / share, rtol=1e-9)
    close(
        found(measure="risk ratio", of=ALAWITES | OFFICERS, to={"sect": "druze|sunni"}),
        defections / share / (other_defections / other_share),
        rtol=1e-9,
    )


def test_hazard_over_time_compares_the_highest_periods(draws: HazardDraws) -> None:
    """Of several periods the one with the highest baseline counts, draw by draw, whatever attributes do over time."""
    first, second, third, *_ = VOCABULARY.timeline.period_names
    prediction = {"measure": "hazard over time", "of": [first], "to": [second, third]}
    baseline = draws.draws.baseline
    expected = np.exp(baseline[:, 0]) / np.exp(baseline[:, 1:3]).max(axis=1)
    np.testing.assert_allclose(measured(prediction | {"below": 1}, draws), expected)
    assert probability(prediction | {"of": first, "below": 1}, draws) == float((expected < 1).mean())


def test_a_number_of_defections_is_of_whole_men(draws: HazardDraws) -> None:
    """Of the men of a draw so many leave as a Poisson number about heads times risk says, the same each time."""
    officers = {"measure": "number of defections", "of": OFFICERS, "above": 0}
    _, expected = slow_sums(draws, {"rank": set(VOCABULARY.levels("rank", "officers"))})
    found = measured(officers, draws)
    np.testing.assert_array_equal(found, np.rint(found))
    np.testing.assert_array_equal(found, measured(officers, draws))
    scaled = (found - expected) / np.sqrt(expected)
    assert np.abs(scaled).max() < 5
    assert 0.5 < scaled.std() < 1.5


def test_a_number_of_defections_may_be_of_a_part_of_the_study(draws: HazardDraws) -> None:
    """Days that are left out are those of the study; men who left before the first day are not counted again."""
    middle = date(2012, 8, 3)
    whole, before, after = (
        measured({"measure": "number of defections", "of": {}, "above": 0} | days, draws)
        for days in ({}, {"to": middle}, {"from": middle})
    )
    np.testing.assert_allclose(before + after, whole, atol=5 * np.sqrt(2 * whole.max()))
    none = {"measure": "number of defections", "of": {"rank": "general"}, "from": middle, "to": middle, "below": 1}
    assert probability(none, draws) == 1


def test_bounds_are_strict_and_may_be_two(draws: HazardDraws) -> None:
    """A statement holds of the draws strictly between its bounds."""
    values = draws.quantities["contagion_ratio"]
    quantity = {"measure": "quantity", "of": "contagion_ratio"}
    assert probability(quantity | {"above": float(values[3])}, draws) == pytest.approx(36 / 40)
    assert probability(quantity | {"below": float(values[3])}, draws) == pytest.approx(3 / 40)
    two = {"above": float(values[3]), "below": float(values[8])}
    assert probability(quantity | two, draws) == pytest.approx(4 / 40)


def test_every_prediction_of_the_articles_can_be_evaluated(draws: HazardDraws) -> None:
    """Each testable claim is a statement with a probability between 0 and 1."""
    claims = load_study().claims
    predictions = [claim.prediction for claim in claims.claims if claim.prediction]
    assert len(predictions) > 20
    named = replace(draws, quantities=dict.fromkeys((each.name for each in claims.quantities), np.ones(40)))
    assert all(0 <= probability(prediction, named) <= 1 for prediction in predictions)
