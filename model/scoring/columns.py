"""Arrow batches with risk columns: words are encoded once a batch, each distinct word looked up once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from model.scoring.errors import ColumnError, RowError
from model.scoring.profiles import REFUSED, UNKNOWN, Profiles
from priors.vocabulary import fold


def word_columns(file: str, names: Sequence[str], profiles: Profiles) -> dict[str, str]:
    """Return the column of a file that holds each member of a profile, matching names as words are matched.

    Raises
    ------
    ColumnError
        If there is none, if two stand for the same, or if a column to be written is there already.
    """
    found: dict[str, str] = {}
    for name in names:
        if name in profiles.columns:
            raise ColumnError(f"{file}: {name}: is a column to be written; rename it")
        if fold(name) in profiles.members and found.setdefault(fold(name), name) != name:
            raise ColumnError(f"{file}: {name}: stands for the same as {found[fold(name)]}; keep one")
    for name in found.values():
        if list(names).count(name) > 1:
            raise ColumnError(f"{file}: {name}: appears twice; keep one")
    if not found:
        raise ColumnError(f"{file}: needs a column of {', '.join(profiles.members)} (in CSV, set off by commas)")
    return found


class BatchScorer:
    """Adds the risk columns to the batches of one file.

    Parameters
    ----------
    file : str
        The file's name, for errors.
    schema : pyarrow.Schema
        The columns of its batches.
    """

    def __init__(self, profiles: Profiles, file: str, schema: pa.Schema) -> None:
        self._profiles, self._file = profiles, file
        self._columns = word_columns(file, schema.names, profiles)
        self.rows = 0
        self.schema = schema
        for name in profiles.columns:
            self.schema = self.schema.append(pa.field(name, pa.float64()))
        for column in self._columns.values():
            if not _holds_words(schema.field(column).type):
                raise ColumnError(f"{file}: {column}: must hold text, not {schema.field(column).type}")

    def scored(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return a batch with the risk columns after its own.

        Raises
        ------
        RowError
            For the first row whose words are not in the vocabulary, or contradict each other.
        """
        words = {name: batch.column(column).cast(pa.string()) for name, column in self._columns.items()}
        codes = self._profiles.profile_codes([self._codes(words, name, len(batch)) for name in self._profiles.members])
        if (codes == REFUSED).any():
            raise self._fault(words, int(np.argmax(codes == REFUSED)))
        risks = [_numbers(column) for column in self._profiles.risks(codes).T]
        self.rows += len(batch)
        return pa.RecordBatch.from_arrays([*batch.columns, *risks], schema=self.schema)

    def _codes(self, words: dict[str, Any], name: str, rows: int) -> NDArray[np.int64]:
        if name not in words:
            return np.full(rows, UNKNOWN)
        encoded = words[name].dictionary_encode(null_encoding="encode")
        of_word = [self._profiles.code(name, word) for word in encoded.dictionary.to_pylist()]
        codes: NDArray[np.int64] = np.array(of_word, dtype=np.int64)[np.from_dlpack(encoded.indices)]
        return codes

    def _fault(self, words: dict[str, Any], row: int) -> RowError:
        stated = [words[name][row].as_py() if name in words else None for name in self._profiles.members]
        column, rule = self._profiles.fault(stated) or ("", "")
        return RowError(self._file, self.rows + row + 1, self._columns[column], rule)


def _numbers(column: NDArray[np.float64]) -> Any:
    """Return an array of numbers, null where one is NaN."""
    there = pa.py_buffer(np.packbits(~np.isnan(column), bitorder="little"))
    # Neither `pa.array` nor `to_numpy`, which load pandas to see whether it is wanted: half a second of each command.
    return pa.Array.from_buffers(pa.float64(), len(column), [there, pa.py_buffer(np.ascontiguousarray(column))])


def _holds_words(kind: pa.DataType) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return any(
        test(kind) for test in (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_null)
    )
