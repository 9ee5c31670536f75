"""The three formats of files: which a file is by its name, and whether it is what its name says."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

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


def checked_format(path: Path) -> Format:
    """Return the format of a file that is there and begins as its name says.

    Raises
    ------
    FileFormatError
        If it cannot be opened, is empty, or begins as another format does.
    """
    named = named_format(path)
    try:
        with path.open("rb") as file:
            start = file.read(BYTES_LOOKED_AT).removeprefix(b"\xef\xbb\xbf").lstrip()
    except OSError as error:
        raise FileFormatError(f"{path}: cannot be read: {error.strerror}") from error
    if not start:
        raise FileFormatError(f"{path.name}: is empty")
    found = _apparent_format(start)
    if found is None or found is not named:
        raise FileFormatError(f"{path.name}: is not {named}, as its name says, but {found or 'something else'}")
    return named


def _apparent_format(start: bytes) -> Format | None:
    if start.startswith(PARQUET_MARK):
        return Format.PARQUET
    if b"\x00" in start or start.startswith(b"\x1f\x8b"):
        return None
    return Format.JSON_LINES if start.startswith(b"{") else Format.CSV
