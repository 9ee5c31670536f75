"""Rows that cannot be right if the forces are what a study says they are."""

from __future__ import annotations

import numpy as np
import pytest

from model.evidence.against_corps import contradictions, corps_draws
from model.evidence.reading import bundled_evidence
from model.evidence.rows import EvidenceRow
from priors.study import Study, load_study
from tests.support.made_up import FLEET, GARRISON, made_up
from tests.support.problems import evidence_row

FIRST_DAY = ("2011-03-15", "2011-03-15")
GENERALS = ("brigadier", "general")
ODDS = [
    (evidence_row("R", "rate", (2000, 2400), (0, 3), rank=("general",)), "total_low", 2000),
    (evidence_row("M", "rate", None, (9000, 9900), rank=GENERALS), "count_low", 9000),
    (evidence_row("H", "heads", None, (20_000, 30_000), rank=GENERALS, window=FIRST_DAY), "count_low", 20_000),
    (evidence_row("L", "heads", None, (1, 9), rank=GENERALS, window=FIRST_DAY), "count_high", 9),
    (
        evidence_row(
            "C", "corps_composition", (100, 110), (80, 90), attribute=("rank", GENERALS), rank=("colonel", *GENERALS)
        ),
        "count_low",
        80 / 110,
    ),
]
EVEN = (
    evidence_row("R", "rate", (5, 2000), (0, 3), rank=("general",)),
    evidence_row("M", "rate", None, (0, 3), rank=GENERALS),
    evidence_row("H", "heads", None, (150, 1500), rank=GENERALS, window=FIRST_DAY),
    evidence_row("C", "corps_composition", (1, 1), (0.5, 0.85), rank=("colonel",), attribute=("sect", ("alawite",))),
    evidence_row("D", "defector_composition", (500, 600), (400, 500), rank=GENERALS, attribute=("sect", ("druze",))),
)


@pytest.mark.parametrize(("row", "column", "states"), ODDS, ids=[row.id for row, *_ in ODDS])
def test_a_row_that_the_forces_do_not_allow_is_told(study: Study, row: EvidenceRow, column: str, states: float) -> None:
    """More men than serve, or a share that they do not have, contradicts by its bound, and says what there is."""
    (found,) = contradictions([row], study)
    assert (found.row, found.column) == (row, column)
    assert found.states == pytest.approx(states)
    assert not found.lower <= found.states <= found.upper
    assert str(found).startswith(f"{row.id}: {column} ")
    assert "where corps.yaml has" in str(found)


@pytest.mark.parametrize("row", EVEN, ids=[row.id for row in EVEN])
def test_a_row_that_they_allow_is_not(study: Study, row: EvidenceRow) -> None:
    """Fewer followed up than serve, bounds that meet, and lists of those who left contradict nothing."""
    assert contradictions([row], study) == ()


@pytest.mark.parametrize("name", ["syria", "us-army-1861", GARRISON, FLEET])
def test_a_studys_own_rows_agree_with_its_own_forces(name: str) -> None:
    """No row that comes with a study is at odds with its corps.yaml."""
    study = made_up(name) if name in {GARRISON, FLEET} else load_study(name)
    assert contradictions(bundled_evidence(study), study) == ()


@pytest.mark.parametrize("name", ["syria", FLEET])
def test_who_serves_is_drawn_as_the_corps_says(name: str) -> None:
    """Draws hold the intervals of heads nine times in ten, and cells lie about the men expected of them."""
    study = made_up(name) if name == FLEET else load_study(name)
    corps, drawn = study.corps, corps_draws(study.corps, np.random.default_rng(1))
    assert (drawn >= 0).all()
    for place, (low, high) in enumerate(corps.heads):
        men = drawn[:, corps.class_of == place].sum(axis=1)
        inside = ((men >= low) & (men <= high)).mean()
        assert abs(inside - 0.9) < 5 * (0.9 * 0.1 / len(men)) ** 0.5
    largest = corps.cell_heads().argmax()
    assert np.median(drawn[:, largest]) == pytest.approx(corps.cell_heads()[largest], rel=0.15)
