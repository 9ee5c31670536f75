"""Files are written whole or not at all, and what killed runs left behind is removed by the next."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from model.files.errors import NotWritableError
from model.files.whole import check_writable, whole_file, whole_stream, write_csv

WRITES = """
import sys
from pathlib import Path
from model.files.whole import whole_file
with whole_file(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    print("written", flush=True)
    sys.stdin.read()
"""


def names(folder: Path) -> list[str]:
    """Return the names in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_at_the_end(tmp_path: Path) -> None:
    """Until the end the old content stands; after it the new, with the rights of any file that its user makes."""
    target = tmp_path / "a.csv"
    target.write_bytes(b"old")
    with whole_file(target) as file:
        file.write(b"new")
        assert target.read_bytes() == b"old"
    umask = os.umask(0)
    os.umask(umask)
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"new", 0o666 & ~umask)
    assert names(tmp_path) == ["a.csv"]


def test_an_error_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    """Whatever goes wrong while it is written, a file is as it was."""
    target = tmp_path / "a.csv"
    target.write_bytes(b"old")
    with pytest.raises(KeyError), whole_file(target) as file:
        file.write(b"new")
        raise KeyError
    assert (target.read_bytes(), names(tmp_path)) == (b"old", ["a.csv"])


def test_what_a_killed_run_left_is_swept_by_the_next(tmp_path: Path) -> None:
    """The next file written into the folder, of whatever name, takes the leftovers of the dead away, and only those."""
    command = [sys.executable, "-c", WRITES, str(tmp_path / "a.csv")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        (left,) = names(tmp_path)
        (tmp_path / f".other-{left}").write_bytes(b"not ours")
        write_csv(tmp_path / "b.csv", [["a"]])
        assert left in names(tmp_path)
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        write_csv(tmp_path / "b.csv", [["a", '"'], [1.5, "x\ny"]])
    assert names(tmp_path) == [f".other-{left}", "b.csv"]
    assert (tmp_path / "b.csv").read_bytes() == b'a,""""\n1.5,"x\ny"\n'


@pytest.mark.parametrize("name", ["folder", "pipe", "nowhere/a.csv", "file/a.csv", "x" * 300])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    """It is told before long work as it is told in the end, and nothing is left."""
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_bytes(b"")
    target = tmp_path / name
    for write in (check_writable, lambda path: write_csv(path, [])):
        with pytest.raises(NotWritableError, match=f"^{target}: (must be a plain file|cannot be written: )"):
            write(target)
    assert names(tmp_path) == ["file", "folder", "pipe"]


def test_looking_whether_a_file_can_be_written_changes_nothing(tmp_path: Path) -> None:
    """A file that stands there stays as it is, and none is made."""
    (tmp_path / "a.csv").write_bytes(b"old")
    check_writable(tmp_path / "a.csv")
    check_writable(tmp_path / "b.csv")
    assert ((tmp_path / "a.csv").read_bytes(), names(tmp_path)) == (b"old", ["a.csv"])


def test_a_stream_gets_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is copied before the end; that no temporary file can be made is told with what to do."""
    stream = io.BytesIO()
    with pytest.raises(KeyError), whole_stream(stream, name="a stream") as file:
        file.write(b"half")
        raise KeyError
    assert stream.getvalue() == b""
    with whole_stream(stream, name="a stream") as file:
        file.write(b"whole")
    assert stream.getvalue() == b"whole"
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    refused = pytest.raises(NotWritableError, match=r"the folder of temporary files: .*; set TMPDIR")
    with refused, whole_stream(stream, name="a stream"):
        pass
