"""Officer files: the collapse agrees with a slow count, one officer at a time, and each rule is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from model.evidence.errors import InvalidFileError
from model.evidence.officers import Officers, read_officers
from priors.study import load_study
from priors.timeline import Window
from priors.vocabulary import Vocabulary
from tests.support.syria import ATTRIBUTES

Write = Callable[..., Path]

STUDY = load_study().vocabulary.timeline.window
PERIODS = len(load_study().vocabulary.timeline.periods)
LEVELS = {attribute.name: attribute.names for attribute in load_study().vocabulary.attributes}


@st.composite
def officers(draw: st.DrawFn) -> dict[str, str]:
    """Draw a valid officer; windows from few days, so that some are alike."""
    days = st.sampled_from([STUDY.start + timedelta(days=step) for step in (0, 1, 291, 292, 293, 1000, 1825)])
    start = draw(days)
    end = draw(st.dates(start + timedelta(days=1), STUDY.end))
    officer = {name: draw(st.sampled_from(levels[:2])) for name, levels in LEVELS.items()}
    officer |= {"from": str(start), "to": str(draw(st.sampled_from([end, STUDY.end])))}
    officer["defected"] = draw(st.sampled_from(["yes", "no"]))
    dated = officer["defected"] == "yes" and draw(st.booleans())
    last = date.fromisoformat(officer["to"]) - timedelta(days=1)
    officer["defected_on"] = str(draw(st.dates(start, last))) if dated else ""
    return officer


def slowly(people: list[dict[str, str]], vocabulary: Vocabulary) -> tuple[np.ndarray, np.ndarray, Counter]:
    """Count events, months and undated defectors, one officer at a time."""
    study = vocabulary.timeline
    events = np.zeros((len(vocabulary.cells), len(study.periods)))
    exposure = np.zeros_like(events)
    undated: Counter = Counter()
    for person in people:
        cell = vocabulary.cell(person)
        start, end = date.fromisoformat(person["from"]), date.fromisoformat(person["to"])
        if person["defected_on"]:
            end = date.fromisoformat(person["defected_on"])
            events[cell] += [period.window.start <= end < period.window.end for period in study.periods]
        elif person["defected"] == "yes":
            undated[(cell, tuple(study.months(Window(start, end)).round(9)))] += 1
            continue
        exposure[cell] += study.months(Window(start, end))
    return events, exposure, undated


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(officers(), min_size=1, max_size=12))
def test_collapse_agrees_with_a_count_by_hand(
    write: Write, vocabulary: Vocabulary, people: list[dict[str, str]]
) -> None:
    """Events, exposure and undated defectors are those of the officers, whatever they are."""
    collapsed = read_officers([write(people)], vocabulary)
    events, exposure, undated = slowly(people, vocabulary)
    np.testing.assert_array_equal(collapsed.events, events)
    np.testing.assert_allclose(collapsed.exposure, exposure, atol=1e-9)
    held = zip(collapsed.undated_cells.tolist(), collapsed.undated_months.round(9).tolist(), strict=True)
    keys = [(cell, tuple(months)) for cell, months in held]
    assert dict(zip(keys, collapsed.undated_counts.tolist(), strict=True)) == undated
    assert collapsed.count == len(people)


def same(one: Officers, other: Officers) -> bool:
    """Whether two collapses hold the same numbers."""
    arrays = ("events", "exposure", "undated_cells", "undated_months", "undated_counts")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in arrays)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(officers(), min_size=1, max_size=8), cut=st.integers(0, 8))
def test_formats_and_files_do_not_matter(
    write: Write, tmp_path: Path, vocabulary: Vocabulary, *, people: list[dict[str, str]], cut: int
) -> None:
    """CSV, Parquet with dates and booleans, and the officers spread over two files collapse to the same."""
    whole = read_officers([write(people)], vocabulary)
    typed = [
        person
        | {key: date.fromisoformat(person[key]) if person[key] else None for key in ("from", "to", "defected_on")}
        | {"defected": person["defected"] == "yes"}
        for person in people
    ]
    parquet.write_table(pa.Table.from_pylist(typed), tmp_path / "officers.parquet")
    assert same(read_officers([tmp_path / "officers.parquet"], vocabulary), whole)
    first, second = people[:cut], people[cut:]
    if first and second and first != second:
        paths = [write(first, "first.csv"), write(second, "second.csv")]
        assert same(read_officers(paths, vocabulary), whole)
        assert read_officers(paths, vocabulary).digest == read_officers(paths[::-1], vocabulary).digest


def test_the_vocabulary_collapses_to_its_known_months(roster: Write, vocabulary: Vocabulary) -> None:
    """An officer who leaves on a period's first day was at risk until then, and is an event of that period."""
    collapsed = read_officers([roster({"defected_on": "2012-01-01"})], vocabulary)
    assert collapsed.events.sum() == collapsed.events[:, 2].sum() == 1
    assert collapsed.exposure.sum() == pytest.approx(292 / 365.25 * 12)


