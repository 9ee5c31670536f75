"""CSV is read as RFC 4180 has it or refused by line: no row is lost, joined to another, or made up."""

from __future__ import annotations

import io
import re

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from model.files.arrow_csv import arrow_table
from model.files.csv_rules import LONGEST_ROW, odd_so_far
from model.files.csv_text import CSVText
from model.files.errors import CSVError

CELL = re.compile(r'"((?:[^"]|"")*)"|([^",\r\n]*)')
END = re.compile(r"\r?\n|\r?\Z")

Rows = list[tuple[str, ...]]

PIECES = [b'"', b'""', b",", b"\n", b"\r\n", b"\r", b"a", b"b", b"a,b\n", b'"x,\ny"', b"\xc3\xa9", b"\xff", b"\0", b" "]
texts = st.one_of(
    st.binary(max_size=30),
    st.lists(st.sampled_from([*PIECES, b"\xef\xbb\xbf"]), max_size=12).map(b"".join),
    st.lists(st.sampled_from(PIECES[:-3]), max_size=12).map(lambda pieces: b"a,b\n" + b"".join(pieces)),
    st.lists(st.sampled_from([b"1,2", b'"1",2', b'"1\n",""""', b",", b""]), max_size=6).map(
        lambda rows: b"\r\n".join([b"a,b", *rows])
    ),
)


def by_grammar(data: bytes) -> Rows | None:
    """Return header and rows by the grammar of RFC 4180, one character after another; None where a rule is broken."""
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError:
        return None
    rows, said, ends, place = [], [], set(), 0
    while place < len(text):
        row, begin = [], place
        while True:
            cell = CELL.match(text, place)
            row.append(cell[2] if cell[1] is None else cell[1].replace('""', '"'))
            place = cell.end() + 1
            if text[cell.end() : place] != ",":
                break
        end = END.match(text, cell.end())
        if end is None:
            return None
        place = end.end()
        rows.append(tuple(row))
        said.append(text[begin : cell.end()])
        ends |= {"\r\n" if end[0] == "\r" else end[0]} - {""}
    if not rows:
        return rows
    kept = [row for row, line in zip(rows, said, strict=True) if line or len(rows[0]) == 1]
    uneven = len(ends) > 1 or len({len(row) for row in kept}) > 1
    return None if "\0" in text or uneven or not said[0] or said[0] in said[1:] else kept


def by_python(data: bytes, block: int) -> Rows:
    """Return header and rows as Python's reader takes checked blocks apart."""
    text = CSVText("a.csv", io.BytesIO(data), block=block)
    return [names for names in (text.names,) if names] + list(text.rows())


def by_arrow(data: bytes, block: int) -> Rows:
    """Return header and rows as Arrow takes checked blocks apart."""
    text = CSVText("a.csv", io.BytesIO(data), block=block)
    convert = pa.csv.ConvertOptions(column_types=dict.fromkeys(text.names, pa.string()))
    tables = [arrow_table(each, text.names, convert) for each in text.blocks()]
    found = [row for table in tables for row in zip(*(column.to_pylist() for column in table.columns), strict=True)]
    return [names for names in (text.names,) if names] + found


@settings(deadline=None, max_examples=600)
@given(data=texts, block=st.sampled_from([1, 2, 3, 7, 64]))
@example(data=b"a,b\r\n\n\r\n", block=2)
@example(data=b"a\n\n\xef\xbb\xbfb", block=1)
def test_every_row_comes_out_or_a_line_is_refused(data: bytes, block: int) -> None:
    """For any bytes, read any number at once: rows and cells are those of the grammar, or all are refused by line."""
    expected = by_grammar(data)
    for read in (by_python, by_arrow):
        if expected is None:
            with pytest.raises(CSVError) as caught:
                read(data, block)
            lines = [fault.line for fault in caught.value.faults]
            assert lines == sorted(lines)
            assert 1 <= lines[0] <= lines[-1] <= data.count(b"\n") + 1
        else:
            assert read(data, block) == expected


