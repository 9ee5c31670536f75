"""CSV and Parquet, read and written in batches."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from model.scoring.columns import BatchScorer
from model.scoring.errors import FileFormatError, RowError
from model.scoring.profiles import Profiles

CSV_BLOCK = 4 << 20
"""Bytes of a CSV file read at once."""

PARQUET_ROWS = 1 << 17
"""Rows of a Parquet file read at once."""


def score_csv(profiles: Profiles, source: Path, target: BinaryIO) -> Iterator[tuple[int, float]]:
    """Write a CSV file with risk columns; yield the rows done and the share of the file read, batch by batch.

    Every column is read as text, so that what is carried through stays as it stands ("007" too).
    """
    size = source.stat().st_size
    with _reading(source):
        batches = _csv_batches(source)
    scorer = BatchScorer(profiles, source.name, batches.schema)
    target.write(_csv_row(scorer.schema.names))
    with _written_meanwhile(lambda batch: target.write(_csv_text(batch))) as write:
        for blocks, batch in enumerate(_unbroken(source, batches), start=1):
            write(scorer.scored(batch))
            yield scorer.rows, min(1.0, blocks * CSV_BLOCK / size)


def score_parquet(profiles: Profiles, source: Path, target: BinaryIO) -> Iterator[tuple[int, float]]:
    """Write a Parquet file with risk columns; yield the rows done and the share of the file read, batch by batch."""
    with _reading(source):
        file = pa.parquet.ParquetFile(source)
    scorer = BatchScorer(profiles, source.name, file.schema_arrow)
    with (
        pa.parquet.ParquetWriter(target, scorer.schema) as writer,
        _written_meanwhile(writer.write_batch) as write,
    ):
        for batch in _unbroken(source, file.iter_batches(batch_size=PARQUET_ROWS)):
            write(scorer.scored(batch))
            yield scorer.rows, scorer.rows / file.metadata.num_rows


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
def _reading(source: Path) -> Iterator[None]:
    """Turn what Arrow says of a broken file into the errors of this package."""
    try:
        yield
    except (pa.ArrowException, OSError, EOFError, UnicodeError, csv.Error) as error:
        fault = _ragged_row(source) if "CSV parse error" in str(error) else None
        raise fault or FileFormatError(f"{source.name}: cannot be read to its end: {error}") from error


def _unbroken(source: Path, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    # A generator of its own, so that an error in writing is not taken for one in reading.
    with _reading(source):
        yield from batches


def _csv_batches(source: Path) -> Any:
    with source.open(encoding="utf-8-sig", newline="") as text:
        names = next(csv.reader(text))
    return pa.csv.open_csv(
        source,
        read_options=pa.csv.ReadOptions(block_size=CSV_BLOCK),
        parse_options=pa.csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=len(names) > 1),
        convert_options=pa.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


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


def _csv_rows(batch: pa.RecordBatch, *, quotes: str) -> bytes:
    text = pa.BufferOutputStream()
    pa.csv.write_csv(batch, text, pa.csv.WriteOptions(include_header=False, quoting_style=quotes))
    return bytes(text.getvalue())


def _ragged_row(source: Path) -> RowError | None:
    """Return the first row of a CSV file with too few or too many columns; Arrow does not say which it is."""
    with source.open(encoding="utf-8-sig", errors="replace", newline="") as text, suppress(csv.Error):
        rows = csv.reader(text)
        width = len(next(rows))
        for number, row in enumerate((row for row in rows if row), start=1):
            if len(row) != width:
                return RowError(
                    source.name, number, None, f"must have {width} columns as the first row, not {len(row)}"
                )
    return None
