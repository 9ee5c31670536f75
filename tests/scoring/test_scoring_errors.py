"""Promises about files that cannot be scored: the place and the rule are named, and nothing is written."""

from __future__ import annotations

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from model.files.errors import FilesError
from model.risk.table import RiskTable
from model.scoring.errors import ColumnError, FileFormatError, RowError, ScoringError
from model.scoring.scoring import score
from tests.support.risk_tables import synthetic_table


@pytest.fixture(scope="module")
def table() -> RiskTable:
    """Return a table of random draws."""
    return synthetic_table(draws=4, prior_draws=4)


def refused(table: RiskTable, source: Path) -> ScoringError | FilesError:
    """Return the error of scoring a file, having seen that it wrote nothing, to a file or a stream."""
    target, stream = source.with_name(f"out{source.suffix}"), io.BytesIO()
    with pytest.raises((ScoringError, FilesError)) as to_stream:
        score(table, source, stream, window=table.vocabulary.timeline.window)
    with pytest.raises((ScoringError, FilesError)) as to_file:
        score(table, source, target, window=table.vocabulary.timeline.window)
    assert stream.getvalue() == b""
    assert list(source.parent.iterdir()) in ([source], [])
    assert str(to_stream.value) == str(to_file.value)
    return to_file.value


def text_file(tmp_path: Path, name: str, text: str | bytes) -> Path:
    """Write a file of some text."""
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("in.csv", "id,sect,rank\n1,sunni,major\n2,suni,major\n3,x,y\n", "in.csv: row 2: sect: .*nearest: sunni"),
        ("in.csv", "rank\nmajor\n\nmajer\n", "in.csv: row 3: rank: .*nearest: major"),
        ("in.csv", 'note,rank\n"a\nb",major\nc,majer\n', "in.csv: row 2: rank: "),
        ("in.csv", "unit\n5th Divison\n", "in.csv: row 1: unit: .*nearest: .*4th Division"),
        ("in.csv", "unit,eliteness\n4th Division,elite\n4th Division,ordinary\n", "in.csv: row 2: unit: stands for"),
        ("in.jsonl", '{"rank": "major"}\n{"rank": "majer"}\n', "in.jsonl: row 2: rank: .*nearest: major"),
        ("in.jsonl", '{"rank": 3}\n', "in.jsonl: row 1: rank: must be a text or null"),
        ("in.jsonl", '{"rank": ["major"]}\n', "in.jsonl: row 1: rank: must be a text or null"),
        ("in.jsonl", '{"rank": "major"}\n["major"]\n', "in.jsonl: row 2: must be a JSON object"),
        ("in.jsonl", '{"rank": "major"\n', "in.jsonl: row 1: must be a JSON object"),
        ("in.jsonl", '{"rank": ' + "[" * 100_000, "in.jsonl: row 1: must be a JSON object"),
        ("in.jsonl", b'{"rank": "major"}\n{"rank": "\xff"}\n', "in.jsonl: row 2: must be a JSON object"),
        ("in.jsonl", '{"rank": "major", "rank": "captain"}\n', "in.jsonl: row 1: must not give a member twice"),
        ("in.jsonl", '{"rank": "' + "x" * 2**20, "in.jsonl: row 1: must have at most 1,048,576 bytes"),
        ("in.jsonl", '{"eliteness": "elite", "unit": "Field Army"}\n', "in.jsonl: row 1: unit: stands for"),
    ],
)
def test_a_bad_row_is_named(table: RiskTable, tmp_path: Path, name: str, text: str | bytes, message: str) -> None:
    """File, row, column and rule are said, with the nearest word that would do."""
    error = refused(table, text_file(tmp_path, name, text))
    assert isinstance(error, RowError)
    assert error.file == name
    with pytest.raises(RowError, match=message):
        raise error


