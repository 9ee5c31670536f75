"""Evidence files: what a row says once it is read, in either format."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from model.evidence.checks import check_together
from model.evidence.errors import ConflictingRowsError
from model.evidence.reading import OPTIONAL, REQUIRED, bundled_evidence, read_evidence
from model.evidence.rows import KINDS, evidence_digest, group_rows
from priors.study import Study
from priors.timeline import Window
from priors.vocabulary import Vocabulary
from tests.support.syria import ATTRIBUTES

Write = Callable[..., Path]

BUNDLED_IDS = [f"E{number:02}" for number in range(1, 26) if number not in {2, 24}]


WITHOUT_LINK = {"E25"}
"""Rows for whose source the file has no link."""


def test_bundled_rows_are_all_there_with_sources(study: Study) -> None:
    """Every row that the project is fitted to is read, breaks no rule, and says where it is from."""
    rows = bundled_evidence(study)
    assert [row.id for row in rows] == BUNDLED_IDS
    assert all(row.source for row in rows)
    assert {row.id for row in rows if not row.url} == WITHOUT_LINK
    assert {row.kind for row in rows} == set(KINDS)


def test_bundled_rows_fall_into_the_known_groups(study: Study) -> None:
    """Three lists of defectors are the only rows that divide a total, and each is all of its total."""
    groups = [group for group in group_rows(bundled_evidence(study)) if len(group.rows) > 1]
    assert [[row.id for row in group.rows] for group in groups] == [
        ["E07", "E08", "E09", "E10"],
        ["E11", "E12", "E13", "E14"],
        ["E18", "E19", "E20", "E21"],
    ]
    assert not any(group.has_remainder for group in groups)


def test_a_row_says_what_its_fields_say(evidence: Write, vocabulary: Vocabulary) -> None:
    """Synonyms, groups and alternatives become levels in the order of the vocabulary."""
    fields = {
        "kind": "defector_composition",
        "sect": "Christian|druze",
        "attribute": "rank=general | Lt. Col.",
        "overlaps": "B1|B2",
        "eliteness": "elite|favoured|ordinary",
    }
    (row,) = read_evidence([evidence(fields)], vocabulary)
    assert row.population == {"sect": ("druze", "christian"), "rank": vocabulary.levels("rank", "officers")}
    assert row.attribute == ("rank", ("colonel", "general"))
    assert row.window == Window(date(2011, 3, 15), date(2012, 3, 15))
    assert (row.total_low, row.total_high, row.count_low, row.count_high) == (100, 200, 5, 10)
    assert row.overlaps == ("B1", "B2")
    assert (row.origin.file.endswith("rows.csv"), row.origin.row) == (True, 1)
    assert hash(row) == hash(read_evidence([evidence(fields)], vocabulary)[0])


def test_masks_agree_with_the_profiles_of_the_cells(evidence: Write, vocabulary: Vocabulary) -> None:
    """A mask holds exactly the cells whose profile is in the population, and has the attribute."""
    fields = {"kind": "defector_composition", "proximity": "core|trusted", "attribute": "rank=captain|general"}
    (row,) = read_evidence([evidence(fields)], vocabulary)
    officers = vocabulary.levels("rank", "officers")
    population = [
        sect == "sunni" and rank in officers and proximity in {"core", "trusted"}
        for sect, rank, _, proximity in vocabulary.cells
    ]
    counted = [
        inside and cell[1] in {"captain", "general"} for inside, cell in zip(population, vocabulary.cells, strict=True)
    ]
    np.testing.assert_array_equal(row.population_mask(vocabulary), population)
    np.testing.assert_array_equal(row.attribute_mask(vocabulary), counted)


def test_a_row_without_attribute_counts_its_population(evidence: Write, vocabulary: Vocabulary) -> None:
    """A rate counts whoever it speaks of."""
    (row,) = read_evidence([evidence({})], vocabulary)
    np.testing.assert_array_equal(row.attribute_mask(vocabulary), row.population_mask(vocabulary))


def test_rows_not_to_be_used_are_not_looked_at(evidence: Write, vocabulary: Vocabulary) -> None:
    """A row whose `use` is no may hold anything, and is left out."""
    path = evidence({}, {"id": "", "use": "no", "kind": "rumour", "count_low": "many"})
    assert [row.id for row in read_evidence([path], vocabulary)] == ["A1"]


def test_columns_that_may_be_missing(write: Write, vocabulary: Vocabulary) -> None:
    """A file of the eight columns that a row cannot do without speaks of the whole force."""
    from_to = {"window_from": "2012-01-01", "window_to": "2012-02-01"}
    bounds = {"total_low": "1e2", "total_high": "100", "count_low": "0", "count_high": "1.0"}
    (row,) = read_evidence([write([{"id": "A1", "kind": "rate"} | from_to | bounds])], vocabulary)
    assert row.population == {}
    assert row.population_mask(vocabulary).all()
    assert row.total_low == 100


def test_bounds_are_the_sources_unless_it_is_said(write: Write, evidence: Write, vocabulary: Vocabulary) -> None:
    """A row says whose its bounds are; without the word, or without the column, they are the source's."""
    owners = ("", "source", "compiler")
    path = evidence(*({"id": f"A{place}", "bound_by": owner} for place, owner in enumerate(owners)))
    assert [row.bound_by for row in read_evidence([path], vocabulary)] == ["source", "source", "compiler"]
    days = {"window_from": "2012-01-01", "window_to": "2012-02-01"}
    counts = {"total_low": "9", "total_high": "9", "count_low": "0", "count_high": "1"}
    (row,) = read_evidence([write([{"id": "A1", "kind": "rate"} | days | counts], "bare.csv")], vocabulary)
    assert row.bound_by == "source"


