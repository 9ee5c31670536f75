"""What scoring is measured against: Arrow reads the file and writes as many columns, and nothing is worked out.

    python -m benchmarks.copy_file SOURCE TARGET COLUMN ...

The columns named are written with numbers from a block that is made once.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from model.scoring.arrow_files import PARQUET_ROWS

CSV_BLOCK = 4 << 20
"""Bytes of a CSV file read at once."""

DIFFERENT = 1260
"""Numbers in a column, as many as there are profiles with any attributes missing."""


def main() -> None:
    """Copy a file."""
    source, target, names = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
    if source.suffix == ".csv":
        options = pa.csv.ReadOptions(block_size=CSV_BLOCK)
        batches = pa.csv.open_csv(source, read_options=options)
        schema = batches.schema
    else:
        file = pa.parquet.ParquetFile(source)
        batches, schema = file.iter_batches(batch_size=PARQUET_ROWS), file.schema_arrow
    for name in names:
        schema = schema.append(pa.field(name, pa.float64()))
    generator = np.random.default_rng(1)
    numbers = [np.round(generator.random(DIFFERENT), 6) for _ in names]
    blocks = [pa.array(column[generator.integers(DIFFERENT, size=CSV_BLOCK)]) for column in numbers]
    open_writer = pa.csv.CSVWriter if source.suffix == ".csv" else pa.parquet.ParquetWriter
    with open_writer(target, schema) as writer:
        for batch in batches:
            columns = [*batch.columns, *(block.slice(0, len(batch)) for block in blocks)]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))


if __name__ == "__main__":
    main()
