"""The three formats of files: which a file is by its name, and whether it is what its name says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from model.files.plain import STANDARD_INPUT, name_of, opened
from model.scoring.errors import FileFormatError

PARQUET_MARK = b"PAR1"
BYTES_LOOKED_AT = 4096


class Format(StrEnum):
    """A format of rows."""

    CSV = "CSV"
    PARQUET = "Parquet"
    JSON_LINES = "JSON lines"


SUFFIXES = {
    ".csv": Format.CSV,
    ".parquet": Format.PARQUET,
    ".jsonl": Format.JSON_LINES,
    ".ndjson": Format.JSON_LINES,
}


def named_format(path: Path) -> Format:
    """Return the format that a file's name says it has.

    Raises
    ------
    FileFormatError
        If its suffix is not known.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise FileFormatError(f"{path.name}: the name must end in one of {', '.join(SUFFIXES)}")
    return SUFFIXES[path.suffix.lower()]


@dataclass(frozen=True)
class OpenFile:
    """A file that is open, what to call it in errors, and what it is."""

    name: str
    stream: BinaryIO
    format: Format

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return max(os.fstat(self.stream.fileno()).st_size, 1)


@contextmanager
def opened_source(path: Path) -> Iterator[OpenFile]:
    """Open a file that begins as its name says; what comes from standard input is what it begins as.

    Raises
    ------
    FilesError
        If it is no plain file, or cannot be opened.
    FileFormatError
        If it is empty, or begins as another format does.
    """
    piped = path == STANDARD_INPUT
    with opened(path) as stream:
        name, named = (name_of(path), None) if piped else (path.name, named_format(path))
        start = stream.read(BYTES_LOOKED_AT).removeprefix(b"\xef\xbb\xbf").lstrip()
        stream.seek(0)
        if not start:
            raise FileFormatError(f"{name}: is empty")
        found = _apparent_format(start)
        # What is no text at all is told by line, as CSV.
        if named not in (None, found) and (named, found) != (Format.CSV, None):
            raise FileFormatError(f"{name}: is not {named}, as its name says, but {found or 'something else'}")
        yield OpenFile(name, stream, named or found or Format.CSV)


def _apparent_format(start: bytes) -> Format | None:
    if start.startswith(PARQUET_MARK):
        return Format.PARQUET
    if start.startswith(b"{"):
        return Format.JSON_LINES
    return None if b"\x00" in start else Format.CSV
