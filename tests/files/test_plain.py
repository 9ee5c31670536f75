"""Only plain files and standard input are opened; nothing is waited for."""

from __future__ import annotations

import io
import os
import socket
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from model.files.errors import NotReadableError
from model.files.plain import STANDARD_INPUT, name_of, opened


def bound(path: Path) -> None:
    """Make a socket of a name."""
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


MADE: dict[str, tuple[Callable[[Path], object], str]] = {
    "pipe": (os.mkfifo, "is a pipe"),
    "folder": (Path.mkdir, "is a folder"),
    "socket": (bound, "is a socket"),
    "device": (lambda path: path.symlink_to("/dev/zero"), "is a device"),
    "nothing": (lambda _: None, "cannot be read: no such file or directory"),
    "a link to itself": (lambda path: path.symlink_to(path), "cannot be read: too many levels of symbolic links"),
}


@pytest.mark.parametrize(("make", "rule"), MADE.values(), ids=MADE)
def test_what_is_no_plain_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], object], rule: str
) -> None:
    """A pipe that nobody writes into, a device without end and the like are named for what they are."""
    monkeypatch.chdir(tmp_path)  # names of sockets must be short
    path = Path("a.csv")
    make(path)
    with pytest.raises(NotReadableError, match=f"^a.csv: {rule}"), opened(path):
        pass


def test_a_link_to_a_plain_file_is_one(tmp_path: Path) -> None:
    """A link is followed."""
    (tmp_path / "a.csv").write_bytes(b"a\n")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    with opened(tmp_path / "b.csv") as file:
        assert file.read() == b"a\n"


def test_standard_input_is_read_like_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes from standard input can be read from any place, as formats need it that begin at their end."""
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"abc")))
    with opened(STANDARD_INPUT) as file:
        file.seek(2)
        assert file.read() == b"c"
    assert name_of(STANDARD_INPUT) == "standard input"


def test_standard_input_that_is_closed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that was started without standard input says so."""
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(NotReadableError, match="standard input: is closed"), opened(STANDARD_INPUT):
        pass
