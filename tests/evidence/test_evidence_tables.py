"""Files that are not what their name says, and headers that are not those of the file asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from model.evidence.errors import InvalidFileError, UnreadableFileError
from model.evidence.officers import read_officers
from model.evidence.reading import read_evidence
from model.evidence.tables import read_file
from priors.vocabulary import Vocabulary

Write = Callable[..., Path]
Read = Callable[[list[Path], Vocabulary], object]

midnight = datetime.fromisoformat("2012-01-02")

PARQUET = b"PAR1" + bytes(20) + b"PAR1"
UNREADABLE = {
    "no suffix": ("rows", b"id\n1\n", "must be named .csv or .parquet; nearest: rows.csv"),
    "another suffix": ("rows.xlsx", b"PK\x03\x04", "must be named .csv or .parquet; nearest: rows.csv"),
    "empty CSV": ("rows.csv", b"", "is empty"),
    "blank CSV": ("rows.csv", b" \n\n", "is empty"),
    "empty Parquet": ("rows.parquet", b"", "is empty"),
    "header alone": ("rows.csv", b"id,kind\n", "holds no rows"),
    "Parquet in CSV": ("rows.csv", PARQUET, "is not CSV, as its name says, but Parquet"),
    "binary in CSV": ("rows.csv", b"id,kind\n\0\1,x\n", "line 2: holds a NUL byte"),
    "UTF-16 in CSV": ("rows.csv", "id,kind\nA,rate\n".encode("utf-16-le"), "line 1: holds a NUL byte"),
    "Latin-1 in CSV": ("rows.csv", b"id,note\nA,x\nB,caf\xe9\n", "line 3: must be text in UTF-8"),
    "CSV in Parquet": ("rows.parquet", b"id,kind\n1,rate\n", "is not Parquet, as its name says"),
    "cut Parquet": ("rows.parquet", PARQUET[:-1], "is Parquet cut short: its end is missing"),
    "damaged Parquet": ("rows.parquet", PARQUET, "is not a readable Parquet file"),
    "too few fields": ("rows.csv", b'id,kind,note\n\nA,rate,"x\ny"\nB,rate\n', "line 5: must have 3 cells, as the"),
    "open quotation": ("rows.csv", b'id,kind\n"A,rate\nB,rate\n', "line 2: a quote is opened here and not closed"),
    "a field without end": ("rows.csv", b'id,kind\n"A' + b"," * 2**21, "line 2: a quote is opened here and not"),
}


@pytest.mark.parametrize(("name", "data", "rule"), UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("read", [read_evidence, read_officers])
def test_a_file_that_is_not_what_its_name_says(
    tmp_path: Path, vocabulary: Vocabulary, *, read: Read, name: str, data: bytes, rule: str
) -> None:
    """A file that cannot be a table of rows is refused with its name and why, by both readers."""
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UnreadableFileError) as caught:
        read([path], vocabulary)
    assert str(caught.value).startswith(f"{path}: {rule}")


def test_every_ragged_row_is_told(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """All rows with too few or too many cells are told at once, by the lines that they begin in."""
    path = tmp_path / "rows.csv"
    path.write_text("id,kind\nA\nB,rate\nC,rate,3\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError) as caught:
        read_evidence([path], vocabulary)
    assert [problem.line for problem in caught.value.problems] == [2, 4]


@pytest.mark.parametrize("make", [lambda _: None, Path.mkdir], ids=["missing", "folder"])
@pytest.mark.parametrize("name", ["rows.csv", "rows.parquet"])
def test_a_path_that_holds_no_file(
    tmp_path: Path, vocabulary: Vocabulary, make: Callable[[Path], None], name: str
) -> None:
    """A missing file and a folder are told by name, without a traceback's words."""
    make(tmp_path / name)
    with pytest.raises(UnreadableFileError, match=r"cannot be read: no such file|is a folder; give a plain file"):
        read_evidence([tmp_path / name], vocabulary)


