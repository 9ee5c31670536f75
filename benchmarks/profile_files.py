"""Files of profiles as analysts have them: synonyms, blanks, units in place of eliteness, a column of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

ROWS_AT_ONCE = 1 << 20

WORDS = {
    "sect": ("Sunni", "sunni", "Alawite", "alawi", "Druze", "Christian", "Ismaili", "", ""),
    "rank": ("conscript", "NCO", "1st lt", "Captain", "Major", "lt col", "Colonel", "Brig. Gen.", "Maj Gen", "", ""),
    "unit": ("4th Division", "Republican Guard", "Air Force Intelligence", "", "", "", "", "", ""),
    "proximity": ("outside", "none", "trusted", "Core", "", ""),
}


def write_profiles(path: Path, *, rows: int, seed: int = 2011) -> None:
    """Write a Parquet or CSV file, by its name, of so many rows; the rows of a shorter one begin a longer one."""
    generator = np.random.default_rng(seed)
    schema = pa.schema([("id", pa.int64()), *((name, pa.string()) for name in WORDS)])
    is_csv = path.suffix == ".csv"
    with pa.csv.CSVWriter(path, schema) if is_csv else pa.parquet.ParquetWriter(path, schema) as writer:
        for start in range(0, rows, ROWS_AT_ONCE):
            count = min(ROWS_AT_ONCE, rows - start)
            words = [
                pa.array(choices).take(pa.array(generator.integers(len(choices), size=ROWS_AT_ONCE)[:count]))
                for choices in WORDS.values()
            ]
            writer.write(pa.table([pa.array(np.arange(start, start + count)), *words], schema=schema))
