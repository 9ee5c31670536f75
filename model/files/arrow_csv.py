"""Blocks of CSV as Arrow tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.csv

from model.files.csv_rules import LONGEST_ROW
from model.files.csv_text import Block


def arrow_table(block: Block, names: Sequence[str], convert: pa.csv.ConvertOptions) -> Any:
    """Return the rows of a checked block.

    Raises
    ------
    AssertionError
        If Arrow finds other rows than were counted.
    """
    table = pa.csv.read_csv(
        # A line to skip, or Arrow would take a byte order mark in the first cell for the file's own.
        pa.py_buffer(b"-\n" + block.data),
        # Not in Arrow's threads: a process that ended on an error when these had just started aborted 3 times in 105.
        read_options=pa.csv.ReadOptions(use_threads=False, column_names=names, skip_rows=1, block_size=4 * LONGEST_ROW),
        parse_options=pa.csv.ParseOptions(newlines_in_values=b'"' in block.data, ignore_empty_lines=len(names) > 1),
        convert_options=convert,
    )
    if table.num_rows != block.rows:
        raise AssertionError(f"Arrow reads {table.num_rows} rows where {block.rows} were counted")
    return table