@settings(deadline=None)
@given(marks=st.lists(st.booleans(), max_size=40))
def test_parity_by_eights_is_parity(marks: list[bool]) -> None:
    """Whether a byte stands in quotes is worked out as one after the other would be."""
    array = np.array(marks, dtype=bool)
    np.testing.assert_array_equal(odd_so_far(array), np.logical_xor.accumulate(array))


REFUSED = {
    "a quote without end": (b'a,b\n1,"2\n3,4\n5,6\n', {2: "a quote is opened here and not closed"}),
    "a quote that ends rows later": (b'a,b\n"1,2\n3,4\n5,"6"\n', {2: "a cell opens with a quote here and closes with"}),
    "a quote within a cell": (b'a,b\n1,2\n3,4"\n', {3: "a quote stands in a cell that does not begin with one"}),
    "text after a quote": (b'a,b\n1,"2" \n', {2: "a cell opens with a quote here and closes with one in line 2"}),
    "too few and too many": (b"a,b\n1\n1,2\n1,2,3\n", {2: "must have 2 cells", 4: "must have 2 cells"}),
    "a row after one of two lines": (b'a,b\n"1\n",2\n1\n', {4: "must have 2 cells, as the header has; it has 1"}),
    "a NUL byte": (b"a,b\n1,2\n1,\0\n", {3: "holds a NUL byte"}),
    "not UTF-8": (b"a,b\n1,2\n1,\xe9\n", {3: "must be text in UTF-8"}),
    "a second header": (b"a,b\n1,2\na,b\n3,4\na,b", {3: "repeats the header", 5: "repeats the header"}),
    "a second header at once": (b"a,b\r\na,b\r\n", {2: "repeats the header"}),
    "LF among CR LF": (b"a,b\r\n1,2\r\n3,4\n", {3: "must end in CR LF, as the header does"}),
    "CR LF among LF": (b"a,b\n1,2\n3,4\r\n", {3: "must end in LF, as the header does"}),
    "CR alone": (b"a,b\n1,2\r3,4\n", {2: ""}),
    "no header": (b"\na,b\n", {1: "must name the columns; it is blank"}),
    "a row without bound": (b"a,b\n1,2\n1," + b"x" * LONGEST_ROW + b"\n", {3: "a row must have at most 131,072 bytes"}),
}


@pytest.mark.parametrize("block", [5, 1 << 20])
@pytest.mark.parametrize(("data", "told"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_is_told_by_line(data: bytes, told: dict[int, str], block: int) -> None:
    """Each fault names the line that it is in, or begins in, and the rule."""
    with pytest.raises(CSVError) as caught:
        by_python(data, block)
    faults = {fault.line: fault.rule for fault in caught.value.faults}
    # Read in small blocks the first is refused before the others are seen.
    assert list(told)[: len(faults)] == list(faults)
    assert all(rule.startswith(told[line]) for line, rule in faults.items())
    assert str(caught.value).startswith(f"a.csv: line {next(iter(told))}: ")


def test_a_quote_without_end_is_found_before_the_end() -> None:
    """Not the whole of a large file is taken into memory to look for the quote that is missing."""
    stream = io.BytesIO(b'a,b\n"1,2\n' + b"3,4\n" * (1 << 20))
    with pytest.raises(CSVError, match="line 2: a quote is opened here and not closed within 131,072 bytes"):
        by_python(stream.getvalue(), 1 << 16)
    text_read = io.BytesIO(stream.getvalue())
    with pytest.raises(CSVError):
        list(CSVText("a.csv", text_read, block=1 << 16).blocks())
    assert text_read.tell() < 1 << 19


def test_faults_are_told_up_to_a_number() -> None:
    """A file that is wrong throughout is told by its first lines."""
    with pytest.raises(CSVError) as caught:
        by_python(b"a,b\n" + b"1\n" * 1000, 1 << 20)
    assert [fault.line for fault in caught.value.faults] == list(range(2, 22))
