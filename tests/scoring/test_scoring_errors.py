"""Promises about files that cannot be scored: the place and the rule are named, and nothing is written."""

from __future__ import annotations

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from model.files.errors import FilesError
from model.risk.table import RiskTable
from model.scoring.errors import BadRowsError, ColumnError, FileFormatError, ScoringError
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
        ("in.csv", "id,sect,rank\n1,sunni,major\n2,suni,major\n3,druze,\n", "in.csv: line 3: sect: .*nearest: sunni"),
        ("in.csv", "rank\nmajor\n\nmajer\n", "in.csv: line 4: rank: .*nearest: major"),
        ("in.csv", 'note,rank\n"a\nb",major\n\nc,majer\n', "in.csv: line 5: rank: "),
        ("in.csv", 'note,rank\r\n"a\nb",majer\r\n\r\nc,major\r\n', "in.csv: line 2: rank: "),
        ("in.csv", "unit\n5th Divison\n", "in.csv: line 2: unit: .*nearest: .*4th Division"),
        ("in.csv", "unit,eliteness\n4th Division,elite\n4th Division,ordinary\n", "in.csv: line 3: unit: stands for"),
        ("in.jsonl", '{"rank": "major"}\n{"rank": "majer"}\n', "in.jsonl: line 2: rank: .*nearest: major"),
        ("in.jsonl", '{"rank": 3}\n', "in.jsonl: line 1: rank: must be a text or null"),
        ("in.jsonl", '{"rank": ["major"]}\n', "in.jsonl: line 1: rank: must be a text or null"),
        ("in.jsonl", '{"rank": "major"}\n["major"]\n', "in.jsonl: line 2: must be a JSON object"),
        ("in.jsonl", '{"rank": "major"\n', "in.jsonl: line 1: must be a JSON object"),
        ("in.jsonl", '{"rank": ' + "[" * 100_000, "in.jsonl: line 1: must be a JSON object"),
        ("in.jsonl", b'{"rank": "major"}\n{"rank": "\xff"}\n', "in.jsonl: line 2: must be a JSON object"),
        ("in.jsonl", '{"rank": "major", "rank": "captain"}\n', "in.jsonl: line 1: must not give a member twice"),
        ("in.jsonl", '{"rank": "major"}\n{"id": 1}\n', "in.jsonl: line 2: needs a column"),
        ("in.jsonl", '{"rank": "major", "risk_mean": 1}\n', "line 1: risk_mean: is a column to be written"),
        ("in.jsonl", '{"eliteness": "elite", "unit": "Field Army"}\n', "in.jsonl: line 1: unit: stands for"),
    ],
)
def test_a_bad_row_is_named(table: RiskTable, tmp_path: Path, name: str, text: str | bytes, message: str) -> None:
    """File, line, column and rule are said, with the nearest word that would do."""
    error = refused(table, text_file(tmp_path, name, text))
    assert isinstance(error, BadRowsError)
    assert [error.count, *(row.file for row in error.first)] == [1, name]
    with pytest.raises(BadRowsError, match=message):
        raise error


def test_the_first_bad_row_of_a_later_batch_is_counted_from_the_start(table: RiskTable, tmp_path: Path) -> None:
    """Rows are counted through the whole file, also past the first batch."""
    good = 300_000
    source = tmp_path / "in.parquet"
    pa.parquet.write_table(pa.table({"rank": ["major"] * good + ["majer"]}), source)
    error = refused(table, source)
    assert str(error).startswith(f"in.parquet: row {good + 1}: rank: ")


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".jsonl"])
def test_every_bad_row_is_counted_and_the_first_are_told(table: RiskTable, tmp_path: Path, suffix: str) -> None:
    """Of 30 bad rows among good ones twenty are told with their places, and then how many more there are."""
    source = tmp_path / f"in{suffix}"
    words = ["major", "majer", "major"] * 30
    if suffix == ".parquet":
        pa.parquet.write_table(pa.table({"rank": words}), source)
    else:
        row = "{}\n" if suffix == ".csv" else '{{"rank": "{}"}}\n'
        source.write_text("".join(["rank\n" if suffix == ".csv" else "", *map(row.format, words)]))
    error = refused(table, source)
    assert isinstance(error, BadRowsError)
    assert error.count == 30
    first = 3 if suffix == ".csv" else 2
    told = [row.place.split()[1] for row in error.first]
    assert told == [str(number) for number in range(first, first + 60, 3)]
    assert str(error).splitlines()[-1] == "and 10 more bad rows"


def test_the_lines_of_later_blocks_are_counted_from_the_start(table: RiskTable, tmp_path: Path) -> None:
    """A bad row past the first megabyte is told by the line that an editor shows it in."""
    lines = ["note,rank"] + ['"a\nb",major', "", "c,major"] * 100_000 + ["c,majer"]
    error = refused(table, text_file(tmp_path, "in.csv", "\n".join(lines)))
    assert str(error).startswith(f"in.csv: line {1 + 4 * 100_000 + 1}: rank: ")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("in.csv", "id,name\n1,x\n", "needs a column of sect, rank"),
        ("in.csv", "sect;rank\nsunni;major\n", "needs a column .* set off by commas"),
        ("in.csv", "rank,risk_mean\nmajor,1\n", "risk_mean: is a column to be written"),
        ("in.csv", "rank,Rank\nmajor,major\n", "Rank: stands for the same as rank"),
        ("in.csv", "rank,rank\nmajor,major\n", "rank: appears twice"),
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
        ("in.jsonl", '{"rank": "' + "x" * 2**20, "in.jsonl: line 1: must have at most 1,048,576 bytes"),
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
