"""What rows ask, and that nothing of what they answer is left in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.backtest.questions import asked
from model.evidence.points import is_small_count
from model.evidence.reading import bundled_evidence
from model.evidence.rows import EvidenceRow, group_rows
from priors.study import load_study
from tests.support.evidence_rows import every_row

ROWS = every_row()
SYRIA = bundled_evidence(load_study())


@st.composite
def answered_otherwise(draw: st.DrawFn) -> tuple[EvidenceRow, ...]:
    """Draw the study's rows with other counts; those of lists divide their total as before, among other rows."""
    rows = []
    for group in group_rows(SYRIA):
        if len(group.rows) > 1:
            counts = draw(st.permutations([(row.count_low, row.count_high) for row in group.rows]))
        else:
            most = 1_000 if group.rows[0].total is None else int(group.rows[0].total[0])
            low = draw(st.integers(0, most))
            counts = [(float(low), float(draw(st.integers(low, most))))]
        owner = draw(st.sampled_from(["source", "compiler"]))
        rows += [
            replace(row, count_low=low, count_high=high, bound_by=owner, weight=draw(st.floats(0, 1)))
            for row, (low, high) in zip(group.rows, counts, strict=True)
        ]
    return tuple(rows)


@given(answered_otherwise())
def test_a_question_does_not_know_its_answer(rows: tuple[EvidenceRow, ...]) -> None:
    """Whatever rows answer, and however firmly, they ask the same."""
    assert {each.id: each for each in asked(rows)} == {each.id: each for each in asked(SYRIA)}


@pytest.mark.parametrize("rows", [ROWS, SYRIA], ids=["every kind", "the study's"])
def test_a_question_is_of_the_same_people_and_days(rows: tuple[EvidenceRow, ...]) -> None:
    """Of a row all but its bounds stays; lists stay lists, with a remainder where they had one."""
    questions = asked(rows)
    for question, row in zip(questions, rows, strict=True):
        bounds = {name: getattr(question, name) for name in ("count_low", "count_high", "bound_by", "weight")}
        assert question == replace(row, **bounds)
    for group, of in zip(group_rows(questions), group_rows(rows), strict=True):
        assert [row.id for row in group.rows] == [row.id for row in of.rows]
        assert group.has_remainder == of.has_remainder


def test_shares_of_men_are_foreseen_as_counts() -> None:
    """Of a stated total so many men are foreseen, drawn one by one, whether or not the answer was a small count."""
    counted = [row for row in asked(ROWS) if row.kind in {"rate", "corps_composition"} and not row.counts_shares]
    whole = [row for row in counted if row.total is not None]
    assert whole
    assert all(is_small_count(row) for row in whole)