def test_a_rate_may_count_among_all_who_serve(evidence: Write, vocabulary: Vocabulary) -> None:
    """Without both totals a rate counts among all who serve, whose number the corps has."""
    (row,) = read_evidence([evidence({"total_low": "", "total_high": ""})], vocabulary)
    assert (row.total, row.counts_shares) == (None, False)
    assert row.as_dict()["total"] is None


def test_heads_count_who_serves_on_a_day(evidence: Write, vocabulary: Vocabulary) -> None:
    """A row of heads counts the men of its population, on a day in the study or at the start of a window."""
    heads = {"kind": "heads", "rank": "general", "total_low": "", "total_high": ""}
    day = {"window_from": "2012-01-01", "window_to": "2012-01-01"}
    for row in read_evidence([evidence(heads | day, heads | {"id": "A2"})], vocabulary):
        assert (row.kind, row.total, row.attribute) == ("heads", None, None)
        np.testing.assert_array_equal(row.attribute_mask(vocabulary), row.population_mask(vocabulary))


def test_no_file_is_no_evidence(vocabulary: Vocabulary) -> None:
    """A fit to officers alone reads no evidence file."""
    assert read_evidence([], vocabulary) == ()


def test_rows_of_several_files_stand_together(evidence: Write, vocabulary: Vocabulary) -> None:
    """Files are read in the order given."""
    paths = [evidence({"id": "B"}, name="b.csv"), evidence({"id": "A"}, name="a.csv")]
    assert [row.id for row in read_evidence(paths, vocabulary)] == ["B", "A"]


def test_own_rows_must_not_count_the_people_of_bundled_rows(
    evidence: Write, vocabulary: Vocabulary, study: Study
) -> None:
    """The rules that rows keep together hold between a user's rows and the bundled ones."""
    own = read_evidence([evidence({"overlaps": "E01"})], vocabulary)
    with pytest.raises(ConflictingRowsError, match=r"A1 and E01 \(.*\) count the same people"):
        check_together([*bundled_evidence(study), *own], vocabulary)
    check_together([row for row in bundled_evidence(study) if row.id != "E01"] + list(own), vocabulary)


