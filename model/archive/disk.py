"""Writing so that it lasts, and saying plainly when the disk will not take or give a file."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from model.archive.errors import ArchiveUnreadableError, ArchiveUnwritableError, DamagedVersionError

REMEDIES: Final = {
    errno.ENOSPC: "the disk is full; free some space",
    errno.EDQUOT: "the disk quota is used up; free some space",
    errno.EACCES: "permission denied; give this user write access",
    errno.EPERM: "permission denied; give this user write access",
    errno.EROFS: "the file system is read-only; mount it writable",
    errno.ENOTDIR: "a file stands where a folder is needed; move it away",
    errno.EEXIST: "a file stands where a folder is needed; move it away",
}


@contextmanager
def writing(home: Path) -> Iterator[None]:
    """Turn a refusal of the disk below, or on the way to, a folder into an error that says what to do.

    Parameters
    ----------
    home : Path
        The folder being written; errors about unrelated paths pass unchanged.

    Raises
    ------
    ArchiveUnwritableError
        If the disk is full or read-only, or permission is missing.
    """
    try:
        yield
    except OSError as error:
        path = _refused(error, home)
        if path is None or error.errno not in REMEDIES:
            raise
        raise ArchiveUnwritableError(path, REMEDIES[error.errno]) from error


def _refused(error: OSError, home: Path) -> Path | None:
    if not isinstance(error.filename, str):
        # A full disk fails in write(), which knows no path; whatever else lacks one need not be about files.
        return home if error.errno in {errno.ENOSPC, errno.EDQUOT} else None
    path = Path(error.filename)
    return path if path.is_relative_to(home) or home.is_relative_to(path) else None


@contextmanager
def reading(path: Path, *, label: str) -> Iterator[None]:
    """Turn a failure to read a published file into an error of the archive.

    Parameters
    ----------
    path : Path
        The file being read.
    label : str
        The same file as a path below the home of the archive.

    Raises
    ------
    DamagedVersionError
        If the file is missing or is no file.
    ArchiveUnreadableError
        If the system refuses to read it.
    """
    try:
        if path.exists() and not path.is_file():
            raise DamagedVersionError(label, "is not a plain file")
        yield
    except FileNotFoundError as error:
        raise DamagedVersionError(label, "is missing") from error
    except OSError as error:
        raise ArchiveUnreadableError(path, error) from error


def settle(path: Path) -> None:
    """Return only when the disk holds a file's content, or a folder's list of names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(target: Path, content: bytes, *, aside: Path, prefix: str) -> None:
    """Replace a small file so that a reader sees the old content or the new, never a part.

    Parameters
    ----------
    target : Path
        The file to replace.
    content : bytes
        All it shall hold.
    aside : Path
        A folder on the same disk, where the new content is first written.
    prefix : str
        The start of the name it has there.
    """
    descriptor, name = tempfile.mkstemp(prefix=prefix, dir=aside)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fchmod(descriptor, 0o644)  # mkstemp hides the file from the user the service runs as
            os.fsync(descriptor)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    settle(target.parent)
