"""Plain files, and standard input in place of one: whatever could be waited for without end is refused at once."""

from __future__ import annotations

import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from model.files.errors import NotReadableError, reason_of
from model.files.whole import temporary_file

STANDARD_INPUT: Final = Path("-")

KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def name_of(path: Path) -> str:
    """Return what to call a file in errors."""
    return "standard input" if path == STANDARD_INPUT else str(path)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a plain file to be read; for `-`, a copy of all that comes from standard input.

    Raises
    ------
    NotReadableError
        If it is not there, is a pipe, a device or a folder, or the system refuses it.
    NotWritableError
        If there is no room for what comes from standard input.
    """
    with _copied() if path == STANDARD_INPUT else _plain(path) as file:
        yield file


def _plain(path: Path) -> BinaryIO:
    try:
        # Asked before it is opened: opening a pipe waits for somebody to write into it.
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            return path.open("rb")
    except OSError as error:
        raise NotReadableError(str(path), f"cannot be read: {reason_of(error)}") from error
    kind = next((kind for test, kind in KINDS if test(mode)), "something else")
    raise NotReadableError(str(path), f"is {kind}; give a plain file, or - for standard input")


@contextmanager
def _copied() -> Iterator[BinaryIO]:
    if sys.stdin is None:
        raise NotReadableError(name_of(STANDARD_INPUT), "is closed")
    with temporary_file() as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
        copy.seek(0)
        yield copy
