"""A spare: the last version that could be loaded, for workers that start when the archive has nothing good to offer.

A worker that is recycled, reloaded or replaced has no version in memory to go on with. So each worker that loads one
leaves a copy in a folder which the workers of one service share, laid out as an archive and checked like one.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from model.archive import Archive
from model.archive.disk import replace
from model.archive.manifest import MANIFEST
from model.stored import READ, TERMS


@dataclass(frozen=True)
class Spare:
    """The folder of the spare; empty until a version was loaded.

    Attributes
    ----------
    home : Path
        A folder that exists and that only the workers of one service write to.
    """

    home: Path

    def keep(self, archive: Archive, version: str) -> None:
        """Copy a version that was just loaded, and forget the one before it, which stays where that cannot be done."""
        try:
            self._replace(archive, version)
        except OSError:
            logging.getLogger(__name__).warning("version %s: no spare could be kept", version, exc_info=True)

    @property
    def archive(self) -> Archive:
        """The spare as an archive of one version, which has only what is needed to answer."""
        return Archive(self.home)

    def _replace(self, archive: Archive, version: str) -> None:
        versions = self.home / "versions"
        versions.mkdir(exist_ok=True)
        if not (versions / version).exists():
            kept = archive.manifest(version)["files"]
            names = (MANIFEST, *(name for name in (*READ, TERMS) if name in kept))
            _copy(archive.home / "versions" / version, versions / version, names=names)
        replace(self.home / "current", f"{version}\n".encode("ascii"), aside=self.home, prefix="current-")
        for other in versions.iterdir():
            if other.name != version:
                shutil.rmtree(other, ignore_errors=True)


def _copy(source: Path, target: Path, *, names: Iterable[str]) -> None:
    """Copy files into a new folder that is seen whole or not at all."""
    draft = Path(tempfile.mkdtemp(dir=target.parent.parent))
    try:
        for name in names:
            shutil.copyfile(source / name, draft / name)
        draft.rename(target)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not target.exists():  # else another worker was faster
            raise
