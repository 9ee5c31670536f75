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


def test_each_row_is_of_one_kind(vocabulary: Vocabulary) -> None:
    """Without a total a row counts men; of a source's total, up to 50 are a small count and more are a share."""
    small = evidence_row("A", "rate", (100, 200), (1, SMALL_COUNT))
    large = evidence_row("B", "rate", (100, 200), (1, SMALL_COUNT + 1))
    guessed = evidence_row("G", "rate", (100, 200), (1, SMALL_COUNT), bound_by="compiler")
    share = evidence_row("S", "corps_composition", (1, 1), (0.1, 0.3), attribute=("sect", ("sunni",)))
    men = evidence_row("M", "rate", None, (1, SMALL_COUNT))
    heads = evidence_row("H", "heads", None, (100, 200), window=("2012-01-01", "2012-01-01"))
    design = design_of(vocabulary, share, large, men, small, heads, guessed)
    assert design.men.ids == ("M", "H")
    assert design.shares.ids == ("S", "B", "G")
    assert design.small_counts.ids == ("A",)
    assert design.row_ids == ("S", "B", "M", "A", "H", "G")


def test_all_but_a_few_are_a_small_count(vocabulary: Vocabulary) -> None:
    """Of 130 men 129 left: those who stayed are few, so that the row is binomial, however many it counts."""
    all_but_one = evidence_row("A", "rate", (130, 130), (129, 129))
    edge = evidence_row("B", "rate", (130, 130), (130 - SMALL_COUNT, 100))
    beyond = evidence_row("C", "rate", (130, 130), (129 - SMALL_COUNT, 100))
    design = design_of(vocabulary, all_but_one, edge, beyond)
    assert (design.small_counts.ids, design.shares.ids) == (("A", "B"), ("C",))


def test_a_compilers_bounds_are_softer_than_a_sources(vocabulary: Vocabulary) -> None:
    """The same counts are told with a wider error where their bounds are the compiler's."""
    rows = [evidence_row(each, "rate", None, (50, 90), bound_by=each) for each in ("source", "compiler")]
    men = design_of(vocabulary, *rows).men
    assert men.lower.tolist() == [men.lower[0]] * 2
    assert men.softness[1] > 2 * men.softness[0]


def test_heads_count_those_who_serve_on_their_day(vocabulary: Vocabulary) -> None:
    """Of a row of heads nobody leaves, and a rate among all who serve ends with its window."""
    heads = evidence_row("H", "heads", None, (100, 200), rank=("general",), window=("2012-01-01", "2012-01-01"))
    rate = evidence_row("M", "rate", None, (100, 200), rank=("general",), window=("2012-01-01", "2013-01-01"))
    men = design_of(vocabulary, heads, rate).men
    assert men.leaves.tolist() == [0, 1]
    assert men.start[0] == men.start[1]
    assert (men.start == men.end).tolist() == [True, False]


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
    """Rows about the same people and days point at the same musters, which hold these people on these days."""
    one = evidence_row("A", "rate", (40, 40), (1, 2), rank=("general",))
    other = evidence_row("B", "rate", (30, 30), (0, 3), rank=("general",))
    design = design_of(vocabulary, one, other)
    generals = [place for place, cell in enumerate(vocabulary.cells) if cell[1] == "general"]
    assert design.musters.count == 2
    for muster in range(2):
        own = design.musters.muster == muster
        assert design.musters.cell[own].tolist() == generals
        assert set(design.musters.date[own]) == {muster}
    assert not design.musters.named.any()
    whole = vocabulary.timeline.months(vocabulary.timeline.window)
    np.testing.assert_allclose(design.months, [np.zeros_like(whole), whole])
    for places, expected in (("start", [0, 0]), ("whole", [0, 0]), ("end", [1, 1])):
        assert getattr(design.small_counts, places).tolist() == expected


def test_a_list_by_attribute_musters_men_as_news(vocabulary: Vocabulary) -> None:
    """Of a list that names men by rank each is mustered as he is news; of a list by date each for one man."""
    listed = evidence_row("C", "defector_composition", (20, 22), (3, 5), attribute=("rank", ("colonel",)))
    timing = evidence_row("T", "timing", (30, 31), (7, 9), window=("2012-03-15", "2012-06-08"))
    rate = evidence_row("A", "rate", (40, 40), (1, 2))
    design = design_of(vocabulary, listed, timing, rate)
    named = {int(muster) for muster in design.musters.muster[design.musters.named == 1]}
    assert named == set(design.lists.start[0].tolist()) | set(design.lists.end[0].tolist())
    others = {*design.lists.start[1].tolist(), *design.lists.end[1].tolist(), *design.small_counts.whole.tolist()}
    assert not named & others


def test_a_composition_counts_those_who_serve_on_its_day(vocabulary: Vocabulary) -> None:
    """Of a composition nobody leaves: its part and its whole are of one date."""
    row = evidence_row("S", "corps_composition", (1, 1), (0.1, 0.3), attribute=("sect", ("sunni",)), rank=("major",))
    shares = design_of(vocabulary, row).shares
    assert shares.leaves.tolist() == [0]
    assert shares.start.tolist() == shares.end.tolist()
    assert shares.start.tolist() != shares.whole.tolist()


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
    own = design.musters.muster == lists.start[0, 1]
    assert design.musters.cell[own].tolist() == list(range(len(vocabulary.cells)))
    dates = [design.musters.date[design.musters.muster == each[1, 1]][0] for each in (lists.start, lists.end)]
    whole = vocabulary.timeline.months(vocabulary.timeline.window)
    np.testing.assert_allclose(design.months[dates], [np.zeros_like(whole), whole])


def test_no_rows_are_an_empty_design(vocabulary: Vocabulary) -> None:
    """Without evidence every array is there, with nothing in it."""
    design = design_of(vocabulary)
    assert design.row_ids == ()
    assert (design.musters.count, design.musters.cell.size) == (0, 0)
    assert design.months.shape == (0, len(vocabulary.timeline.periods))
    kinds = (design.men, design.shares, design.small_counts, design.lists)
    assert not any(rows.ids for rows in kinds)
