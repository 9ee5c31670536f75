"""Promises about counterfactuals: every neighbour once, each compared in the same draws."""

from __future__ import annotations

import pytest

from model.risk.comparison import compare
from model.risk.counterfactuals import counterfactuals
from model.risk.table import RiskTable
from priors.errors import UnknownWordError
from priors.study import load_study
from tests.support.risk_tables import synthetic_table
from tests.support.syria import ATTRIBUTES

VOCABULARY = load_study().vocabulary
STUDY = VOCABULARY.timeline.window
COLONEL = {"sect": "sunni", "rank": "colonel", "proximity": "trusted"}


@pytest.fixture(scope="module")
def table() -> RiskTable:
    """Return a table of random draws."""
    return synthetic_table()


def test_every_other_level_of_every_attribute_comes_once(table: RiskTable) -> None:
    """A stated attribute has all levels but its own, one averaged over has them all."""
    found = counterfactuals(table, COLONEL, window=STUDY).as_dict()
    assert found["averaged_over"] == ["eliteness"]
    expected = {(name, level) for name in ATTRIBUTES for level in VOCABULARY[name].names} - set(COLONEL.items())
    assert {(change["attribute"], change["to"]) for change in found["changes"]} == expected
    assert len(found["changes"]) == len(expected)
    assert all(change["from"] == COLONEL.get(change["attribute"]) for change in found["changes"])


def test_a_change_is_the_comparison_of_the_two(table: RiskTable) -> None:
    """Probability and ratio are those of the changed profile against the one it was."""
    changes = counterfactuals(table, COLONEL, window=STUDY, intervals=(0.8,)).changes
    to_general = next(change for change in changes if change.after == "general")
    expected = compare(table, COLONEL | {"rank": "general"}, COLONEL, window=STUDY, intervals=(0.8,)).as_dict()
    found = to_general.as_dict()
    assert found["probability_riskier"] == expected["probability_first_riskier"]
    assert found["risk_ratio"] == expected["risk_ratio"]
    assert found["risk_difference"] == expected["risk_difference"]


def test_an_unknown_level_is_refused(table: RiskTable) -> None:
    """A word that no level has is an error of its own."""
    with pytest.raises(UnknownWordError):
        counterfactuals(table, {"sect": "jedi"}, window=STUDY)
