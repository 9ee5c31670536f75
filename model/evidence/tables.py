"""CSV and Parquet files as columns of text, each distinct text kept once."""

from __future__ import annotations

import hashlib
import io
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

from model.evidence.errors import FileFault, UnreadableFileError
from model.evidence.fields import near
from model.files.arrow_csv import arrow_table
from model.files.csv_text import CSVText
from model.files.errors import CSVError, FilesError, reason_of
from model.files.plain import STANDARD_INPUT, name_of, opened

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
    problems: tuple[FileFault, ...]


def read_file(
    path: Path, content: bytes | None = None, *, columns: Sequence[str], required: Sequence[str], refusal: str
) -> FileTable:
    """Read the known columns of a CSV or Parquet file; the values of unknown columns are never looked at.

    Parameters
    ----------
    path : Path
        A plain file whose name ends in `.csv` or `.parquet`, or `-` for standard input, which may hold either.
    content : bytes, optional
        What it holds, where that is known already.
    columns, required : sequence of str
        The columns that are known, and those of them that must be there.
    refusal : str
        The rule that an unknown column breaks.

    Raises
    ------
    UnreadableFileError
        If the file is missing, empty, damaged, or not what its name says.
    """
    file = name_of(path)
    data = _held(file, _bytes(path) if content is None else content)
    read = _parquet if _is_parquet(path, data) else _csv
    names, rows, table = read(file, data, columns)
    problems = _header_problems(file, names, columns, required, refusal)
    if rows == 0:
        raise UnreadableFileError([FileFault(file, "holds no rows"), *problems])
    held = {name: _column(file, name, table.column(name)) for name in table.column_names}
    return FileTable(file, held, rows, hashlib.sha256(data).hexdigest(), problems)


def _bytes(path: Path) -> bytes:
    file = name_of(path)
    try:
        with opened(path) as stream:
            return stream.read()
    except FilesError as error:
        raise UnreadableFileError([FileFault(file, error.rule)]) from error
    except OSError as error:
        raise UnreadableFileError([FileFault(file, f"cannot be read: {reason_of(error)}")]) from error


def _held(file: str, data: bytes) -> bytes:
    if not data.strip():
        raise UnreadableFileError([FileFault(file, "is empty")])
    return data


def _is_parquet(path: Path, data: bytes) -> bool:
    if path == STANDARD_INPUT:
        return data.startswith(MAGIC)
    if path.suffix.lower() not in (".csv", ".parquet"):
        raise UnreadableFileError(
            [FileFault(str(path), "must be named .csv or .parquet", nearest=(f"{path.stem}.csv",))]
        )
    return path.suffix.lower() == ".parquet"


def _csv(file: str, data: bytes, columns: Sequence[str]) -> tuple[Sequence[str], int, Any]:
    """Return the names of all columns, how many rows, and a table of the columns that are known and given once."""
    if data.startswith(MAGIC):
        raise UnreadableFileError([FileFault(file, "is not CSV, as its name says, but Parquet")])
    try:
        text = CSVText(file, io.BytesIO(data))
        blocks = list(text.blocks())
    except CSVError as error:
        problems = [FileFault(file, fault.rule, line=fault.line) for fault in error.faults]
        raise UnreadableFileError(problems) from error
    once = [name for name in columns if text.names.count(name) == 1]
    kinds = dict.fromkeys(once, pa.dictionary(pa.int32(), pa.string()))
    convert = pa.csv.ConvertOptions(column_types=kinds, include_columns=once)
    # Asked for no column, Arrow would take all.
    tables = [arrow_table(block, text.names, convert) for block in blocks if once]
    return text.names, sum(block.rows for block in blocks), pa.concat_tables(tables) if tables else pa.table({})


def _parquet(file: str, data: bytes, columns: Sequence[str]) -> tuple[Sequence[str], int, Any]:
    """Return what `_csv` returns."""
    if not data.startswith(MAGIC):
        raise UnreadableFileError([FileFault(file, "is not Parquet, as its name says")])
    if not data.endswith(MAGIC):
        raise UnreadableFileError([FileFault(file, "is Parquet cut short: its end is missing")])
    try:
        schema = pyarrow.parquet.read_schema(pa.BufferReader(data))
        once = [name for name in columns if schema.names.count(name) == 1]
        texts = [name for name in once if _is_text(schema.field(name).type)]
        source = pyarrow.parquet.ParquetFile(pa.BufferReader(data), read_dictionary=texts)
        return schema.names, source.metadata.num_rows, source.read(columns=once)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFileError([FileFault(file, "is not a readable Parquet file")]) from error


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _header_problems(
    file: str, names: Sequence[str], columns: Sequence[str], required: Sequence[str], refusal: str
) -> tuple[FileFault, ...]:
    unknown = [
        FileFault(file, refusal, None, _shown(name), near(name, columns)) for name in names if name not in columns
    ]
    missing = [FileFault(file, "the column is missing", column=name) for name in required if name not in names]
    twice = [FileFault(file, "the column is given twice", column=name) for name in columns if names.count(name) > 1]
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
        raise UnreadableFileError([FileFault(file, "must hold plain values", column=name)]) from error
    # Not `to_numpy`, which imports pandas and takes a second over it.
    return Column(np.from_dlpack(whole.indices).astype(np.intp), texts)


def _text(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return (value.decode() if isinstance(value, bytes) else str(value)).strip()
