"""Arrow batches with risk columns: words are encoded once a batch, each distinct word looked up once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from model.scoring.bad_rows import ASIDE, BadRow, BadRows
from model.scoring.errors import ColumnError
from model.scoring.profiles import REFUSED, UNKNOWN, Profiles, word_columns


class BatchScorer:
    """Adds the risk columns to the batches of one file, without its bad rows.

    Parameters
    ----------
    file : str
        The file's name, for errors.
    schema : pyarrow.Schema
        The columns of its batches.
    bad : BadRows
        Is told of rows whose words are not in the vocabulary, or contradict each other.

    Attributes
    ----------
    read, rows : int
        How many rows were read, and how many of them were scored.
    schema, aside : pyarrow.Schema
        The columns of scored rows, and of those put aside.

    Raises
    ------
    ColumnError
        If the columns cannot be used.
    """

    def __init__(self, profiles: Profiles, file: str, schema: pa.Schema, bad: BadRows) -> None:
        self._profiles, self._file, self._bad = profiles, file, bad
        try:
            self._columns = word_columns(schema.names, profiles.members, written=profiles.written)
        except ColumnError as error:
            raise ColumnError(f"{file}: {error}") from error
        for column in self._columns.values():
            if not _holds_words(schema.field(column).type):
                raise ColumnError(f"{file}: {column}: must hold text, not {schema.field(column).type}")
        self.read = self.rows = 0
        self.schema = schema
        for name in profiles.columns:
            self.schema = self.schema.append(pa.field(name, pa.float64()))
        for name in profiles.said:
            self.schema = self.schema.append(pa.field(name, pa.string()))
        self._own = [index for index, name in enumerate(schema.names) if name not in ASIDE]
        own = [schema.field(index) for index in self._own]
        self.aside = pa.schema([*own, *(pa.field(name, pa.string()) for name in ASIDE)])

    def scored(
        self, batch: pa.RecordBatch, place: Callable[[int], str]
    ) -> tuple[pa.RecordBatch, pa.RecordBatch | None]:
        """Return the rows of a batch with the risk columns after their own, and any put aside with the reason.

        Parameters
        ----------
        place : callable
            Returns where the file has a row of the batch.
        """
        words = {name: batch.column(column).cast(pa.string()) for name, column in self._columns.items()}
        codes = self._profiles.profile_codes([self._codes(words, name, len(batch)) for name in self._profiles.members])
        refused = np.flatnonzero(codes == REFUSED).tolist()
        aside = None
        if refused:
            aside = self._put_aside(batch, words, refused, place)
            batch, codes = batch.filter(_flags(codes != REFUSED)), codes[codes != REFUSED]
        risks = [_numbers(column) for column in self._profiles.risks(codes).T]
        self.read += len(batch) + len(refused)
        self.rows += len(batch)
        said = [pa.repeat(value, len(batch)) for value in self._profiles.said.values()]
        return pa.RecordBatch.from_arrays([*batch.columns, *risks, *said], schema=self.schema), aside

    def _codes(self, words: dict[str, Any], name: str, rows: int) -> NDArray[np.int64]:
        if name not in words:
            return np.full(rows, UNKNOWN)
        encoded = words[name].dictionary_encode(null_encoding="encode")
        of_word = [self._profiles.code(name, word) for word in encoded.dictionary.to_pylist()]
        codes: NDArray[np.int64] = np.array(of_word, dtype=np.int64)[np.from_dlpack(encoded.indices)]
        return codes

    def _put_aside(
        self, batch: pa.RecordBatch, words: dict[str, Any], refused: Sequence[int], place: Callable[[int], str]
    ) -> pa.RecordBatch:
        told = refused[: self._bad.left]
        found = [BadRow(self._file, place(row), *self._fault(words, row)) for row in told]
        for bad in found:
            self._bad.note(bad)
        self._bad.pass_over(len(refused) - len(told))
        own = [batch.column(index).take(pa.array(told, pa.int64())) for index in self._own]
        said = ([bad.place for bad in found], [bad.reason for bad in found])
        return pa.RecordBatch.from_arrays([*own, *(pa.array(each, pa.string()) for each in said)], schema=self.aside)

    def _fault(self, words: dict[str, Any], row: int) -> tuple[str | None, str]:
        stated = [words[name][row].as_py() if name in words else None for name in self._profiles.members]
        column, rule = self._profiles.fault(stated) or ("", "")
        return self._columns.get(column), rule


def _numbers(column: NDArray[np.float64]) -> Any:
    """Return an array of numbers, null where one is NaN."""
    # Neither `pa.array` nor `to_numpy`, which load pandas to see whether it is wanted: half a second of each command.
    there = _bits(~np.isnan(column))
    return pa.Array.from_buffers(pa.float64(), len(column), [there, pa.py_buffer(np.ascontiguousarray(column))])


def _flags(column: NDArray[np.bool_]) -> Any:
    return pa.Array.from_buffers(pa.bool_(), len(column), [None, _bits(column)])


def _bits(column: NDArray[np.bool_]) -> Any:
    return pa.py_buffer(np.packbits(column, bitorder="little"))


def _holds_words(kind: pa.DataType) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return any(
        test(kind) for test in (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_null)
    )
