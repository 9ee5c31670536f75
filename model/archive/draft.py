"""A draft: the private folder in which a version is written until one rename makes it visible."""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from model.archive.disk import settle, writing
from model.archive.errors import UnsafeNameError
from model.archive.manifest import MANIFEST, check_file_name, file_record, sealed, to_bytes


@dataclass(frozen=True)
class Draft:
    """A version in the making.

    Attributes
    ----------
    path : Path
        The folder to write files into; plain files only.
    versions : Path
        The folder of published versions, on the same disk.
    clock : callable
        Returns the time, with its zone.
    """

    path: Path
    versions: Path
    clock: Callable[[], datetime]

    def publish(self, manifest: Mapping[str, Any]) -> str:
        """Make the draft a version, by one rename, and return its name.

        Parameters
        ----------
        manifest : mapping
            What to say of the version; JSON-able. Format, version, time, files and digest are added.

        Raises
        ------
        UnsafeNameError
            If the draft holds anything but plainly named files.
        ArchiveUnwritableError
            If the disk is full or read-only, or permission is missing.
        ValueError, TypeError
            If the manifest is not JSON-able, or states what the archive adds, or the draft is published already.
        """
        if not self.path.is_dir():
            raise ValueError("draft: is published or given up already; open another")
        with writing(self.versions.parent):
            files = self._settled_files()
            self.path.chmod(0o755)  # private while a draft, for the service's user to read from now on
            created = self.clock()
            while (version := self._published(sealed(manifest, created=created, files=files))) is None:
                created += timedelta(seconds=1)
            settle(self.versions)
        return version

    def _settled_files(self) -> dict[str, Any]:
        files = {}
        for path in sorted(self.path.iterdir()):
            check_file_name(path.name)
            if path.is_symlink() or not path.is_file():
                raise UnsafeNameError(f"{path.name}: a version holds plain files only, no folders and no links")
            settle(path)
            files[path.name] = file_record(path)
        return files

    def _published(self, manifest: Mapping[str, Any]) -> str | None:
        """Return the version's name, or None if the very same name stands already, as of a twin in one second."""
        written = self.path / MANIFEST
        written.write_bytes(to_bytes(manifest))
        settle(written)
        settle(self.path)
        version = str(manifest["version"])
        try:
            self.path.rename(self.versions / version)
        except OSError as error:
            if error.errno in {errno.ENOTEMPTY, errno.EEXIST}:
                return None
            raise
        return version