def test_digest_knows_what_is_said_and_nothing_else(evidence: Write, vocabulary: Vocabulary) -> None:
    """Order, synonyms, notes and days of publication leave the digest; a bound, a window or a row less changes it."""
    plain = read_evidence([evidence({}, {"id": "A2", "rank": "colonel"})], vocabulary)
    digest = evidence_digest(plain)
    unsaid = {"note": "n", "count_low": "5.0", "published_on": "2012-09-01"}
    same = read_evidence([evidence({"id": "A2", "rank": "Lt Col"}, unsaid)], vocabulary)
    assert evidence_digest(same) == digest
    other_words = {"total_low": "", "total_high": ""}, {"bound_by": "compiler"}
    for change in ({"count_low": "6"}, {"window_to": "2012-03-16"}, {"sect": "druze"}, {"id": "A3"}, *other_words):
        other = read_evidence([evidence(change, {"id": "A2", "rank": "colonel"})], vocabulary)
        assert evidence_digest(other) != digest
    assert evidence_digest(plain[:1]) != digest


def typed(text: str, column: str) -> object:
    """Return a field as a program would write it to Parquet: numbers, dates, nulls."""
    if text == "":
        return None
    if column in {"total_low", "total_high", "count_low", "count_high"}:
        return float(text)
    return date.fromisoformat(text) if column.startswith("window") else text


numbers = st.integers(1, 10**6)
days = st.dates(date(2011, 3, 16), date(2016, 3, 14))


@st.composite
def rates(draw: st.DrawFn) -> dict[str, str]:
    """Draw the fields of a valid rate, all but its id."""
    count_low, count_high, total_low, total_high = sorted(draw(st.tuples(numbers, numbers, numbers, numbers)))
    start, end = sorted(draw(st.lists(days, min_size=2, max_size=2, unique=True)))
    return {
        "kind": "rate",
        "sect": draw(st.sampled_from(["", "sunni", "druze|other", "Alawite"])),
        "rank": draw(st.sampled_from(["", "officers", "lt col|general"])),
        "window_from": str(start),
        "window_to": str(end),
        "total_low": str(total_low),
        "total_high": str(total_high),
        "count_low": str(count_low),
        "count_high": str(count_high),
        "note": draw(st.text(st.characters(exclude_categories=["C", "Z"]), max_size=10)),
    }


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(rates(), min_size=1, max_size=5), as_types=st.booleans())
def test_csv_and_parquet_say_the_same(
    write: Write, tmp_path: Path, vocabulary: Vocabulary, *, drawn: list[dict[str, str]], as_types: bool
) -> None:
    """The same rows are read from CSV and from Parquet, whether that holds text or numbers and dates."""
    fields = [{"id": f"A{number}"} | row for number, row in enumerate(drawn)]
    held = [{key: typed(text, key) if as_types else text for key, text in row.items()} for row in fields]
    parquet.write_table(pa.Table.from_pylist(held), tmp_path / "rows.parquet")
    from_csv = read_evidence([write(fields)], vocabulary)
    from_parquet = read_evidence([tmp_path / "rows.parquet"], vocabulary)
    assert from_csv == from_parquet
    assert evidence_digest(from_csv) == evidence_digest(from_parquet)


def test_bundled_rows_survive_parquet(tmp_path: Path, vocabulary: Vocabulary, study: Study) -> None:
    """The bundled rows, carried over to Parquet, are the same rows."""
    rows = bundled_evidence(study)
    held = [
        {
            "id": row.id,
            "kind": row.kind,
            **{name: "|".join(levels) for name, levels in row.population.items()},
            "attribute": row.attribute and f"{row.attribute[0]}={'|'.join(row.attribute[1])}",
            "window_from": row.window.start,
            "window_to": row.window.end,
            "total_low": row.total_low,
            "total_high": row.total_high,
            "count_low": row.count_low,
            "count_high": row.count_high,
            "bound_by": row.bound_by,
            "overlaps": "|".join(row.overlaps),
            "source": row.source,
            "url": row.url,
            "published_on": row.published_on,
            "note": row.note,
        }
        for row in rows
    ]
    columns = {name: [row.get(name) for row in held] for name in (*REQUIRED, *ATTRIBUTES, *OPTIONAL)}
    parquet.write_table(pa.table(columns), tmp_path / "rows.parquet")
    assert read_evidence([tmp_path / "rows.parquet"], vocabulary) == rows
