"""Many files are scored as each would be by itself, wherever that is done."""

from __future__ import annotations

import pickle
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from click.testing import CliRunner

from cli.main import commands
from model.archive import Archive
from model.parallel import backend_in_force
from model.scoring.bad_rows import BadRow
from model.scoring.errors import BadRowsError, ScoringError, TargetError
from model.scoring.many import read_table, score_each
from model.scoring.scoring import score
from priors.study import load_study
from tests.service.publishing import publish

WINDOW = load_study().vocabulary.timeline.window


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Return an archive with a small synthetic version."""
    archive = Archive(tmp_path / "home")
    publish(archive)
    return archive


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Return three files, two of them Parquet, of different lengths."""
    found = []
    for number, sect in enumerate(("sunni", "Alawi"), start=1):
        found.append(tmp_path / f"part-{number}.parquet")
        pyarrow.parquet.write_table(pa.table({"sect": [sect] * number, "rank": ["lt col"] * number}), found[-1])
    found.append(tmp_path / "more.csv")
    found[-1].write_text("sect,rank\ndruze,\n,major\nsunni,NCO\n", encoding="utf-8")
    return found


@pytest.mark.parametrize("backend", ["sequential", "loky", "dask"])
def test_each_file_is_scored_as_by_itself(archive: Archive, files: list[Path], tmp_path: Path, backend: str) -> None:
    """In this process, in two others, or on a cluster of two workers: the same bytes, and the rows of each."""
    version, folder = archive.require_current(), tmp_path / "scored"
    with backend_in_force(backend, workers=2):
        assert score_each(archive, version, files, folder, window=WINDOW) == [(1, 0), (2, 0), (3, 0)]
    table = read_table(archive, version)
    for file in files:
        alone = tmp_path / f"alone{file.suffix}"
        score(table, file, alone, window=WINDOW)
        assert (folder / file.name).read_bytes() == alone.read_bytes()


def test_what_is_wrong_in_files_is_told_from_other_processes(
    archive: Archive, files: list[Path], tmp_path: Path
) -> None:
    """Bad rows of every file are told by place, and no file is written that has some; those without are."""
    files[2].write_text("sect\nsunni\nmartian\n", encoding="utf-8")
    pyarrow.parquet.write_table(pa.table({"rank": ["majer"]}), files[1])
    with backend_in_force("loky", workers=2), pytest.raises(BadRowsError) as told:
        score_each(archive, archive.require_current(), files, tmp_path / "scored", window=WINDOW)
    assert [(row.file, row.place, row.column) for row in told.value.first] == [
        ("part-2.parquet", "row 1", "rank"),
        ("more.csv", "line 3", "sect"),
    ]
    assert [path.name for path in (tmp_path / "scored").iterdir()] == ["part-1.parquet"]


def test_errors_cross_processes_whole() -> None:
    """An error that is sent from a worker is the error that it raised."""
    error = BadRowsError([BadRow("a.csv", "line 3", "sect", "must be a word")], 4)
    found = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert (str(found), found.count) == (str(error), 4)


def test_bad_rows_of_many_files_go_into_a_folder(archive: Archive, files: list[Path], tmp_path: Path) -> None:
    """Each file's bad rows are under its own name, and the rest of each is scored."""
    files[2].write_text("sect\nsunni\nmartian\n", encoding="utf-8")
    version, scored, aside = archive.require_current(), tmp_path / "scored", tmp_path / "aside"
    with backend_in_force("sequential", workers=1):
        found = score_each(archive, version, files, scored, window=WINDOW, skip_bad=aside)
    assert found == [(1, 0), (2, 0), (1, 1)]
    assert (aside / "more.csv").read_text().splitlines()[1].startswith("martian,line 3,sect: ")
    assert pyarrow.parquet.read_table(aside / "part-1.parquet").num_rows == 0


def test_nothing_is_overwritten(archive: Archive, files: list[Path], tmp_path: Path) -> None:
    """Files of one name, and a folder that holds the files, are refused before any is scored."""
    version, folder = archive.require_current(), tmp_path / "scored"
    with pytest.raises(TargetError, match="two files"):
        score_each(archive, version, [files[0], files[0]], folder, window=WINDOW)
    with pytest.raises(TargetError, match="must not be"):
        score_each(archive, version, files, tmp_path, window=WINDOW)
    for aside in (tmp_path, folder):
        with pytest.raises(TargetError, match="must "):
            score_each(archive, version, files, folder, window=WINDOW, skip_bad=aside)
    with pytest.raises(ScoringError, match="must end in"):
        score_each(archive, version, [tmp_path / "a.txt"], folder, window=WINDOW)
    assert not folder.exists()


def test_the_command_takes_many(archive: Archive, files: list[Path], tmp_path: Path) -> None:
    """`score FILE FILE --into FOLDER` scores all; without a folder, or with -o, it says what it needs."""
    home, names = ["--home", str(archive.home), "score"], [str(file) for file in files]
    done = CliRunner().invoke(commands, [*home, *names, "--into", str(tmp_path / "s"), "--backend", "sequential"])
    assert done.exit_code == 0, done.output
    assert "6 rows scored" in done.stderr
    assert {path.name for path in (tmp_path / "s").iterdir()} == {file.name for file in files}
    for wrong in ([*names], [*names, "-o", "x.csv", "--into", str(tmp_path / "s")]):
        refused = CliRunner().invoke(commands, [*home, *wrong])
        assert refused.exit_code == 2
        assert "--into" in refused.output
