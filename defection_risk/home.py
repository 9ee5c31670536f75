"""An archive of versions, and which of them a name means."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.archive import CURRENT, Archive, ArchiveError, Entry, OlderFormatError, meant, of_prior_sets


class NoVersionError(ArchiveError):
    """The archive holds no version of the study that is asked about."""


def warn(message: str) -> None:
    """Tell what a caller should know, as a warning."""
    warnings.warn(message, stacklevel=2)


@dataclass(frozen=True)
class Home:
    """Where fitted versions are found.

    Attributes
    ----------
    home : Path
        The folder of the archive.
    named : str or None
        The study, by its name or its folder, where one is stated.
    tell : callable
        Is told which versions are left out.
    """

    home: Path
    named: str | None = None
    tell: Callable[[str], None] = warn

    @property
    def archive(self) -> Archive:
        """The fitted versions."""
        return Archive(self.home)

    def version(self, name: str | None = None) -> str:
        """Return the version that answers.

        Parameters
        ----------
        name : str, optional
            `current`, a version, the beginning of one, or a prior set of the study.

        Returns
        -------
        str
            Without a name the current version or, where another study is stated, the newest of it that passed.

        Raises
        ------
        VersionNameError
            If no version goes by the name, or several do.
        ArchiveError
            If no version is current, or none is of the study.
        """
        if name is not None and name != CURRENT:
            return meant(name, self.archive.versions(), self._by_prior_set)[0]
        if name == CURRENT or self.named is None:
            return self.archive.require_current()
        current = self.archive.current()
        found = [version for versions in self._by_prior_set().values() for version in versions]
        if not found:
            raise self._no_version(self._study_name(current))
        return max(found, key=lambda version: (version == current, version))

    def manifests(self) -> Iterator[dict[str, Any]]:
        """Give the manifest of each version, oldest first, without those of older releases; tell which these are."""
        archive = self.archive
        for version in archive.versions():
            try:
                yield archive.manifest(version)
            except OlderFormatError as error:
                self.tell(f"left out: {error}")

    def _by_prior_set(self) -> dict[str, tuple[str, ...]]:
        current = self.archive.current()
        return of_prior_sets(map(Entry.of, self.manifests()), current=current, study=self._study_name(current))

    def _study_name(self, current: str | None) -> str | None:
        """Return the name of the study that is stated, else of that which is current, if any."""
        if self.named is not None:
            return Path(self.named).resolve().name
        return None if current is None else str(self.archive.manifest(current)["study"]["name"])

    def _no_version(self, study: str | None) -> NoVersionError:
        held = {entry.study for entry in map(Entry.of, self.manifests()) if entry.passed}
        return NoVersionError(
            f"{self.home}: holds no version of the study {study} that passed its checks (it holds such of: "
            f"{', '.join(sorted(held)) or 'none'}); `defection-risk --study {self.named} refit` makes one"
        )
