"""The rules for evidence: each broken one is told with file, row, column, rule and nearest valid value."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from model.evidence.errors import EvidenceError, InvalidFileError
from model.evidence.points import log_interval, share_interval
from model.evidence.reading import read_evidence
from model.evidence.rows import group_rows
from priors.corps import LARGEST_ARMY
from priors.vocabulary import Vocabulary

Write = Callable[..., Path]
Fields = dict[str, str]

SHARE = {"kind": "corps_composition", "attribute": "sect=sunni", "sect": "", "total_low": "1", "total_high": "1"}
LISTED = {"kind": "defector_composition", "rank": "officers", "total_low": "57", "total_high": "57"}
DATED = {"kind": "timing", "total_low": "31", "total_high": "31"}
NO_TOTAL = {"total_low": "", "total_high": ""}
HEADS = {"kind": "heads", "window_to": "2011-03-15"} | NO_TOTAL

BROKEN = {
    "id is empty": ({"id": ""}, "id", "must be 1 to 64", ()),
    "id with a bar": ({"id": "A|B"}, "id", "must be 1 to 64", ()),
    "use is neither": ({"use": "maybe"}, "use", "must be yes or no", ()),
    "kind is unknown": ({"kind": "rates"}, "kind", "must be one of rate, ", ("rate",)),
    "sect is unknown": ({"sect": "sunnni"}, "sect", "not a word of the vocabulary", ("sunni",)),
    "one of two ranks is unknown": ({"rank": "captain|majjor"}, "rank", "not a word of the vocabulary", ("major",)),
    "group is misspelt": ({"rank": "oficers"}, "rank", "not a word of the vocabulary", ("officers",)),
    "word is empty": ({"rank": "captain|"}, "rank", "not a word of the vocabulary", ()),
    "total is missing": ({"total_low": ""}, "total_low", "must be a number", ()),
    "total is text": ({"total_low": "many"}, "total_low", "must be a number", ()),
    "total has a comma": ({"total_high": "1,000"}, "total_high", "must be a number", ("1000",)),
    "total has an underscore": ({"total_high": "1_000"}, "total_high", "must be a number", ()),
    "total is not finite": ({"total_high": "inf"}, "total_high", "must be a number", ()),
    "total is not a number": ({"total_high": "nan"}, "total_high", "must be a number", ()),
    "total is beyond floats": ({"total_high": "1e999"}, "total_high", "must be a number", ()),
    "total in Arabic digits": ({"total_high": "٢٠٠"}, "total_high", "must be a number", ()),
    "count is negative": ({"count_low": "-1"}, "count_low", "must not be negative", ("0",)),
    "total of nobody": ({"total_low": "0"}, "total_low", "must be at least 1", ("1",)),
    "one man too many": ({"total_high": "1000001"}, "total_high", "must be at most 1,000,000", ("1000000",)),
    "total of nobody's army": ({"total_high": "1e16"}, "total_high", "must be at most 1,000,000", ("1000000",)),
    "total next to the largest float": (
        {"total_high": "1e308"},
        "total_high",
        "must be at most 1,000,000",
        ("1000000",),
    ),
    "totals are inverted": ({"total_low": "300"}, "total_high", "must not be below total_low", ("300",)),
    "counts are inverted": ({"count_low": "11"}, "count_high", "must not be below count_low", ("11",)),
    "count above total": ({"count_high": "201"}, "count_high", "must not be above total_high", ("200",)),
    "half a person": ({"count_low": "5.6"}, "count_low", "must be a whole number of people", ("6",)),
    "share of a rate": (
        {"total_low": "1", "total_high": "1", "count_low": "0.2", "count_high": "1"},
        "count_low",
        "must be a whole number of people",
        ("0",),
    ),
    "share of nothing": (
        SHARE | {"count_low": "0", "count_high": "0.5"},
        "count_low",
        "must be at least 1e-06",
        ("1e-06",),
    ),
    "share of all": (
        SHARE | {"count_low": "0.5", "count_high": "1"},
        "count_high",
        "must be at most 0.999999",
        ("0.999999",),
    ),
    "share without width": (SHARE | {"count_low": "0.5", "count_high": "0.5"}, "count_high", "must be above", ()),
    "share known to a billionth": (
        SHARE | {"count_low": "0.5", "count_high": "0.500000001"},
        "count_high",
        "must be above count_low by 1e-06",
        (),
    ),
    "share above one": (SHARE | {"count_low": "0.5", "count_high": "80"}, "count_high", "must not be above", ("1",)),
    "day is not a day": ({"window_from": "2011-02-30"}, "window_from", "must be a day written YYYY-MM-DD", ()),
    "day as others write it": ({"window_to": "15/03/2012"}, "window_to", "must be a day written YYYY-MM-DD", ()),
    "window before the study": ({"window_from": "2011-03-14"}, "window_from", "must lie in the study", ("2011-03-15",)),
    "window after the study": ({"window_to": "2016-03-16"}, "window_to", "must lie in the study", ("2016-03-15",)),
    "window is empty": ({"window_to": "2011-03-15"}, "window_to", "must", ()),
    "window is turned round": (
        {"window_from": "2013-01-01"},
        "window_to",
        "must come after `window_from`",
        (),
    ),
    "corps day outside": (
        SHARE | {"count_low": ".1", "count_high": ".2", "window_from": "2011-01-01", "window_to": "2011-01-01"},
        "window_from",
        "must lie in the study",
        ("2011-03-15",),
    ),
    "timing of the whole study": (DATED | {"window_to": "2016-03-15"}, "window_to", "must leave out part", ()),
    "composition of nothing": ({"kind": "defector_composition"}, "attribute", "must say what a composition counts", ()),
    "rate with attribute": ({"attribute": "rank=colonel"}, "attribute", "must be empty", ()),
    "timing with attribute": (DATED | {"attribute": "rank=colonel"}, "attribute", "must be empty", ()),
    "attribute has no equals": (LISTED | {"attribute": "colonel"}, "attribute", "must be an attribute", ()),
    "attribute is misspelt": (
        LISTED | {"attribute": "ranks=colonel"},
        "attribute",
        "must be an attribute",
        ("rank=colonel",),
    ),
    "attribute word is unknown": (
        LISTED | {"attribute": "rank=colonell"},
        "attribute",
        "not a word of the vocabulary",
        ("colonel",),
    ),
    "attribute outside": (LISTED | {"attribute": "rank=nco"}, "attribute", "must meet the population", ()),
    "attribute is all": (LISTED | {"attribute": "sect=sunni|druze"}, "attribute", "must leave out part", ()),
    "overlap is no id": ({"overlaps": "E01, E02"}, "overlaps", "must be 1 to 64", ()),
    "overlap with itself": ({"overlaps": "A1"}, "overlaps", "must name other rows", ()),
    "half a total": ({"total_high": ""}, "total_high", "must be a number", ()),
    "list of all who serve": (DATED | {"total_low": ""}, "total_low", "must be a number", ()),
    "nobody among all who serve": (
        NO_TOTAL | {"count_low": "0", "count_high": "0"},
        "count_high",
        "must be at least 1",
        ("1",),
    ),
    "more than can have served": (
        NO_TOTAL | {"count_high": "1000001"},
        "count_high",
        "must be at most 1,000,000",
        ("1000000",),
    ),
    "half a man among all": (NO_TOTAL | {"count_low": "5.6"}, "count_low", "must be a whole number of people", ("6",)),
    "heads of a total": (HEADS | {"total_low": "100"}, "total_low", "must be empty: a row of heads", ()),
    "heads of nobody": (HEADS | {"count_low": "0"}, "count_low", "must be at least 1", ("1",)),
    "heads with attribute": (HEADS | {"attribute": "rank=colonel"}, "attribute", "must be empty", ()),
    "heads upside down": (HEADS | {"count_low": "12"}, "count_high", "must not be below count_low", ("12",)),
    "heads on a day outside": (
        HEADS | {"window_from": "2011-01-01", "window_to": "2011-01-01"},
        "window_from",
        "must lie in the study",
        ("2011-03-15",),
    ),
    "bound by nobody": ({"bound_by": "compilr"}, "bound_by", "must be source or compiler", ("compiler",)),
    "bound by a guess": ({"bound_by": "sourced"}, "bound_by", "must be source or compiler", ("source",)),
    "kind of heads is misspelt": ({"kind": "head"}, "kind", "must be one of rate, ", ("heads",)),
    "link is a script": ({"url": "javascript:alert(1)"}, "url", "must be empty or start with https", ()),
}


LARGEST = {"total_low": str(LARGEST_ARMY), "total_high": str(LARGEST_ARMY)}


@pytest.mark.parametrize(
    "change",
    [
        LARGEST | {"count_low": "0", "count_high": "51"},
        LARGEST | {"count_low": "0", "count_high": str(LARGEST_ARMY)},
        LARGEST | {"count_low": str(LARGEST_ARMY), "count_high": str(LARGEST_ARMY)},
        LARGEST | {"count_low": "500000", "count_high": "500000"},
        SHARE | {"count_low": "1e-06", "count_high": "0.999999"},
        SHARE | {"count_low": "0.5", "count_high": "0.500002"},
    ],
)
def test_what_is_just_allowed_can_be_fitted(evidence: Write, vocabulary: Vocabulary, change: Fields) -> None:
    """The largest totals and the finest shares, which errors name as the nearest, have a finite probability."""
    (row,) = read_evidence([evidence(change)], vocabulary)
    found = share_interval(row)
    assert found.lower < found.upper
    assert all(math.isfinite(log_interval(place, *vars(found).values())) for place in (-20.0, 0.0, 20.0))


@pytest.mark.parametrize(("change", "column", "rule", "nearest"), BROKEN.values(), ids=BROKEN)
def test_a_broken_rule_is_told_with_its_place(
    evidence: Write, vocabulary: Vocabulary, *, change: Fields, column: str, rule: str, nearest: tuple[str, ...]
) -> None:
    """The error names file, row, column and rule, and the nearest valid value where there is one."""
    path = evidence({"id": "A0"}, change)
    with pytest.raises(InvalidFileError) as caught:
        read_evidence([path], vocabulary)
    (problem,) = caught.value.problems
    assert (problem.file, problem.row, problem.column) == (str(path), 2, column)
    assert problem.rule.startswith(rule)
    assert problem.nearest[: len(nearest)] == nearest
    assert f"{path}: row 2: {column}: {rule}" in str(caught.value)


VALID = {
    "count_low at the total": {"count_low": "200", "count_high": "200"},
    "a single day of the armed forces": SHARE
    | {"count_low": "0.1", "count_high": "0.3", "window_from": "2011-03-15", "window_to": "2011-03-15"},
    "people of the forces": SHARE | {"total_low": "43", "total_high": "43", "count_low": "38", "count_high": "38"},
    "nobody left": {"count_low": "0", "count_high": "0"},
    "the whole study": {"window_to": "2016-03-15"},
    "use in another spelling": {"use": "TRUE"},
}


@pytest.mark.parametrize("change", VALID.values(), ids=VALID)
def test_what_lies_just_inside_a_rule_is_read(evidence: Write, vocabulary: Vocabulary, change: Fields) -> None:
    """A row at the edge of a rule breaks none."""
    assert len(read_evidence([evidence(change)], vocabulary)) == 1


def told(paths: list[Path], vocabulary: Vocabulary) -> str:
    """Return what the error says."""
    with pytest.raises(EvidenceError) as caught:
        read_evidence(paths, vocabulary)
    return str(caught.value)


def test_all_problems_are_told_at_once(evidence: Write, vocabulary: Vocabulary) -> None:
    """One reading tells every problem of every row, columns and conflicts included."""
    paths = [
        evidence({"sect": "x", "count_low": "-1"}, {"id": "B", "url": "ftp://x", "colour": "red"}, name="a.csv"),
        evidence({"id": "C"}, {"id": "C"}, name="b.csv"),
    ]
    said = told(paths, vocabulary).splitlines()
    assert len(said) == 5
    for line, part in zip(said, ("'colour'", "sect", "count_low", "url", "must be given once in a fit"), strict=True):
        assert part in line


def test_at_most_twenty_problems_are_told(evidence: Write, vocabulary: Vocabulary) -> None:
    """A file that is wrong throughout is not told of row by row for ever."""
    said = told([evidence(*({"id": f"A{n}", "sect": "x"} for n in range(30)))], vocabulary).splitlines()
    assert len(said) == 21
    assert said[-1].startswith("more problems were found")


def test_an_id_stands_once_in_a_fit(evidence: Write, vocabulary: Vocabulary) -> None:
    """An id given twice, also in two files, is refused with both places."""
    paths = [evidence({}, name="a.csv"), evidence({"id": "B"}, {}, name="b.csv")]
    said = told(paths, vocabulary)
    assert f"{paths[1]}: row 2: id: must be given once in a fit; it is also at {paths[0]}: row 1" in said


@pytest.mark.parametrize("namer", [0, 1])
def test_rows_that_count_the_same_people_are_refused(evidence: Write, vocabulary: Vocabulary, namer: int) -> None:
    """Two rows of which either names the other cannot stand in one fit, whichever comes first."""
    rows = [{"id": "A"}, {"id": "B"}]
    rows[namer] |= {"overlaps": "Z|" + "BA"[namer]}
    paths = [evidence(rows[0], name="a.csv"), evidence(rows[1], name="b.csv")]
    said = told(paths, vocabulary)
    assert said.startswith(f"{paths[namer]}: row 1: overlaps: {'AB'[namer]} and {'BA'[namer]} ")
    assert "count the same people: use one of them" in said


def test_overlap_with_a_row_that_is_not_used_is_no_conflict(evidence: Write, vocabulary: Vocabulary) -> None:
    """Naming a row that is left out is how a user says why."""
    rows = read_evidence([evidence({"overlaps": "B"}, {"id": "B", "use": "no"})], vocabulary)
    assert [row.id for row in rows] == ["A1"]


def test_counts_above_a_shared_total_are_refused(evidence: Write, vocabulary: Vocabulary) -> None:
    """Rows that divide one total cannot count more than it."""
    rows = [
        LISTED | {"id": "A", "attribute": "rank=colonel", "count_low": "30", "count_high": "40"},
        LISTED | {"id": "B", "attribute": "rank=captain", "count_low": "28", "count_high": "40"},
    ]
    said = told([evidence(*rows)], vocabulary)
    assert "row 2: count_low: counts of A, B add up to at least 58, above their total of 57" in said


def test_counts_below_a_total_that_they_exhaust_are_refused(evidence: Write, vocabulary: Vocabulary) -> None:
    """Where no other category is left, the counts must reach the total."""
    rows = [
        LISTED | {"id": "A", "attribute": "rank=lieutenant|captain|major", "count_low": "1", "count_high": "20"},
        LISTED | {"id": "B", "attribute": "rank=colonel|brigadier|general", "count_low": "1", "count_high": "20"},
    ]
    assert "add up to at most 40, below their total of 57" in told([evidence(*rows)], vocabulary)
    dates = [
        DATED | {"id": "A", "window_to": "2013-01-01"},
        DATED | {"id": "B", "window_from": "2013-01-01", "window_to": "2016-03-15"},
    ]
    assert "add up to at most 20, below their total of 31" in told([evidence(*dates)], vocabulary)


def grouped(path: Path, vocabulary: Vocabulary) -> list[tuple[str, bool]]:
    """Return the ids of each group of a file, and whether it has a remainder."""
    groups = group_rows(read_evidence([path], vocabulary))
    return [("".join(row.id for row in group.rows), group.has_remainder) for group in groups]


def test_compositions_of_one_list_share_a_total(evidence: Write, vocabulary: Vocabulary) -> None:
    """Rows group when population, window and totals agree and their attributes are disjoint, and only then."""
    part = LISTED | {"count_low": "10", "count_high": "20"}
    path = evidence(
        part | {"id": "A", "attribute": "rank=colonel"},
        part | {"id": "B", "attribute": "rank=captain", "rank": "captain|major|colonel"},
        part | {"id": "C", "attribute": "rank=captain"},
        part | {"id": "D", "attribute": "rank=colonel|general"},
        part | {"id": "E", "attribute": "sect=sunni", "sect": ""},
        part | {"id": "F", "attribute": "rank=general", "total_high": "58"},
        part | {"id": "G", "attribute": "rank=general", "window_to": "2012-03-16"},
        part | {"id": "H", "attribute": "rank=lieutenant|major"},
    )
    assert grouped(path, vocabulary) == [("ACH", False), *((name, True) for name in "BDEFG")]


def test_dates_of_one_list_share_a_total(evidence: Write, vocabulary: Vocabulary) -> None:
    """Timing rows group when population and totals agree and their windows do not meet."""
    path = evidence(
        DATED | {"id": "A", "window_to": "2012-01-01"},
        DATED | {"id": "B", "window_from": "2012-01-01", "window_to": "2012-06-01"},
        DATED | {"id": "C", "window_from": "2012-05-31", "window_to": "2012-07-01"},
        DATED | {"id": "D", "window_from": "2012-05-31", "window_to": "2012-07-01", "sect": "druze"},
    )
    assert grouped(path, vocabulary) == [("AB", True), ("C", True), ("D", True)]


@pytest.mark.parametrize(("high", "remainder"), [("15", True), ("16", False)])
def test_a_remainder_is_what_the_counts_cannot_reach(
    evidence: Write, vocabulary: Vocabulary, *, high: str, remainder: bool
) -> None:
    """A list has a remainder exactly when its counts cannot add up to the total within their bounds."""
    path = evidence(
        DATED | {"id": "A", "count_high": "15"},
        DATED | {"id": "B", "window_from": "2012-03-15", "window_to": "2013-01-01", "count_high": high},
    )
    assert grouped(path, vocabulary) == [("AB", remainder)]


def test_a_single_row_keeps_its_remainder(evidence: Write, vocabulary: Vocabulary) -> None:
    """All defectors of a list being of one rank is news, not a tautology."""
    path = evidence(LISTED | {"id": "A", "attribute": "rank=colonel", "count_low": "57", "count_high": "57"})
    assert grouped(path, vocabulary) == [("A", True)]


def test_rates_of_one_total_stay_alone(evidence: Write, vocabulary: Vocabulary) -> None:
    """Rates never divide a total."""
    path = evidence({"id": "A"}, {"id": "B", "window_from": "2012-03-15", "window_to": "2013-01-01"})
    assert grouped(path, vocabulary) == [("A", True), ("B", True)]