def test_no_file_is_no_officers(vocabulary: Vocabulary) -> None:
    """A fit without officers has arrays of the same shapes, all empty."""
    none = read_officers([], vocabulary)
    assert (none.count, none.events.sum(), none.exposure.sum()) == (0, 0, 0)
    assert (none.events.shape, none.undated_months.shape) == ((576, PERIODS), (0, PERIODS))
    assert (none.undated_cells.dtype, none.undated_counts.dtype) == (np.int64, np.int64)


def test_digest_is_that_of_the_files(roster: Write, vocabulary: Vocabulary) -> None:
    """The digest changes with any byte of any file."""
    one = read_officers([roster({})], vocabulary).digest
    assert one == read_officers([roster({}, name="again.csv")], vocabulary).digest
    assert one != read_officers([roster({"sect": "Sunni"})], vocabulary).digest


def test_a_unit_may_stand_in_place_of_eliteness(roster: Write, vocabulary: Vocabulary) -> None:
    """A unit's name gives the eliteness, alone or in agreement with one that is stated."""
    unit = vocabulary.units[0]
    rows = [{"eliteness": "", "unit": unit.name}, {"eliteness": unit.level, "unit": unit.synonyms[0]}]
    rows += [{"eliteness": unit.level, "unit": ""}]
    collapsed = read_officers([roster(*rows)], vocabulary)
    assert collapsed.events.max() == 3


@pytest.mark.parametrize(
    ("yes", "no"), [("yes", "no"), ("TRUE", "False"), ("1", "0"), ("t", "f"), ("Y", "N"), ("1.0", "0.0")]
)
def test_spellings_of_yes_and_no(roster: Write, vocabulary: Vocabulary, yes: str, no: str) -> None:
    """The usual spellings of a boolean are read."""
    people = [{"defected": yes}, {"defected": no, "defected_on": ""}]
    assert read_officers([roster(*people)], vocabulary).events.sum() == 1


BROKEN = {
    "sect is unknown": ({"sect": "suni muslimm"}, "sect", "not a word of the vocabulary", ()),
    "rank is a group": ({"rank": "officers"}, "rank", "not a word of the vocabulary", ()),
    "rank is misspelt": ({"rank": "captan"}, "rank", "not a word of the vocabulary", ("captain",)),
    "proximity is missing": ({"proximity": ""}, "proximity", "must be stated", ()),
    "eliteness is missing": ({"eliteness": ""}, "eliteness", "must be stated, or a unit in its place", ()),
    "eliteness is unknown": ({"eliteness": "elitist"}, "eliteness", "not a word of the vocabulary", ("elite",)),
    "unit is unknown": ({"unit": "Republican Gard"}, "unit", "not a word of the vocabulary", ("Republican Guard",)),
    "unit contradicts": ({"unit": "Republican Guard"}, "unit", "must be the eliteness that is stated", ()),
    "defected is neither": ({"defected": "perhaps"}, "defected", "must be yes or no", ()),
    "defected is missing": ({"defected": "", "defected_on": ""}, "defected", "must be stated", ()),
    "day is no day": ({"from": "15.3.2011"}, "from", "must be a day written YYYY-MM-DD", ()),
    "week is no day": ({"from": "2011-W12-1"}, "from", "must be a day written YYYY-MM-DD", ()),
    "from before the study": ({"from": "2011-03-14"}, "from", "must lie in the study", ("2011-03-15",)),
    "to after the study": ({"to": "2016-03-16"}, "to", "must lie in the study", ("2016-03-15",)),
    "to is missing": ({"to": ""}, "to", "must be stated", ()),
    "window is empty": ({"from": "2012-07-01", "to": "2012-07-01"}, "to", "must come after `from`", ()),
    "window is turned round": ({"from": "2013-07-01", "to": "2012-07-02"}, "to", "must come after `from`", ()),
    "day without defection": ({"defected": "no"}, "defected_on", "must be empty where `defected` is no", ()),
    "day is text": ({"defected_on": "soon"}, "defected_on", "must be a day written YYYY-MM-DD", ()),
    "day before": ({"from": "2012-07-02"}, "defected_on", "must be from `from` on", ("2012-07-02",)),
    "day after": ({"to": "2012-07-01"}, "defected_on", "must be from `from` on", ("2012-06-30",)),
}


