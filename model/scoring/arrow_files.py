"""CSV and Parquet, read and written in batches."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import BinaryIO

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from model.files.arrow_csv import arrow_table
from model.files.csv_text import Block, CSVText
from model.files.spreadsheets import safe_column, safe_text
from model.scoring.bad_rows import BadRows
from model.scoring.columns import BatchScorer
from model.scoring.errors import FileFormatError
from model.scoring.formats import OpenFile
from model.scoring.profiles import Profiles

PARQUET_ROWS = 1 << 17
"""Rows of a Parquet file read at once."""


def score_csv(
    profiles: Profiles, source: OpenFile, target: BinaryIO, bad: BadRows, *, safe_for_spreadsheets: bool = False
) -> Iterator[tuple[int, float]]:
    """Write a CSV file with risk columns; yield the rows done and the share of the file read, batch by batch.

    Every column is read as text, so that what is carried through stays as it stands ("007" too).
    """
    with _reading(source):
        text = CSVText(source.name, source.stream)
    scorer = BatchScorer(profiles, source.name, pa.schema([(name, pa.string()) for name in text.names]), bad)
    convert = pa.csv.ConvertOptions(
        column_types=dict.fromkeys(text.names, pa.string()),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    text_of = _safe_csv_text if safe_for_spreadsheets else _csv_text
    for file, schema in ((target, scorer.schema), (bad.aside, scorer.aside)):
        file.write(_csv_row([safe_text(name) if safe_for_spreadsheets else name for name in schema.names]))
    with _written_meanwhile(lambda batch: target.write(text_of(batch))) as write:
        for block in _unbroken(source, text.blocks()):
            before = scorer.read
            for batch in arrow_table(block, text.names, convert).to_batches():
                scored, aside = scorer.scored(batch, partial(_line, block, scorer.read - before))
                write(scored)
                if aside is not None:
                    bad.aside.write(text_of(aside))
            yield scorer.rows, text.bytes_read / source.size


def score_parquet(profiles: Profiles, source: OpenFile, target: BinaryIO, bad: BadRows) -> Iterator[tuple[int, float]]:
    """Write a Parquet file with risk columns; yield the rows done and the share of the file read, batch by batch."""
    with _reading(source):
        file = pa.parquet.ParquetFile(source.stream)
    scorer = BatchScorer(profiles, source.name, file.schema_arrow, bad)
    with (
        pa.parquet.ParquetWriter(target, scorer.schema) as writer,
        pa.parquet.ParquetWriter(bad.aside, scorer.aside) as aside_writer,
        _written_meanwhile(writer.write_batch) as write,
    ):
        for batch in _unbroken(source, file.iter_batches(batch_size=PARQUET_ROWS)):
            scored, aside = scorer.scored(batch, lambda row: f"row {scorer.read + row + 1}")
            write(scored)
            if aside is not None:
                aside_writer.write_batch(aside)
            yield scorer.rows, scorer.read / file.metadata.num_rows


@contextmanager
def _written_meanwhile(write: Callable[[pa.RecordBatch], object]) -> Iterator[Callable[[pa.RecordBatch], None]]:
    """Yield a function that writes a batch while the next one is read and scored: Arrow does most of the work.

    Each batch waits for the one before it, so that there are never more than two and errors come one batch late.
    """
    last: Future[object] | None = None

    def begin(batch: pa.RecordBatch) -> None:
        nonlocal last
        if last is not None:
            last.result()
        last = thread.submit(write, batch)

    with ThreadPoolExecutor(max_workers=1) as thread:
        yield begin
        if last is not None:
            last.result()


@contextmanager
def _reading(source: OpenFile) -> Iterator[None]:
    """Turn what Arrow says of a broken file into the errors of this package."""
    try:
        yield
    except (pa.ArrowException, OSError, EOFError, UnicodeError) as error:
        raise FileFormatError(f"{source.name}: cannot be read to its end: {error}") from error


def _line(block: Block, before: int, row: int) -> str:
    return f"line {block.lines[before + row]}"


def _unbroken[Part](source: OpenFile, parts: Iterable[Part]) -> Iterator[Part]:
    # A generator of its own, so that an error in writing is not taken for one in reading.
    with _reading(source):
        yield from parts


def _csv_row(values: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(values)
    return text.getvalue().encode()


def _csv_text(batch: pa.RecordBatch) -> bytes:
    """Return the rows of a batch, its text in quotes only if some value of the batch needs them."""
    try:
        return _csv_rows(batch, quotes="none")
    except pa.ArrowInvalid:
        return _csv_rows(batch, quotes="needed")


def _safe_csv_text(batch: pa.RecordBatch) -> bytes:
    columns = [safe_column(column) if pa.types.is_string(column.type) else column for column in batch.columns]
    return _csv_text(pa.RecordBatch.from_arrays(columns, schema=batch.schema))


def _csv_rows(batch: pa.RecordBatch, *, quotes: str) -> bytes:
    text = pa.BufferOutputStream()
    pa.csv.write_csv(batch, text, pa.csv.WriteOptions(include_header=False, quoting_style=quotes))
    return bytes(text.getvalue())
