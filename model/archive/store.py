"""The archive: versions published whole, checked before they are read, one of them current."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from model.archive.disk import reading, replace, settle, writing
from model.archive.draft import Draft
from model.archive.errors import (
    ArchiveUnreadableError,
    DamagedVersionError,
    NoCurrentVersionError,
    UnknownVersionError,
    UnsafeNameError,
)
from model.archive.manifest import (
    MANIFEST,
    VERSION_NAME,
    check_file_name,
    check_version_name,
    content_record,
    file_record,
    opened,
)
from model.files.owned import owner_prefix, sweep

LARGEST: Final = 1 << 30
"""Bytes of a file that is read whole: more than a risk table may have."""


def utc_now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Archive:
    """The versions below one folder.

        home/versions/<version>/{manifest.json, risk_table.npz, ...}
        home/current      the name of the version being served
        home/drafts       versions in the making

    Nothing is created before the first draft, so that a reader needs no right to write.

    Attributes
    ----------
    home : Path
        The folder that holds it all.
    clock : callable
        Returns the time, with its zone; names new versions.
    """

    home: Path
    clock: Callable[[], datetime] = utc_now

    @contextmanager
    def draft(self) -> Iterator[Draft]:
        """Open a private folder for a new version, named from now on; it is gone at the end unless published.

        Raises
        ------
        ArchiveUnwritableError
            If the disk is full or read-only, or permission is missing, here or while the draft is being written.
        """
        with self._private_folder() as path:
            now = self.clock().astimezone(UTC)
            version = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
            yield Draft(path=path, versions=self._versions, version=version, created=f"{now:%Y-%m-%dT%H:%M:%SZ}")

    def adopt(self, version: str, source: Archive) -> None:
        """Take over a version of another archive, whole and checked, under the name that it has there.

        Raises
        ------
        UnknownVersionError, DamagedVersionError, NewerFormatError, OlderFormatError, ArchiveUnreadableError
            If there is none there, or any byte of it, or of what is kept here already, differs from what was published.
        ArchiveUnwritableError
            If the disk is full or read-only, or permission is missing.
        """
        files = source.manifest(version)["files"]
        if version in self.versions():
            self.verify(version)
            return
        with self._private_folder() as path:
            for name in (*files, MANIFEST):
                original = source._folder(version) / name
                with reading(original, label=f"versions/{version}/{name}"):
                    shutil.copyfile(original, path / name)
                settle(path / name)
            for name, record in files.items():
                _check_record(file_record(path / name), record, f"versions/{version}/{name}")
            opened((path / MANIFEST).read_bytes(), version=version)
            path.chmod(0o755)  # as a draft that is published
            settle(path)
            path.rename(self._versions / version)
            settle(self._versions)

    @contextmanager
    def _private_folder(self) -> Iterator[Path]:
        """Open a folder for a version in the making, on the disk of the others; what is left of it at the end goes."""
        with writing(self.home):
            self._versions.mkdir(parents=True, exist_ok=True)
            self._drafts.mkdir(exist_ok=True)
            settle(self.home)
            sweep(self._drafts)
            path = Path(tempfile.mkdtemp(prefix=owner_prefix(), dir=self._drafts))
            try:
                yield path
            finally:
                shutil.rmtree(path, ignore_errors=True)

    def promote(self, version: str) -> None:
        """Make a version the current one, once it is verified.

        Raises
        ------
        UnknownVersionError, DamagedVersionError, NewerFormatError, UnsafeNameError
            As `verify` does; the current version stays.
        ArchiveUnwritableError
            If `current` cannot be replaced; the current version stays.
        """
        self.verify(version)
        with writing(self.home):
            self._drafts.mkdir(exist_ok=True)
            replace(self.home / "current", f"{version}\n".encode(), aside=self._drafts, prefix=owner_prefix())

    def current(self) -> str | None:
        """Return the name of the version being served, or None before the first is promoted.

        Raises
        ------
        DamagedVersionError
            If `current` does not hold the name of a version.
        UnknownVersionError
            If the version it names is gone.
        """
        path = self.home / "current"
        with reading(path, label="current"):
            try:
                version = path.read_bytes().decode("ascii", errors="replace").removesuffix("\n")
            except FileNotFoundError:
                return None
        if not VERSION_NAME.fullmatch(version):
            raise DamagedVersionError("current", "does not hold the name of a version; promote one again")
        self._folder(version)
        return version

    def require_current(self) -> str:
        """Return the name of the version being served.

        Raises
        ------
        NoCurrentVersionError
            If none has been promoted yet; else as `current` does.
        """
        version = self.current()
        if version is None:
            raise NoCurrentVersionError(self.home)
        return version

    def versions(self) -> tuple[str, ...]:
        """Return the names of all published versions, oldest first.

        Raises
        ------
        ArchiveUnreadableError
            If the system refuses to list them.
        """
        try:
            names = [path.name for path in self._versions.iterdir() if path.is_dir()]
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise ArchiveUnreadableError(self._versions, error) from error
        return tuple(sorted(name for name in names if VERSION_NAME.fullmatch(name)))

    def manifest(self, version: str) -> dict[str, Any]:
        """Return the manifest of a version, once its digest is checked.

        Raises
        ------
        UnsafeNameError, UnknownVersionError, DamagedVersionError, NewerFormatError, ArchiveUnreadableError
            If there is no such version, or its manifest is not the one published, or cannot be read.
        """
        data = _content(self._folder(version) / MANIFEST, f"versions/{version}/{MANIFEST}")
        return opened(data, version=version)

    def verify(self, version: str) -> None:
        """Check every file of a version against its manifest.

        Raises
        ------
        UnsafeNameError, UnknownVersionError, DamagedVersionError, NewerFormatError, ArchiveUnreadableError
            If any byte differs from what was published.
        """
        for name, record in self.manifest(version)["files"].items():
            path, label = self._folder(version) / name, f"versions/{version}/{name}"
            with reading(path, label=label):
                found = file_record(path)
            _check_record(found, record, label)

    def read(self, version: str, name: str) -> bytes:
        """Return the content of one file, the very bytes whose checksum was compared.

        Parameters
        ----------
        version : str
            A published version.
        name : str
            One of the files its manifest lists.

        Raises
        ------
        UnsafeNameError, UnknownVersionError, DamagedVersionError, NewerFormatError, ArchiveUnreadableError
            If the manifest does not list the file, or any byte differs from what was published.
        """
        return self.read_all(version, (name,))[name]

    def read_all(self, version: str, names: Iterable[str]) -> dict[str, bytes]:
        """Return the contents of several files, by name, each as `read` does; the manifest is checked once."""
        names = tuple(names)
        for name in names:
            check_file_name(name)
        files = self.manifest(version)["files"]
        return {name: self._verified(version, name, files) for name in names}

    def _verified(self, version: str, name: str, files: Mapping[str, Any]) -> bytes:
        if name not in files:
            raise UnsafeNameError(f"file: version {version} holds {', '.join(files) or 'no files'}")
        path, label = self._folder(version) / name, f"versions/{version}/{name}"
        with reading(path, label=label):
            _check_size(path.stat().st_size, files[name], label)
        content = _content(path, label)
        _check_record(content_record(content), files[name], label)
        return content

    @property
    def _versions(self) -> Path:
        return self.home / "versions"

    @property
    def _drafts(self) -> Path:
        return self.home / "drafts"

    def _folder(self, version: str) -> Path:
        check_version_name(version)
        folder = self._versions / version
        try:
            found = folder.is_dir()
        except OSError as error:
            raise ArchiveUnreadableError(folder, error) from error
        if not found:
            raise UnknownVersionError(version, self.versions()[:-4:-1])
        return folder


def _content(path: Path, label: str) -> bytes:
    """Return what a file holds; what grew without bounds is not taken into memory."""
    with reading(path, label=label):
        if path.stat().st_size > LARGEST:
            raise DamagedVersionError(label, f"is larger than {LARGEST >> 30} GiB, the most that is read")
        return path.read_bytes()


def _check_size(found: int, expected: dict[str, Any], label: str) -> None:
    if found != expected["bytes"]:
        raise DamagedVersionError(label, f"has {found} bytes; {expected['bytes']} were published")


def _check_record(found: dict[str, Any], expected: dict[str, Any], label: str) -> None:
    _check_size(found["bytes"], expected, label)
    if found != expected:
        raise DamagedVersionError(label, "its checksum differs from the one published")