@pytest.mark.parametrize(("change", "column", "rule", "nearest"), BROKEN.values(), ids=BROKEN)
def test_a_broken_rule_is_told_with_its_row(
    roster: Write, vocabulary: Vocabulary, *, change: dict[str, str], column: str, rule: str, nearest: tuple[str, ...]
) -> None:
    """The error names file, row, column and rule, and the nearest valid value where there is one."""
    path = roster({}, change, {})
    with pytest.raises(InvalidFileError) as caught:
        read_officers([path], vocabulary)
    (problem,) = caught.value.problems
    assert (problem.file, problem.row, problem.column) == (str(path), 2, column)
    assert problem.rule.startswith(rule)
    assert problem.nearest[: len(nearest)] == nearest


def test_a_name_is_refused(roster: Write, vocabulary: Vocabulary) -> None:
    """A column of names is refused for what it is, and its values are nowhere in the error."""
    with pytest.raises(InvalidFileError, match=r"'name': .*a profile carries attributes, never a name") as caught:
        read_officers([roster({"name": "Ribal"})], vocabulary)
    assert "Ribal" not in str(caught.value)


def test_missing_columns_are_told(write: Write, vocabulary: Vocabulary) -> None:
    """Every attribute, the window and the outcome must be there; a unit may stand for eliteness."""
    with pytest.raises(InvalidFileError) as caught:
        read_officers([write([{"sect": "sunni"}])], vocabulary)
    told = {problem.column for problem in caught.value.problems if problem.rule.startswith("the column is missing")}
    assert told == {*ATTRIBUTES, "from", "to", "defected"} - {"sect"}


def test_problems_are_told_in_the_order_of_rows(roster: Write, vocabulary: Vocabulary) -> None:
    """Problems of different columns are told row by row, the first twenty of them."""
    wrong = ({"sect": "x"}, {"to": "2011-01-01"}, {"rank": "y"}) * 10
    with pytest.raises(InvalidFileError) as caught:
        read_officers([roster(*wrong)], vocabulary)
    assert [problem.row for problem in caught.value.problems] == list(range(1, 21))


def test_a_column_of_wrong_words_is_refused_quickly(roster: Write, vocabulary: Vocabulary) -> None:
    """Ten thousand different unknown words are not each compared with the vocabulary."""
    path = roster(*({"sect": f"word {number}"} for number in range(10_000)))
    with pytest.raises(InvalidFileError) as caught:
        read_officers([path], vocabulary)
    assert len(caught.value.problems) == 20


def test_the_same_file_twice_is_refused(roster: Write, vocabulary: Vocabulary) -> None:
    """Officers given twice would be counted twice."""
    paths = [roster({}, name="a.csv"), roster({}, name="b.csv")]
    with pytest.raises(InvalidFileError, match=r"b\.csv: holds the same as .*a\.csv: give it once"):
        read_officers(paths, vocabulary)


def test_more_officers_than_an_army_has_are_refused(
    roster: Write, vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that hold more officers together than can have served are refused, by the file that is one too many."""
    monkeypatch.setattr("model.evidence.officers.LARGEST_ARMY", 3)
    paths = [roster({}, {}, name="a.csv"), roster({"rank": "major"}, name="b.csv")]
    assert read_officers(paths, vocabulary).count == 3
    with pytest.raises(InvalidFileError, match=r"c\.csv: must hold, with the files before it, at most 3 officers"):
        read_officers([*paths, roster({"rank": "colonel"}, name="c.csv")], vocabulary)


@pytest.mark.parametrize("words", [list("abc"), ["sunni", "x", "y"]])
def test_unused_words_of_a_parquet_dictionary_do_not_matter(
    tmp_path: Path, vocabulary: Vocabulary, words: list[str]
) -> None:
    """Only words that some row uses are looked at."""
    people = {
        "rank": ["captain"],
        "eliteness": ["elite"],
        "proximity": ["core"],
        "from": [STUDY.start],
        "to": [STUDY.end],
        "defected": [False],
    }
    sects = pa.DictionaryArray.from_arrays([0], words)
    parquet.write_table(pa.table(people | {"sect": sects}), tmp_path / "o.parquet")
    if words[0] == "sunni":
        assert read_officers([tmp_path / "o.parquet"], vocabulary).count == 1
    else:
        with pytest.raises(InvalidFileError):
            read_officers([tmp_path / "o.parquet"], vocabulary)
