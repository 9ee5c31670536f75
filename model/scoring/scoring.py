"""Scores a file: reads it in batches, and writes the whole of the answer or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from model.files.whole import whole_file, whole_stream
from model.risk.assessment import DEFAULT_INTERVALS
from model.risk.table import RiskTable
from model.scoring.arrow_files import score_csv, score_parquet
from model.scoring.bad_rows import BadRows
from model.scoring.errors import BadRowsError, FileFormatError, TargetError
from model.scoring.formats import Format, OpenFile, named_format, opened_source
from model.scoring.json_lines import score_json_lines
from model.scoring.profiles import Profiles
from priors.timeline import Window

Progress = Callable[[int, float], None]
"""Is told the rows done and the share of the file read, from 0 to 1."""

Writer = Callable[[Profiles, OpenFile, BinaryIO, BadRows], Iterator[tuple[int, float]]]

WRITERS: dict[Format, Writer] = {
    Format.CSV: score_csv,
    Format.PARQUET: score_parquet,
    Format.JSON_LINES: score_json_lines,
}


class Scored(NamedTuple):
    """How many rows of a file were scored, and how many could not be used."""

    rows: int
    bad: int


def score(
    table: RiskTable,
    source: Path,
    target: Path | BinaryIO,
    *,
    window: Window,
    intervals: Sequence[float] = DEFAULT_INTERVALS,
    safe_for_spreadsheets: bool = False,
    skip_bad: Path | None = None,
    progress: Progress | None = None,
) -> Scored:
    """Write a file's rows with the risk of each, and return how many there are.

    Parameters
    ----------
    source : Path
        `.csv`, `.parquet`, `.jsonl` or `.ndjson`, or `-` for standard input, with any of the
        study's attributes, and `unit`, as columns; an empty value is unknown, other columns are carried through.
    target : Path or binary stream
        Where the same format goes. Nothing is written there before every row is scored.
    window : Window
        The window of every risk, inside the study.
    intervals : sequence of float
        Probabilities of the equal-tailed intervals, two columns for each.
    safe_for_spreadsheets : bool
        Whether cells of CSV that a spreadsheet would work out as formulas get an apostrophe before them.
    skip_bad : Path, optional
        Where rows that cannot be used go, in the same format, with the line and the reason; the rest is scored.

    Raises
    ------
    BadRowsError
        If rows cannot be used, and nothing is said of where they are to go.
    ScoringError, FilesError
        If the file, a column or the target cannot be used.
    WindowError, IntervalError
        If the window or a probability is not an allowed one.
    """
    profiles = Profiles(table, window=window, intervals=intervals)
    with opened_source(source) as read:
        _check_targets(read, source, target, skip_bad)
        write = _writer(read, safe_for_spreadsheets=safe_for_spreadsheets)
        rows = 0
        with (
            whole_file(target) if isinstance(target, Path) else whole_stream(target, name="standard output") as file,
            nullcontext() if skip_bad is None else whole_file(skip_bad) as aside,
        ):
            bad = BadRows(aside)
            for rows, share in write(profiles, read, file, bad):
                if progress is not None:
                    progress(rows, share)
            if bad.count and skip_bad is None:
                raise BadRowsError(bad.first, bad.count)
    return Scored(rows, bad.count)


def _check_targets(read: OpenFile, source: Path, target: Path | BinaryIO, skip_bad: Path | None) -> None:
    for path in (target, skip_bad):
        if isinstance(path, Path) and named_format(path) is not read.format:
            raise TargetError(f"{path.name}: must be {read.format}, as {read.name} is")
    others = [path.resolve() for path in (source, target) if isinstance(path, Path)]
    if skip_bad is not None and skip_bad.resolve() in others:
        raise TargetError(f"{skip_bad}: must be another file than is scored or written")


def _writer(source: OpenFile, *, safe_for_spreadsheets: bool) -> Writer:
    if not safe_for_spreadsheets:
        return WRITERS[source.format]
    if source.format is not Format.CSV:
        rule = f"is {source.format}, in which no cell is a formula; only CSV can be made safe for spreadsheets"
        raise FileFormatError(f"{source.name}: {rule}")
    return partial(score_csv, safe_for_spreadsheets=True)
