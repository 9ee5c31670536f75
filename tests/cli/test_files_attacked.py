"""Files that were attacked: each is refused by every command that reads one, at once, by line, and nothing is lost."""

from __future__ import annotations

import csv
import io
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner, Result

from cli.main import commands
from model.archive import Archive
from tests.cli.conftest import Run
from tests.evidence.conftest import OFFICER, ROW
from tests.service.publishing import publish
from tests.support.serving import COMMAND

FORCE = {"sect": "sunni", "rank": "captain", "count": "20"}
PROFILE = {"sect": "sunni", "rank": "captain", "note": "a"}

READERS: dict[str, tuple[list[str], list[dict[str, str]]]] = {
    "score": (["score"], [PROFILE] * 4),
    "evidence": (["evidence", "check"], [ROW | {"id": f"A{number}"} for number in range(4)]),
    "officers": (["evidence", "check", "--officers"], [OFFICER] * 4),
    "forces": (["outlook"], [FORCE] * 4),
}
Lines = list[bytes]


def spoilt(lines: Lines, number: int, change: Callable[[bytes], bytes]) -> Lines:
    """Return lines of which one, counted from 1, is changed."""
    return [change(line) if place == number else line for place, line in enumerate(lines, start=1)]


ATTACKS: dict[str, tuple[Callable[[Lines], Lines], str]] = {
    "a quote that never closes": (
        lambda lines: spoilt(lines, 2, lambda line: b'"' + line),
        "line 2: a quote is opened here and not closed",
    ),
    "a quote that never closes in a last cell": (
        lambda lines: spoilt(lines, 2, lambda line: line.rpartition(b",")[0] + b',"\n'),
        "line 2: a quote is opened here and not closed",
    ),
    "a row with too few cells": (
        lambda lines: spoilt(lines, 3, lambda line: line.rpartition(b",")[0] + b"\n"),
        "line 3: must have ",
    ),
    "a row with too many cells": (
        lambda lines: spoilt(lines, 4, lambda line: b"x," + line),
        "line 4: must have ",
    ),
    "a NUL byte": (lambda lines: spoilt(lines, 3, lambda line: b"\0" + line), "line 3: holds a NUL byte"),
    "a second header": (lambda lines: [*lines, *lines], "line 6: repeats the header"),
    "mixed line ends": (
        lambda lines: spoilt(lines, 4, lambda line: line.replace(b"\n", b"\r\n")),
        "line 4: must end in LF, as the header does",
    ),
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an archive with a small version."""
    folder = tmp_path_factory.mktemp("small")
    publish(Archive(folder))
    return folder


def written(rows: list[dict[str, str]]) -> Lines:
    """Return rows as lines of CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode().splitlines(keepends=True)


@pytest.mark.parametrize(("attack", "told"), ATTACKS.values(), ids=ATTACKS)
@pytest.mark.parametrize(("command", "rows"), READERS.values(), ids=READERS)
def test_every_reader_refuses_by_line(
    run: Run, small: Path, tmp_path: Path, *, command: list[str], rows: list[dict[str, str]],
    attack: Callable[[Lines], Lines], told: str,
) -> None:  # fmt: skip
    """What is wrong with the form of a file is told by all four readers alike, before any row of it is used."""
    source = tmp_path / "a.csv"
    source.write_bytes(b"".join(written(rows)))
    assert run(*command, source, home=small).exit_code == 0
    source.write_bytes(b"".join(attack(written(rows))))
    result = run(*command, source, home=small)
    assert (result.exit_code, result.stdout) == (3, "")
    assert f"a.csv: {told}" in result.stderr


@pytest.mark.parametrize(("command", "rows"), READERS.values(), ids=READERS)
@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_every_reader_refuses_what_is_no_plain_file(
    run: Run, small: Path, tmp_path: Path, *, command: list[str], rows: list[dict[str, str]], kind: str
) -> None:
    """Nothing is waited for: a pipe, a device and a folder are refused in words; standard input is read as `-`."""
    source = tmp_path / "a.csv"
    {"pipe": os.mkfifo, "folder": Path.mkdir, "device": lambda path: path.symlink_to("/dev/zero")}[kind](source)
    result = run(*command, source, home=small)
    assert result.exit_code in {2, 3}
    assert "is a directory" in result.stderr or f"is a {kind}; give a plain file, or - for" in result.stderr
    piped = CliRunner().invoke(commands, ["--home", str(small), *command, "-"], input=b"".join(written(rows)))
    assert piped.exit_code == 0, piped.stderr


def test_a_stray_quote_does_not_swallow_a_thousand_rows(run: Run, small: Path, tmp_path: Path) -> None:
    """Of 999 rows with a stray quote in the first none is scored, where one was, and the line of the quote is named."""
    source = tmp_path / "a.csv"
    source.write_text('sect,note\nsunni,"x\n' + "sunni,x\n" * 998)
    result = run("score", source, home=small)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == "error: a.csv: line 2: a quote is opened here and not closed\n"


def test_parquet_and_json_lines_come_through_standard_input(small: Path) -> None:
    """What `-` holds is told by how it begins."""
    rows = b'{"sect": "sunni"}\n{"sect": "druze"}\n'
    scored = CliRunner().invoke(commands, ["--home", str(small), "score", "-"], input=rows)
    assert [line.partition(", ")[0] for line in scored.stdout.splitlines()] == ['{"sect": "sunni"', '{"sect": "druze"']
    refused = CliRunner().invoke(commands, ["--home", str(small), "score", "-"], input=b"PAR1 and no more")
    assert (refused.exit_code, "standard input: cannot be read to its end" in refused.stderr) == (3, True)


def scored(small: Path, source: Path, *options: str) -> Result:
    """Return the outcome of scoring a file."""
    return CliRunner().invoke(commands, ["--home", str(small), "score", str(source), *options])


def test_formulas_are_made_plain_text_where_it_is_asked_for(small: Path, tmp_path: Path) -> None:
    """With the option cells and column names that a spreadsheet would work out get an apostrophe; the rest stays."""
    source = tmp_path / "a.csv"
    source.write_text('=id,sect,change\n=1+1,sunni,-5\n"@x, y",druze,+1\n\'z,,-x\n')
    plain = [row[:3] for row in csv.reader(io.StringIO(scored(small, source).stdout))]
    safe = [row[:3] for row in csv.reader(io.StringIO(scored(small, source, "--safe-for-spreadsheets").stdout))]
    assert plain == list(csv.reader(io.StringIO(source.read_text())))
    assert safe == [["'=id", "sect", "change"], ["'=1+1", "sunni", "-5"], ["'@x, y", "druze", "+1"], ["'z", "", "'-x"]]
    into = tmp_path / "scored"
    done = scored(small, source, "--safe-for-spreadsheets", "--into", str(into), "--backend", "sequential")
    assert done.exit_code == 0, done.stderr
    assert (into / "a.csv").read_text() == scored(small, source, "--safe-for-spreadsheets").stdout


def test_only_csv_is_made_safe_for_spreadsheets(small: Path, tmp_path: Path) -> None:
    """For a format in which no cell is a formula the option is refused, not passed over."""
    (tmp_path / "a.jsonl").write_text('{"sect": "sunni"}\n')
    result = scored(small, tmp_path / "a.jsonl", "--safe-for-spreadsheets")
    assert (result.exit_code, "a.jsonl: is JSON lines, in which no cell is a formula" in result.stderr) == (3, True)


@pytest.mark.parametrize(
    ("count", "told"),
    [
        ("1000001", "must be from 1 to 1,000,000; nearest: 1000000"),
        ("0", "must be from 1 to 1,000,000; nearest: 1"),
        ("9" * 5000, "must be from 1 to 1,000,000; nearest: 1000000"),
        ("1e6", "must be a whole number; nearest: 1"),
    ],
)
def test_heads_beyond_any_army_are_refused(run: Run, small: Path, tmp_path: Path, count: str, told: str) -> None:
    """A head count is told by row, with the nearest that would do."""
    source = tmp_path / "a.csv"
    source.write_text(f"sect,count\nsunni,5\nsunni,{count}\n")
    result = run("outlook", source, home=small)
    assert (result.exit_code, f"a.csv: row 2: count: {told}" in result.stderr) == (3, True)


@pytest.mark.parametrize(
    ("text", "told"),
    [("sect,count,count\nsunni,1,2\n", "each once"), ('{"force": [{"count": 1}]}' + " " * 2**20, "must have at most")],
)
def test_a_force_says_each_thing_once_and_in_short(run: Run, small: Path, tmp_path: Path, text: str, told: str) -> None:
    """Of two columns of one name neither is taken, and a file without end is not taken into memory."""
    (tmp_path / "a.csv").write_text(text)
    result = run("outlook", tmp_path / "a.csv", home=small)
    assert (result.exit_code, told in result.stderr) == (3, True)


@pytest.mark.parametrize(("command", "option"), [("refit", "--draws"), ("refit", "--tune"), ("sweep", "--draws")])
def test_fewer_draws_than_checks_need_are_refused_before_the_fit(run: Run, command: str, option: str) -> None:
    """The least that is allowed is named; that it is enough is held where a fit is made of so many."""
    result = run(command, option, 49)
    assert (result.exit_code, "49 is not in the range 50<=x" in result.stderr) == (2, True)


def command_line(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    command = [sys.executable, "-c", COMMAND, *map(str, arguments)]
    return subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False, timeout=120, **options)


def test_a_full_disk_below_standard_output_is_told_in_one_line(small: Path, tmp_path: Path) -> None:
    """`> /dev/full` ends with a line and code 1, whether data are bytes or a table: no traceback, no silence."""
    (tmp_path / "a.csv").write_text("sect\nsunni\n")
    with Path("/dev/full").open("wb") as full:
        of_bytes = command_line("--home", small, "score", tmp_path / "a.csv", stdout=full)
        of_words = command_line("--home", small, "models", "verify", stdout=full)
    assert (of_bytes.returncode, of_words.returncode) == (1, 1)
    assert of_bytes.stderr == "error: standard output: cannot be written: no space left on device\n"
    assert of_words.stderr == "error: standard output or a temporary file: no space left on device\n"


def test_a_full_folder_of_temporary_files_is_told_in_one_line(small: Path, tmp_path: Path) -> None:
    """Where there is no room to keep the rows until all are scored, the error says where, and what to do."""
    (tmp_path / "a.csv").write_text("sect\n" + "sunni\n" * 1000)
    result = command_line(
        "--home", small, "score", tmp_path / "a.csv",
        stdout=subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000)),
    )  # fmt: skip
    assert (result.returncode, result.stdout) == (1, "")
    expected = "error: the folder of temporary files: cannot be written: file too large; set TMPDIR to one with room\n"
    assert result.stderr == expected


def test_draws_without_room_on_the_disk_are_an_error_like_any_other(tmp_path: Path) -> None:
    """A disk that fills while posterior draws are written ends in an error, where HDF5 would end the process."""
    from model.refitting.publishing import write_tree  # noqa: PLC0415 - heavy

    draws = np.random.default_rng(1).normal(size=50_000)
    tree = xr.DataTree.from_dict({"/posterior": xr.Dataset({"risk": ("draw", draws)})})
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_tree(tree, tmp_path / "posterior.nc")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_table_that_cannot_be_written_is_refused_before_the_refits(run: Run, tmp_path: Path) -> None:
    """`sweep` and `calibrate` look at the place of their table first, not after an hour."""
    for command, option in (("sweep", "--csv"), ("calibrate", "--ranks")):
        result = run(command, option, tmp_path / "nowhere" / "a.csv")
        assert (result.exit_code, "nowhere/a.csv: cannot be written" in result.stderr) == (1, True)
