"""The manifest of a version: what it holds, with a checksum for each file and one for itself."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from model.archive.errors import DamagedVersionError, NewerFormatError, OlderFormatError, UnsafeNameError

FORMAT: Final = 8
"""Raised whenever what a version holds changes so that another release cannot use it."""

MANIFEST: Final = "manifest.json"
OWN_FIELDS: Final = frozenset({"format", "version", "created", "files", "digest"})
VERSION_NAME: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}")
FILE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


def check_version_name(version: str) -> None:
    """Raise UnsafeNameError unless a name looks like that of a version."""
    if not VERSION_NAME.fullmatch(version):
        raise UnsafeNameError("version: must look like 20261121T093000Z-3f9a1c")


def check_file_name(name: str) -> None:
    """Raise UnsafeNameError unless a name is a plain one that stays in its folder."""
    if not FILE_NAME.fullmatch(name) or name == MANIFEST:
        raise UnsafeNameError(
            f"file: must be up to 128 ASCII letters, digits, dots, hyphens and underscores, begin with a letter "
            f"or digit, and not be {MANIFEST}; risk_table.npz is one"
        )


def file_record(path: Path) -> dict[str, Any]:
    """Return the sha256 and the length in bytes of a file, read in pieces."""
    with path.open("rb") as stream:
        checksum = hashlib.file_digest(stream, "sha256").hexdigest()
        return {"sha256": checksum, "bytes": stream.tell()}


def content_record(content: bytes) -> dict[str, Any]:
    """Return the sha256 and the length in bytes of what a file held."""
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def digest(manifest: Mapping[str, Any]) -> str:
    """Return the sha256 of a manifest's canonical JSON, without the digest and the version's name."""
    rest = {key: value for key, value in manifest.items() if key not in {"digest", "version"}}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()).hexdigest()


def sealed(fields: Mapping[str, Any], *, named: Mapping[str, str], files: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest complete with its format, version, time, files and digest.

    Parameters
    ----------
    fields : mapping
        What the publisher has to say; must be JSON-able.
    named : mapping of str to str
        The name of the version, and when it was created.
    files : mapping
        Each file's name and record.

    Raises
    ------
    ValueError
        If a field is one that the archive writes itself, or holds a number that JSON cannot.
    TypeError
        If a field is nothing that JSON can hold.
    """
    taken = sorted(OWN_FIELDS & fields.keys())
    if taken:
        raise ValueError(f"manifest: the archive itself writes {', '.join(taken)}")
    # Through JSON and back, so that what is digested now is what will be read later (tuples, numbers as keys).
    told = {**fields, **named, "format": FORMAT, "files": files}
    manifest: dict[str, Any] = json.loads(json.dumps(told, allow_nan=False))
    return manifest | {"digest": digest(manifest)}


def to_bytes(manifest: Mapping[str, Any]) -> bytes:
    """Return a manifest as the one text it may have on disk."""
    return (json.dumps(manifest, sort_keys=True, indent=2, allow_nan=False) + "\n").encode("ascii")


def opened(data: bytes, *, version: str) -> dict[str, Any]:
    """Return the manifest that a file holds, once it is known to be the one published.

    Parameters
    ----------
    data : bytes
        The content of `manifest.json`.
    version : str
        The version in whose folder it stands.

    Raises
    ------
    DamagedVersionError
        If a byte of it differs from what was published.
    NewerFormatError
        If its format is newer than this release knows.
    OlderFormatError
        If its format is one that this release no longer reads.
    UnsafeNameError
        If it lists a file whose name could lead elsewhere.
    """
    file = f"versions/{version}/{MANIFEST}"
    try:
        manifest = json.loads(data)
        unchanged = _known_format(manifest, file) and to_bytes(manifest) == data
        unchanged = unchanged and manifest.get("digest") == digest(manifest)
    except (ValueError, RecursionError) as error:
        raise DamagedVersionError(file, "is not JSON") from error
    if not unchanged:
        raise DamagedVersionError(file, "differs from what was published: its digest does not match")
    if manifest.get("version") != version:
        raise DamagedVersionError(file, "belongs to another version")
    _check_files(manifest.get("files"), file)
    return dict(manifest)


def _known_format(manifest: object, file: str) -> bool:
    number = manifest.get("format") if isinstance(manifest, dict) else None
    if isinstance(number, int) and number > FORMAT:
        raise NewerFormatError(
            f"{file}: format {number} is newer than this release reads, which is {FORMAT}; install a newer release"
        )
    if isinstance(number, int) and 0 < number < FORMAT:
        raise OlderFormatError(
            f"{file}: format {number} is older than this release reads, which is {FORMAT}; "
            "`defection-risk refit` makes a version that it reads"
        )
    return number == FORMAT


def _check_files(files: object, file: str) -> None:
    if not isinstance(files, dict):
        raise DamagedVersionError(file, "files: must be a mapping of names to records")
    for name, record in files.items():
        check_file_name(name)
        if not isinstance(record, dict) or record.keys() != {"sha256", "bytes"}:
            raise DamagedVersionError(file, f"files: {name}: must have sha256 and bytes")
