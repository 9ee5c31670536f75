"""What a command works on: the archive, the study that is named, and the version that answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.output import say
from model.archive import Archive, ArchiveError, OlderFormatError
from priors.errors import UnknownPriorSetError
from priors.study import DEFAULT, Study, load_study
from priors.vocabulary import nearest


class NoVersionError(ArchiveError):
    """The archive holds no version of the study that is asked about."""


@dataclass(frozen=True)
class Workplace:
    """Where a command finds what it works on.

    Attributes
    ----------
    home : Path
        The folder of the archive.
    named : str or None
        The study, by its name or its folder, where one is stated.
    """

    home: Path
    named: str | None = None

    @property
    def archive(self) -> Archive:
        """The fitted versions."""
        return Archive(self.home)

    def study(self) -> Study:
        """Return the study as its folder states it today: what is made is made of that.

        Raises
        ------
        UnknownStudyError, StudyError
            If there is none, or it breaks a rule.
        """
        return load_study(self.named or DEFAULT)

    def version(self, asked: str | None = None, *, prior_set: str | None = None) -> str:
        """Return the name of the version that answers.

        Parameters
        ----------
        asked : str, optional
            A version, which is taken as it is.
        prior_set : str, optional
            The one that it is to be fitted under.

        Returns
        -------
        str
            The current version; where another study or prior set is asked for, the newest version of it that passed.

        Raises
        ------
        ArchiveError
            If no version is current, or none is of the study.
        UnknownPriorSetError
            If none of the study is of the prior set.
        """
        if asked is not None:
            return asked
        if self.named is None and prior_set is None:
            return self.archive.require_current()
        found = self._of_study()
        by_set = {str(manifest["prior_set"]): str(manifest["version"]) for manifest in reversed(found)}
        if prior_set is None:
            return str(found[0]["version"])
        if prior_set not in by_set:
            near = ", ".join(nearest(prior_set, {name: name for name in by_set}, tuple(by_set)))
            raise UnknownPriorSetError(f"priors: must be a prior set that a version was fitted under; nearest: {near}")
        return by_set[prior_set]

    def manifests(self) -> Iterator[dict[str, Any]]:
        """Give the manifest of each version, oldest first, without those of older releases; say which these are."""
        archive = self.archive
        for version in archive.versions():
            try:
                yield archive.manifest(version)
            except OlderFormatError as error:
                say(f"left out: {error}")

    def _of_study(self) -> list[dict[str, Any]]:
        """Return the versions of the study that may answer: the current one, then those that passed, newest first."""
        current = self.archive.current() if self.named else self.archive.require_current()
        name = Path(self.named).resolve().name if self.named else self.archive.manifest(str(current))["study"]["name"]
        manifests = [*self.manifests()]
        first = [manifest for manifest in manifests if manifest["version"] == current]
        passed = [manifest for manifest in reversed(manifests) if manifest.get("passed")]
        found = [manifest for manifest in (*first, *passed) if manifest["study"]["name"] == name]
        if not found:
            others = ", ".join(sorted({str(manifest["study"]["name"]) for manifest in passed})) or "none"
            raise NoVersionError(
                f"{self.home}: holds no version of the study {name} that passed its checks (it holds such of: {others})"
                f"; `defection-risk --study {self.named} refit` makes one"
            )
        return found
