"""CSV and Parquet files as columns of text, each distinct text kept once."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from model.evidence.errors import Problem, UnreadableFileError
from model.evidence.fields import near

MAGIC = b"PAR1"


@dataclass(frozen=True)
class Column:
    """A column of text: `codes`, shape (row,), point into the distinct `texts`; blank is the empty text."""

    codes: NDArray[np.intp]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class FileTable:
    """The known columns of a file, the problems of its header, and the sha256 of its bytes."""

    file: str
    columns: Mapping[str, Column]
    rows: int
    digest: str
    problems: tuple[Problem, ...]


def read_file(path: Path, *, columns: Sequence[str], required: Sequence[str], refusal: str) -> FileTable:
    """Read the known columns of a CSV or Parquet file; the values of unknown columns are never looked at.

    Parameters
    ----------
    path : Path
        A file whose name ends in `.csv` or `.parquet`.
    columns, required : sequence of str
        The columns that are known, and those of them that must be there.
    refusal : str
        The rule that an unknown column breaks.

    Raises
    ------
    UnreadableFileError
        If the file is missing, empty, damaged, or not what its name says.
    """
    file = str(path)
    data = _bytes(path)
    table = _parquet(file, data, columns) if path.suffix.lower() == ".parquet" else _csv(file, data, columns)
    problems = _header_problems(file, table.column_names, columns, required, refusal)
    if table.num_rows == 0:
        raise UnreadableFileError([Problem(file, "holds no rows"), *problems])
    held = {name: _column(file, name, table.column(name)) for name in columns if table.column_names.count(name) == 1}
    return FileTable(file, held, table.num_rows, hashlib.sha256(data).hexdigest(), problems)


def _bytes(path: Path) -> bytes:
    if path.suffix.lower() not in (".csv", ".parquet"):
        raise UnreadableFileError([Problem(str(path), "must be named .csv or .parquet", nearest=(f"{path.stem}.csv",))])
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "input error").lower()
        raise UnreadableFileError([Problem(str(path), f"cannot be read: {reason}")]) from error
    if not data.strip():
        raise UnreadableFileError([Problem(str(path), "is empty")])
    return data


def _csv(file: str, data: bytes, columns: Sequence[str]) -> Any:
    _check_text(file, data)
    ragged: list[Problem] = []

    def note(row: Any) -> str:
        rule = f"must have {row.expected_columns} fields, as the header has; it has {row.actual_columns}"
        ragged.append(Problem(file, rule, row=row.number - 1))
        return "skip"

    try:
        # On one thread, because only then does pyarrow number the rows that it refuses.
        table = pyarrow.csv.read_csv(
            pa.BufferReader(data),
            read_options=pyarrow.csv.ReadOptions(use_threads=False),
            parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True, invalid_row_handler=note),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={name: pa.dictionary(pa.int32(), pa.string()) for name in columns}
            ),
        )
    except pa.ArrowException as error:
        raise UnreadableFileError([Problem(file, "is not a readable CSV file")]) from error
    if ragged:
        raise UnreadableFileError(ragged)
    return table


def _check_text(file: str, data: bytes) -> None:
    if data.startswith(MAGIC):
        raise UnreadableFileError([Problem(file, "is not CSV, as its name says, but Parquet")])
    if b"\0" in data:
        raise UnreadableFileError([Problem(file, "is not CSV, as its name says: it holds binary data")])
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableFileError([Problem(file, f"must be text in UTF-8: line {line} is not")]) from error


def _parquet(file: str, data: bytes, columns: Sequence[str]) -> Any:
    if not data.startswith(MAGIC):
        raise UnreadableFileError([Problem(file, "is not Parquet, as its name says")])
    if not data.endswith(MAGIC):
        raise UnreadableFileError([Problem(file, "is Parquet cut short: its end is missing")])
    try:
        schema = pyarrow.parquet.read_schema(pa.BufferReader(data))
        texts = [field.name for field in schema if field.name in columns and _is_text(field.type)]
        source = pyarrow.parquet.ParquetFile(pa.BufferReader(data), read_dictionary=texts)
        table = source.read(columns=[name for name in columns if name in schema.names])
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFileError([Problem(file, "is not a readable Parquet file")]) from error
    # Unknown columns are told by name alone.
    for name in schema.names:
        table = table if name in columns else table.append_column(name, pa.nulls(table.num_rows))
    return table


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _header_problems(
    file: str, names: Sequence[str], columns: Sequence[str], required: Sequence[str], refusal: str
) -> tuple[Problem, ...]:
    unknown = [Problem(file, refusal, None, _shown(name), near(name, columns)) for name in names if name not in columns]
    missing = [Problem(file, "the column is missing", column=name) for name in required if name not in names]
    twice = [Problem(file, "the column is given twice", column=name) for name in columns if names.count(name) > 1]
    return (*unknown, *missing, *twice)


def _shown(name: str) -> str:
    return ascii(name[:40]) if name else "a column without a name"


def _column(file: str, name: str, values: Any) -> Column:
    if pa.types.is_dictionary(values.type):
        values = values.unify_dictionaries()
    try:
        whole = values.combine_chunks()
        if pa.types.is_dictionary(whole.type) and whole.indices.null_count:
            whole = whole.dictionary_decode()
        if not pa.types.is_dictionary(whole.type):
            whole = whole.dictionary_encode(null_encoding="encode")
        texts = tuple(_text(value) for value in whole.dictionary.to_pylist())
    except (pa.ArrowException, ValueError, OverflowError) as error:
        raise UnreadableFileError([Problem(file, "must hold plain values", column=name)]) from error
    # Not `to_numpy`, which imports pandas and takes a second over it.
    return Column(np.from_dlpack(whole.indices).astype(np.intp), texts)


def _text(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return (value.decode() if isinstance(value, bytes) else str(value)).strip()
