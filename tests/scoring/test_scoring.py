"""Promises about scoring a file: the numbers of an assessment, every row and column kept, all or nothing."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

from model.files.errors import NotWritableError
from model.risk.assessment import assess
from model.risk.errors import IntervalError
from model.risk.table import RiskTable
from model.scoring.errors import TargetError
from model.scoring.scoring import score
from priors.errors import WindowError
from priors.timeline import Window
from tests.support.risk_tables import synthetic_table

RISK_COLUMNS = [
    "risk_mean",
    "risk_median",
    "risk_lower_50",
    "risk_upper_50",
    "risk_lower_90",
    "risk_upper_90",
    "relative_to_corps",
    "posterior_contraction",
    "author_shift",
]
ROWS: list[dict[str, str | None]] = [
    {"id": "007", "sect": "Alawi", "rank": "Brig. Gen.", "unit": "4th Armoured Division", "proximity": "trusted"},
    {"id": "a,b", "sect": "sunni", "rank": "colonel", "unit": None, "proximity": None},
    {"id": 'say "x"\nthen', "sect": None, "rank": " ", "unit": "Field Army", "proximity": "core"},
    {"id": None, "sect": "sunni", "rank": "Colonel", "unit": None, "proximity": None},
]
PROFILES = [
    {"sect": "alawite", "rank": "brigadier", "eliteness": "elite", "proximity": "trusted"},
    {"sect": "sunni", "rank": "colonel"},
    {"eliteness": "ordinary", "proximity": "core"},
    {"sect": "sunni", "rank": "colonel"},
]


@pytest.fixture(scope="module")
def table() -> RiskTable:
    """Return a table of random draws."""
    return synthetic_table()


@pytest.fixture(scope="module")
def study(table: RiskTable) -> Window:
    """Return the study window."""
    return table.vocabulary.timeline.window


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write rows in the format of a file's name."""
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    elif path.suffix == ".parquet":
        pa.parquet.write_table(pa.Table.from_pylist(rows), path)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def read(path: Path) -> list[dict[str, Any]]:
    """Read rows back, empty CSV values as None and risk columns as numbers."""
    if path.suffix == ".parquet":
        rows: list[dict[str, Any]] = pa.parquet.read_table(path).to_pylist()
        return rows
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".csv":
        return [json.loads(line) for line in text.splitlines()]
    found = csv.DictReader(io.StringIO(text, newline=""))
    return [{k: float(v) if v and k in RISK_COLUMNS else v or None for k, v in row.items()} for row in found]


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".jsonl", ".ndjson"])
@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside the authors' own fits"])
def test_every_row_has_the_numbers_of_its_assessment(
    study: Window, tmp_path: Path, suffix: str, *, beside: bool
) -> None:
    """In each format the columns given are kept; added are its numbers to the last digit, the days and who answered."""
    table = synthetic_table(beside=beside)
    source, target = write(tmp_path / f"in{suffix}", ROWS), tmp_path / f"out{suffix}"
    assert score(table, source, target, window=study) == (len(ROWS), 0)
    found = read(target)
    assert all((row["author_shift"] is None) is not beside for row in found)
    for given, profile, row in zip(ROWS, PROFILES, found, strict=True):
        said = {"window_from": "2011-03-15", "window_to": "2016-03-15", "prior_set": "pooled", "version": table.version}
        assert list(row) == [*given, *RISK_COLUMNS, *said]
        assert {name: row[name] for name in said} == said
        assert {name: row[name] for name in given} == given
        answer = assess(table, profile, window=study).as_dict()
        half, most = answer["risk"]["intervals"]
        assert [row[name] for name in RISK_COLUMNS] == [
            answer["risk"]["mean"],
            answer["risk"]["median"],
            half["lower"],
            half["upper"],
            most["lower"],
            most["upper"],
            answer["relative_to_corps"]["ratio"],
            answer["posterior_contraction"],
            answer["author_shift"],
        ]


def test_the_window_and_the_intervals_are_those_asked_for(table: RiskTable, tmp_path: Path) -> None:
    """Columns are named after the intervals asked for, and the risks are of the window asked for."""
    window = Window(date(2012, 1, 1), date(2012, 7, 1))
    target = tmp_path / "out.csv"
    score(table, write(tmp_path / "in.csv", ROWS), target, window=window, intervals=(0.8,))
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"), newline="")))
    found = assess(table, PROFILES[1], window=window, intervals=(0.8,)).standing.risk
    assert float(rows[1]["risk_lower_80"]) == found.intervals[0].lower
    assert "risk_lower_90" not in rows[1]


