"""Results written whole or not at all: to a file, or to a stream such as standard output."""

from __future__ import annotations

import codecs
import csv
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from model.files.errors import NotWritableError, reason_of
from model.files.owned import owner_prefix, sweep

PREFIX: Final = ".defection-risk-"
SUFFIX: Final = ".partial"


@contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """Yield a file beside the target, which takes its place at the end, and is removed on any error.

    What runs that were killed left in the folder is removed first.

    Raises
    ------
    NotWritableError
        If something else than a plain file has the name, or the system refuses to write.
    """
    partial = target.with_name(f"{PREFIX}{owner_prefix()}{secrets.token_hex(4)}{SUFFIX}")
    try:
        with _refusals(str(target)):
            if target.exists() and not target.is_file():
                raise NotWritableError(str(target), "must be a plain file")
            sweep(target.parent, prefix=PREFIX, suffix=SUFFIX)
            with partial.open("xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            partial.replace(target)
    finally:
        with suppress(OSError):
            partial.unlink()


def check_writable(target: Path) -> None:
    """Raise what `whole_file` would; for a place that is written after long work."""
    with suppress(_NothingToWriteError), whole_file(target):
        raise _NothingToWriteError


def write_csv(target: Path, rows: Iterable[Iterable[object]]) -> None:
    """Write rows of CSV to a file, whole or not at all; errors are those of `whole_file`."""
    with whole_file(target) as file:
        csv.writer(codecs.getwriter("utf-8")(file), lineterminator="\n").writerows(rows)


class _NothingToWriteError(Exception):
    """What keeps a file that could be written from being written."""


@contextmanager
def whole_stream(target: BinaryIO, *, name: str) -> Iterator[BinaryIO]:
    """Yield a temporary file that is copied to a stream at the end.

    Raises
    ------
    NotWritableError
        If there is no room for the temporary file, or the stream cannot be written to.
    """
    with temporary_file() as file:
        yield file
        file.seek(0)
        with _refusals(name):
            shutil.copyfileobj(file, target)
            target.flush()


@contextmanager
def temporary_file() -> Iterator[BinaryIO]:
    """Yield a file without a name.

    Raises
    ------
    NotWritableError
        If the folder of temporary files has no room for it.
    """
    place, remedy = "the folder of temporary files", "; set TMPDIR to one with room"
    with _refusals(place, remedy=remedy), tempfile.TemporaryFile() as file:
        yield file


@contextmanager
def _refusals(place: str, *, remedy: str = "") -> Iterator[None]:
    """Turn what the system refuses into an error that says where, and what to do."""
    try:
        yield
    except BrokenPipeError:
        raise  # whoever reads has seen enough
    except OSError as error:
        raise NotWritableError(place, f"cannot be written: {reason_of(error)}{remedy}") from error
