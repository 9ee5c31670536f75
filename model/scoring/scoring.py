"""Scores a file: reads it in batches, and writes the whole of the answer or nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from model.risk.assessment import DEFAULT_INTERVALS
from model.risk.table import RiskTable
from model.scoring.arrow_files import score_csv, score_parquet
from model.scoring.errors import TargetError
from model.scoring.formats import Format, checked_format, named_format
from model.scoring.json_lines import score_json_lines
from model.scoring.profiles import Profiles
from priors.study import Window

Progress = Callable[[int, float], None]
"""Is told the rows done and the share of the file read, from 0 to 1."""

WRITERS: dict[Format, Callable[[Profiles, Path, BinaryIO], Iterator[tuple[int, float]]]] = {
    Format.CSV: score_csv,
    Format.PARQUET: score_parquet,
    Format.JSON_LINES: score_json_lines,
}


def score(
    table: RiskTable,
    source: Path,
    target: Path | BinaryIO,
    *,
    window: Window,
    intervals: Sequence[float] = DEFAULT_INTERVALS,
    progress: Progress | None = None,
) -> int:
    """Write a file's rows with the risk of each, and return how many there are.

    Parameters
    ----------
    source : Path
        `.csv`, `.parquet`, `.jsonl` or `.ndjson`, with any of the columns sect, rank, eliteness, proximity and unit;
        an empty value is unknown, other columns are carried through.
    target : Path or binary stream
        Where the same format goes. Nothing is written there before every row is scored.
    window : Window
        The window of every risk, inside the study.
    intervals : sequence of float
        Probabilities of the equal-tailed intervals, two columns for each.

    Raises
    ------
    ScoringError
        If the file, a column, a row or the target cannot be used.
    WindowError, IntervalError
        If the window or a probability is not an allowed one.
    """
    profiles = Profiles(table, window=window, intervals=intervals)
    form = checked_format(source)
    if isinstance(target, Path) and named_format(target) is not form:
        raise TargetError(f"{target.name}: must be {form}, as {source.name} is")
    rows = 0
    with _whole_file(target) if isinstance(target, Path) else _whole_stream(target) as file:
        for rows, share in WRITERS[form](profiles, source, file):
            if progress is not None:
                progress(rows, share)
    return rows


@contextmanager
def _whole_file(target: Path) -> Iterator[BinaryIO]:
    """Yield a file beside the target, which takes its place at the end, and is removed on any error."""
    if target.exists() and not target.is_file():
        raise TargetError(f"{target}: must be a file")
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    except OSError as error:
        raise TargetError(f"{target}: cannot be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _whole_stream(target: BinaryIO) -> Iterator[BinaryIO]:
    """Yield a temporary file that is copied to the stream at the end."""
    with tempfile.TemporaryFile() as file:
        yield file
        file.seek(0)
        shutil.copyfileobj(file, target)
    target.flush()