def test_wrong_windows_and_intervals_are_refused(table: RiskTable, study: Window, tmp_path: Path) -> None:
    """They are refused before the file is looked at."""
    missing = tmp_path / "missing.csv"
    with pytest.raises(WindowError):
        score(table, missing, missing, window=Window(date(2010, 1, 1), date(2012, 1, 1)))
    with pytest.raises(IntervalError):
        score(table, missing, missing, window=study, intervals=(1.5,))


def test_a_file_can_be_scored_in_place_or_to_a_stream(table: RiskTable, study: Window, tmp_path: Path) -> None:
    """A stream gets the bytes that a file gets, and the target may be the source."""
    source, stream = write(tmp_path / "in.csv", ROWS), io.BytesIO()
    score(table, source, stream, window=study)
    score(table, source, source, window=study)
    assert source.read_bytes() == stream.getvalue()
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_parquet_can_be_streamed(table: RiskTable, study: Window, tmp_path: Path) -> None:
    """A Parquet file written to a stream is whole."""
    stream = io.BytesIO()
    score(table, write(tmp_path / "in.parquet", ROWS), stream, window=study)
    assert pa.parquet.read_table(io.BytesIO(stream.getvalue())).num_rows == len(ROWS)


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".jsonl"])
def test_many_batches_are_scored_as_one(table: RiskTable, study: Window, tmp_path: Path, suffix: str) -> None:
    """Rows of every batch keep their order and their numbers, and progress is told up to the end."""
    rows = [{"id": f"{index:048d}", "rank": rank} for index in range(70_000) for rank in ("major", "captain")]
    source, target = write(tmp_path / f"in{suffix}", rows), tmp_path / f"out{suffix}"
    reports: list[tuple[int, float]] = []
    assert score(table, source, target, window=study, progress=lambda *report: reports.append(report)) == (len(rows), 0)
    found = read(target)
    assert [row["id"] for row in found] == [row["id"] for row in rows]
    assert {(row["rank"], row["risk_mean"]) for row in found} == {
        (rank, assess(table, {"rank": rank}, window=study).standing.risk.mean) for rank in ("major", "captain")
    }
    assert len(reports) > 1
    assert reports == sorted(reports)
    assert reports[-1] == (len(rows), 1.0)


def test_what_json_carries_is_not_read_anew(table: RiskTable, study: Window, tmp_path: Path) -> None:
    """Numbers, nesting, spacing and order of a JSON line stay as they were written."""
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    line = '{ "n": 1.50, "big": 123456789012345678901234567890, "rank":"major", "deep": {"d": ["2012-01-01"]} }'
    source.write_text(f"\ufeff{line}\n\n{line}", encoding="utf-8")
    assert score(table, source, target, window=study) == (2, 0)
    first, second = target.read_text(encoding="utf-8").splitlines()
    assert first == second
    assert first.startswith(line.removesuffix(" }") + ', "risk_mean": ')


def test_columns_are_matched_as_words_are(table: RiskTable, study: Window, tmp_path: Path) -> None:
    """A column called Rank is the rank, and text of a dictionary type is text."""
    column = pa.array(["major", None, "major"]).dictionary_encode()
    pa.parquet.write_table(pa.table({"Rank": column, "sect": pa.nulls(3)}), tmp_path / "in.parquet")
    score(table, tmp_path / "in.parquet", tmp_path / "out.parquet", window=study)
    found = [row["risk_mean"] for row in read(tmp_path / "out.parquet")]
    major, corps = (assess(table, profile, window=study).standing.risk.mean for profile in ({"rank": "major"}, {}))
    assert found == [major, corps, major]


@pytest.mark.parametrize(
    ("text", "rows"), [("sect,rank\n", 0), ("rank\nmajor\n\nmajor\n", 3), ("rank\r\nmajor\r\n", 1)]
)
def test_blank_values_of_a_lone_column_are_rows(
    table: RiskTable, study: Window, tmp_path: Path, text: str, rows: int
) -> None:
    """A header alone has no rows, and a blank line of a one-column file is a row of which nothing is known."""
    source = tmp_path / "in.csv"
    source.write_text(text, encoding="utf-8", newline="")
    assert score(table, source, tmp_path / "out.csv", window=study) == (rows, 0)
    assert len(read(tmp_path / "out.csv")) == rows


def test_text_is_quoted_only_where_it_must_be(table: RiskTable, study: Window, tmp_path: Path) -> None:
    """A plain CSV file comes back plain."""
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("id,rank\n007,major\n", encoding="utf-8")
    score(table, source, target, window=study)
    assert '"' not in target.read_text(encoding="utf-8")