def test_the_first_bad_row_of_a_later_batch_is_counted_from_the_start(table: RiskTable, tmp_path: Path) -> None:
    """Rows are counted through the whole file, also past the first batch."""
    good = 300_000
    source = tmp_path / "in.parquet"
    pa.parquet.write_table(pa.table({"rank": ["major"] * good + ["majer"]}), source)
    error = refused(table, source)
    assert isinstance(error, RowError)
    assert error.row == good + 1


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("in.csv", "id,name\n1,x\n", "needs a column of sect, rank"),
        ("in.csv", "sect;rank\nsunni;major\n", "needs a column .* set off by commas"),
        ("in.csv", "rank,risk_mean\nmajor,1\n", "risk_mean: is a column to be written"),
        ("in.csv", "rank,Rank\nmajor,major\n", "Rank: stands for the same as rank"),
        ("in.csv", "rank,rank\nmajor,major\n", "rank: appears twice"),
        ("in.jsonl", '{"id": 1}\n', "in.jsonl: row 1: needs a column"),
        ("in.jsonl", '{"rank": "major", "risk_mean": 1}\n', "row 1: risk_mean: is a column to be written"),
    ],
)
def test_wrong_columns_are_named(table: RiskTable, tmp_path: Path, name: str, text: str, message: str) -> None:
    """A file must have something to read, once, and room for what is written."""
    error = refused(table, text_file(tmp_path, name, text))
    with pytest.raises(ColumnError, match=message):
        raise error


def test_a_column_of_numbers_is_no_rank(table: RiskTable, tmp_path: Path) -> None:
    """In Parquet the columns read must be of text."""
    source = tmp_path / "in.parquet"
    pa.parquet.write_table(pa.table({"rank": [1, 2]}), source)
    assert str(refused(table, source)) == "in.parquet: rank: must hold text, not int64"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("in.csv", "", "in.csv: is empty"),
        ("in.jsonl", "\n\n", "in.jsonl: is empty"),
        ("in.xlsx", "rank\nmajor\n", "in.xlsx: the name must end in one of .csv"),
        ("in.csv", b"PAR1\x00\x00PAR1", "in.csv: is not CSV, as its name says, but Parquet"),
        ("in.csv", '{"rank": "major"}\n', "in.csv: is not CSV, as its name says, but JSON lines"),
        ("in.jsonl", b"PK\x03\x04\x00\x00", "in.jsonl: is not JSON lines, as its name says, but something else"),
        ("in.parquet", "rank\nmajor\n", "in.parquet: is not Parquet, as its name says, but CSV"),
        ("in.parquet", b"PAR1 and no more", "in.parquet: cannot be read to its end"),
        ("in.jsonl", "rank\nmajor\n", "in.jsonl: is not JSON lines, as its name says, but CSV"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    table: RiskTable, tmp_path: Path, name: str, text: str | bytes, message: str
) -> None:
    """The first bytes are looked at before anything is read, and a file that breaks off is not scored in part."""
    error = refused(table, text_file(tmp_path, name, text))
    with pytest.raises(FileFormatError, match=message):
        raise error


def test_a_damaged_parquet_file_is_refused(table: RiskTable, tmp_path: Path) -> None:
    """Bytes changed in the middle of a Parquet file end in an error, not in a traceback of Arrow's."""
    source = tmp_path / "in.parquet"
    pa.parquet.write_table(pa.table({"rank": ["major", "captain"] * 5000}), source, write_page_checksum=True)
    data = bytearray(source.read_bytes())
    data[20:60] = b"\xff" * 40
    source.write_bytes(bytes(data))
    assert isinstance(refused(table, source), FileFormatError)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sect,rank\nsunni,major\nsunni\n", "in.csv: line 3: must have 2 cells, as the header has; it has 1"),
        ("sect,rank\nsunni,major,x\n", "in.csv: line 2: must have 2 cells, as the header has; it has 3"),
        (b"\x1f\x8b\x08\x00", "in.csv: line 1: holds a NUL byte"),
        (b"PK\x03\x04\x00\x00", "in.csv: line 1: holds a NUL byte"),
        ("rank\nmajor\n".encode("utf-16"), "in.csv: line 1: holds a NUL byte"),
        (b"rank,note\nmajor,\xff\n", "in.csv: line 2: must be text in UTF-8"),
        (b"r\xffnk,rank\nx,major\n", "in.csv: line 1: must be text in UTF-8"),
    ],
)
def test_what_breaks_the_rules_of_csv_is_told_by_line(
    table: RiskTable, tmp_path: Path, text: str | bytes, message: str
) -> None:
    """Where it is in doubt what the rows are, the line of the file is named."""
    assert str(refused(table, text_file(tmp_path, "in.csv", text))).startswith(message)


def test_a_missing_file_is_named(table: RiskTable, tmp_path: Path) -> None:
    """A file that is not there is said to be so."""
    assert "missing.csv: cannot be read: no such file" in str(refused(table, tmp_path / "missing.csv"))
