"""Evidence as what the model points at: which rows are of which kind, and of whom and when they speak."""

from __future__ import annotations

import numpy as np
import pytest

from model.evidence.points import SMALL_COUNT
from model.evidence.rows import EvidenceRow
from model.fit.design import Design, make_design
from priors.study import load_study
from priors.vocabulary import Vocabulary
from tests.support.problems import evidence_row, no_officers


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    """Read the vocabulary of the project."""
    return load_study().vocabulary


def design_of(vocabulary: Vocabulary, *rows: EvidenceRow) -> Design:
    """Return the design of rows."""
    return make_design(rows, no_officers(vocabulary), vocabulary)


def test_counts_up_to_fifty_are_small(vocabulary: Vocabulary) -> None:
    """A highest count of 50 makes a small count, one of 51 a rate, and shares always a composition."""
    small = evidence_row("A", "rate", (100, 200), (1, SMALL_COUNT))
    large = evidence_row("B", "rate", (100, 200), (1, SMALL_COUNT + 1))
    share = evidence_row("S", "corps_composition", (1, 1), (0.1, 0.3), attribute=("sect", ("sunni",)))
    design = design_of(vocabulary, share, large, small)
    assert (design.small_counts.ids, design.rates.ids, design.compositions.ids) == (("A",), ("B",), ("S",))
    assert design.row_ids == ("S", "B", "A")


def test_rows_of_a_list_stand_together(vocabulary: Vocabulary) -> None:
    """A list is named by its rows, wherever they stood; other rows keep their order."""
    timings = [
        evidence_row(f"T{i}", "timing", (9, 9), (3, 6), window=window)
        for i, window in enumerate([("2011-04-01", "2012-01-01"), ("2012-01-01", "2013-01-01")])
    ]
    small = evidence_row("A", "rate", (40, 40), (1, 2))
    design = design_of(vocabulary, timings[0], small, timings[1])
    assert design.lists.ids == ("T0+T1",)
    assert design.lists.rows == (("T0", "T1"),)
    assert design.row_ids == ("T0", "T1", "A")


def test_groups_of_cells_and_dates_are_kept_once(vocabulary: Vocabulary) -> None:
    """Rows about the same people and days point at the same group and dates."""
    one = evidence_row("A", "rate", (40, 40), (1, 2), rank=("general",))
    other = evidence_row("B", "rate", (30, 30), (0, 3), rank=("general",))
    design = design_of(vocabulary, one, other)
    generals = [cell[1] == "general" for cell in vocabulary.cells]
    np.testing.assert_array_equal(design.members, [generals])
    np.testing.assert_allclose(design.months, [np.zeros(5), vocabulary.timeline.months(vocabulary.timeline.window)])
    for places, expected in (("part", [0, 0]), ("whole", [0, 0]), ("start", [0, 0]), ("end", [1, 1])):
        assert getattr(design.small_counts, places).tolist() == expected


def test_a_composition_counts_those_who_serve_on_its_day(vocabulary: Vocabulary) -> None:
    """Of a composition nobody leaves: its part and its whole are of one date."""
    row = evidence_row("S", "corps_composition", (1, 1), (0.1, 0.3), attribute=("sect", ("sunni",)), rank=("major",))
    shares = design_of(vocabulary, row).compositions
    assert shares.leaves.tolist() == [0]
    assert shares.start.tolist() == shares.end.tolist()
    assert shares.part.tolist() != shares.whole.tolist()


def test_a_remainder_is_the_last_place(vocabulary: Vocabulary) -> None:
    """What the rows of a list leave of its total is a place of its own; of dates it takes the whole study."""
    listed = evidence_row("C", "defector_composition", (20, 22), (3, 5), attribute=("rank", ("colonel",)))
    timing = evidence_row("T", "timing", (30, 31), (7, 9), window=("2012-03-15", "2012-06-08"))
    whole = (
        evidence_row("D0", "defector_composition", (9, 9), (4, 4), attribute=("sect", ("sunni",))),
        evidence_row("D1", "defector_composition", (9, 9), (3, 3), attribute=("sect", ("druze",))),
        evidence_row("D2", "defector_composition", (9, 9), (2, 2), attribute=("sect", ("alawite",))),
    )
    lists = (design := design_of(vocabulary, listed, timing, *whole)).lists
    assert lists.remainder.tolist() == [[0, 1, 0], [0, 1, 0], [0, 0, 0]]
    assert lists.used.tolist() == [[1, 1, 0], [1, 1, 0], [1, 1, 1]]
    assert design.members[lists.part[0, 1]].all()
    ends = design.months[[lists.start[1, 1], lists.end[1, 1]]]
    np.testing.assert_allclose(ends, [np.zeros(5), vocabulary.timeline.months(vocabulary.timeline.window)])


def test_no_rows_are_an_empty_design(vocabulary: Vocabulary) -> None:
    """Without evidence every array is there, with nothing in it."""
    design = design_of(vocabulary)
    assert design.row_ids == ()
    assert design.members.shape == (0, len(vocabulary.cells))
    assert design.months.shape == (0, len(vocabulary.timeline.periods))
    kinds = (design.rates, design.compositions, design.small_counts, design.lists)
    assert not any(rows.ids for rows in kinds)