def test_the_target_must_be_of_the_same_format(table: RiskTable, study: Window, tmp_path: Path) -> None:
    """Scoring adds columns; it does not convert."""
    with pytest.raises(TargetError, match=r"out.parquet: must be CSV, as in.csv is"):
        score(table, write(tmp_path / "in.csv", ROWS), tmp_path / "out.parquet", window=study)


def test_a_target_that_cannot_be_written_is_named(table: RiskTable, study: Window, tmp_path: Path) -> None:
    """A folder in its place, or a folder that is not there, is an error with its path."""
    source = write(tmp_path / "in.csv", ROWS)
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(NotWritableError, match=r"folder.csv: must be a plain file"):
        score(table, source, tmp_path / "folder.csv", window=study)
    with pytest.raises(NotWritableError, match=r"nowhere.*cannot be written: no such file"):
        score(table, source, tmp_path / "nowhere" / "out.csv", window=study)


def test_an_interruption_leaves_the_old_file_and_no_other(table: RiskTable, study: Window, tmp_path: Path) -> None:
    """Ctrl-C in the middle of scoring leaves nothing half-written."""
    source, target = write(tmp_path / "in.csv", ROWS), tmp_path / "out.csv"
    target.write_text("before", encoding="utf-8")

    def interrupt(_rows: int, _share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score(table, source, target, window=study, progress=interrupt)
    assert target.read_text(encoding="utf-8") == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".jsonl"])
def test_bad_rows_are_set_aside_with_the_reason(table: RiskTable, study: Window, tmp_path: Path, suffix: str) -> None:
    """The good rows are scored as if they were alone; those set aside can be mended there, and scored."""
    bad: list[dict[str, str | None]] = [
        dict.fromkeys(ROWS[0]) | {"id": "b-1", "rank": "majer"},
        dict.fromkeys(ROWS[0]) | {"id": "b-2", "unit": "5th Divison"},
    ]
    source = write(tmp_path / f"in{suffix}", [ROWS[0], bad[0], *ROWS[1:], bad[1]])
    target, aside = tmp_path / f"out{suffix}", tmp_path / f"aside{suffix}"
    assert score(table, source, target, window=study, skip_bad=aside) == (4, 2)
    score(table, write(tmp_path / f"good{suffix}", ROWS), tmp_path / f"expected{suffix}", window=study)
    assert read(target) == read(tmp_path / f"expected{suffix}")
    found = read(aside)
    assert [row["id"] for row in found] == ["b-1", "b-2"]
    assert all(row["bad_at"].startswith(("line ", "row ")) for row in found)
    assert [row["bad_reason"].partition(":")[0] for row in found] == ["rank", "unit"]
    again = write(tmp_path / f"again{suffix}", [found[0] | {"rank": "major"}, found[1]])
    assert score(table, again, target, window=study, skip_bad=aside) == (1, 1)
    assert list(read(aside)[0]) == list(found[0])


def test_rows_are_set_aside_even_where_none_can_be_scored(table: RiskTable, study: Window, tmp_path: Path) -> None:
    """A file of bad rows alone gives a file without rows, and one with all of them, beyond the twentieth too."""
    source = write(tmp_path / "in.csv", [{"rank": f"majer {number}"} for number in range(50)])
    assert score(table, source, tmp_path / "out.csv", window=study, skip_bad=tmp_path / "aside.csv") == (0, 50)
    assert (read(tmp_path / "out.csv"), len(read(tmp_path / "aside.csv"))) == ([], 50)


def test_lines_that_are_no_objects_are_set_aside_as_text(table: RiskTable, study: Window, tmp_path: Path) -> None:
    """What is no JSON is kept as a text, beside where it was and why."""
    source, aside = tmp_path / "in.jsonl", tmp_path / "aside.jsonl"
    source.write_bytes(b'{"rank": "major"}\n["major"]\n{"rank": "\xff"}\n')
    assert score(table, source, tmp_path / "out.jsonl", window=study, skip_bad=aside) == (1, 2)
    assert [row["text"] for row in read(aside)] == ['["major"]', '{"rank": "\ufffd"}']


def test_bad_rows_go_to_a_file_of_their_own(table: RiskTable, study: Window, tmp_path: Path) -> None:
    """They take the place neither of what is scored nor of what is written, nor another format."""
    source = write(tmp_path / "in.csv", ROWS)
    for name, rule in (("in.csv", "another file"), ("out.csv", "another file"), ("a.jsonl", "must be CSV")):
        with pytest.raises(TargetError, match=rule):
            score(table, source, tmp_path / "out.csv", window=study, skip_bad=tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]
