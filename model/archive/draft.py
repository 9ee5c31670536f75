"""A draft: the private folder in which a version is written until one rename makes it visible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
    version : str
        The name that it will have, so that its files can state it.
    created : str
        When it was begun, in UTC.
    """

    path: Path
    versions: Path
    version: str
    created: str

    @property
    def named(self) -> dict[str, str]:
        """What its manifest will say of its name and time."""
        return {"version": self.version, "created": self.created}

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
            written = self.path / MANIFEST
            written.write_bytes(to_bytes(sealed(manifest, named=self.named, files=files)))
            settle(written)
            settle(self.path)
            self.path.rename(self.versions / self.version)
            settle(self.versions)
        return self.version

    def _settled_files(self) -> dict[str, Any]:
        files = {}
        for path in sorted(self.path.iterdir()):
            check_file_name(path.name)
            if path.is_symlink() or not path.is_file():
                raise UnsafeNameError(f"{path.name}: a version holds plain files only, no folders and no links")
            settle(path)
            files[path.name] = file_record(path)
        return files