def test_columns_must_be_known_present_and_single(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """Unknown columns come with the nearest known one; missing and doubled columns are told too."""
    path = tmp_path / "rows.csv"
    path.write_text("id,kinds,note,note,window_from\nA,rate,,,2012-01-01\n", encoding="utf-8")
    with pytest.raises(InvalidFileError) as caught:
        read_evidence([path], vocabulary)
    said = str(caught.value)
    assert "'kinds': not a column of an evidence file; nearest: kind" in said
    assert "note: the column is given twice" in said
    missing = ["kind", "window_to", "total_low", "total_high", "count_low", "count_high"]
    assert [f"{path}: {name}: the column is missing" in said for name in missing] == [True] * 6


def test_no_row_to_use(evidence: Write, vocabulary: Vocabulary) -> None:
    """A file of rows that are all left out says nothing."""
    with pytest.raises(InvalidFileError, match="holds no row to use"):
        read_evidence([evidence({"use": "no"})], vocabulary)


def test_hostile_column_names_are_told_in_plain_letters(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """A column name cannot write to the terminal or fill it."""
    path = tmp_path / "rows.csv"
    path.write_text("id,\x1b[31m" + "x" * 500 + "\nA,1\n", encoding="utf-8")
    with pytest.raises(InvalidFileError) as caught:
        read_evidence([path], vocabulary)
    assert "\x1b" not in str(caught.value)
    assert max(map(len, str(caught.value).splitlines())) < len(str(path)) + 150


def test_a_byte_order_mark_is_no_part_of_the_header(tmp_path: Path) -> None:
    """Files from spreadsheets start with a mark that is skipped."""
    path = tmp_path / "rows.csv"
    path.write_bytes(b"\xef\xbb\xbfid,note\nA,\xc3\xa9\n")
    table = read_file(path, columns=["id", "note"], required=["id"], refusal="unknown")
    assert (table.problems, table.columns["id"].texts, table.columns["note"].texts) == ((), ("A",), ("é",))


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pa.array(["a", None, " a "]), ["a", "", "a"]),
        (pa.array(["a", None, "a"]).dictionary_encode(), ["a", "", "a"]),
        (pa.array([1, None, 2]), ["1", "", "2"]),
        (pa.array([1.5, None, float("nan")]), ["1.5", "", ""]),
        (pa.array([True, None, False]), ["True", "", "False"]),
        (pa.array([date(2012, 1, 2), None, date(2012, 1, 3)]), ["2012-01-02", "", "2012-01-03"]),
        (pa.array([midnight, None, midnight.replace(hour=3)]), ["2012-01-02", "", "2012-01-02 03:00:00"]),
        (pa.array([b"a", None, b"b"]), ["a", "", "b"]),
    ],
    ids=["text", "dictionary", "integers", "floats", "booleans", "dates", "times", "bytes"],
)
def test_parquet_types_become_text(tmp_path: Path, values: pa.Array, texts: list[str]) -> None:
    """Whatever type a column has, it is read as the text that a CSV would hold; nulls are blank."""
    path = tmp_path / "rows.parquet"
    parquet.write_table(pa.table({"id": values}), path, row_group_size=2)
    column = read_file(path, columns=["id", "note"], required=["id"], refusal="unknown").columns["id"]
    assert [column.texts[code] for code in column.codes] == texts


@pytest.mark.parametrize("values", [[[1]], [{"a": 1}], [b"\xff"]], ids=["list", "struct", "not UTF-8"])
def test_parquet_columns_hold_plain_values(tmp_path: Path, values: list[object]) -> None:
    """A nested column, or one of bytes that are no text, is refused by name."""
    path = tmp_path / "rows.parquet"
    parquet.write_table(pa.table({"id": pa.array(values)}), path)
    with pytest.raises(UnreadableFileError, match="id: must hold plain values"):
        read_file(path, columns=["id"], required=["id"], refusal="unknown")
