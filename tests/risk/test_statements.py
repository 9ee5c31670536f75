"""Promises about claims as statements: each measure against a plain loop, and errors that say what to mend."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from model.risk.statements import HazardDraws, measured, probability
from priors.study import load_study
from tests.support.risk_tables import cell_shares, synthetic_table

VOCABULARY = load_study().vocabulary
STUDY = VOCABULARY.timeline.window
OFFICERS = {"rank": "officers"}
ALAWITES = {"sect": "alawite"}


@pytest.fixture(scope="module")
def draws() -> HazardDraws:
    """Return draws with one named quantity."""
    table = synthetic_table().posterior
    quantities = {"contagion_ratio": np.linspace(0.8, 1.19, table.count)}
    return HazardDraws(table.log_relative_hazard, table.baseline, cell_shares(table), quantities, VOCABULARY)


def slow_sums(draws: HazardDraws, wanted: dict[str, set[str]]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return corps share and expected defections of the cells wanted, draw by draw and cell by cell."""
    share, defections = np.zeros(40), np.zeros(40)
    months = VOCABULARY.timeline.months(STUDY)
    for draw in range(40):
        for index, (sect, rank, *_) in enumerate(VOCABULARY.cells):
            if sect in wanted.get("sect", {sect}) and rank in wanted.get("rank", {rank}):
                hazard = np.exp(draws.baseline[draw] + float(draws.log_relative_hazard[draw, index]))
                share[draw] += draws.cell_shares[draw, index]
                defections[draw] += draws.cell_shares[draw, index] * (1 - np.exp(-(months * hazard).sum()))
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
    """Of several periods the one with the highest baseline counts, draw by draw."""
    prediction = {"measure": "hazard over time", "of": ["2011"], "to": ["2012 first half", "2012 second half"]}
    expected = np.exp(draws.baseline[:, 0]) / np.exp(draws.baseline[:, 1:3]).max(axis=1)
    np.testing.assert_allclose(measured(prediction | {"below": 1}, draws), expected)
    alone = {"measure": "hazard over time", "of": "2011", "to": ["2012 first half", "2012 second half"], "below": 1}
    assert probability(alone, draws) == float((expected < 1).mean())


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
    predictions = [claim.prediction for claim in load_study().claims.claims if claim.prediction]
    assert len(predictions) > 20
    assert all(0 <= probability(prediction, draws) <= 1 for prediction in predictions)
