"""Versions by their prior set: of each that a caller names the newest sound one, loaded when it is first asked for."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from math import inf
from typing import Any, Final

from model.archive import ArchiveError
from priors.prior_sets import PRIOR_SETS
from priors.vocabulary import Vocabulary
from service.errors import Fault, InvalidQuestionError
from service.registry import Registry, Served, load
from service.settings import Settings

DETAIL: Final = "No version of this prior set can be served; `defection-risk refit --priors` makes one."
RULE: Final = "must be a prior set of which a version can be served"


@dataclass(frozen=True)
class Entry:
    """A version that passed the checks that gate, as its manifest tells of it."""

    priors: str
    version: str
    created: str

    def as_dict(self) -> dict[str, str]:
        """Return it as it stands in an answer."""
        return asdict(self)


@dataclass(frozen=True)
class Held:
    """What is known of one prior set at one moment: the version in memory, and when to look for a newer one."""

    served: Served | None = None
    look: float = -inf


class PriorSets:
    """Hands out a version by its prior set: the current one where it has it, else the newest that passed its checks.

    Nothing is loaded before a question names its prior set; then one version of each stays in memory.

    Parameters
    ----------
    registry : Registry
        Hands out the current version, from the archive in which the others are too.
    vocabulary : Vocabulary
    settings : Settings
        How often to look for newer versions, and how long to leave a refused one alone.
    clock : callable
        Returns seconds that never run backwards.
    """

    def __init__(
        self,
        registry: Registry,
        vocabulary: Vocabulary,
        *,
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._registry = registry
        self._vocabulary = vocabulary
        self._settings = settings
        self._clock = clock
        self._known: dict[str, Entry | None] = {}
        self._refused: dict[str, float] = {}
        self._held: dict[str, Held] = {}
        self._looking = threading.Lock()

    def served(self, priors: str | None) -> Served:
        """Return the version to answer with.

        Parameters
        ----------
        priors : str or None
            A prior set; None for whichever is current.

        Raises
        ------
        InvalidQuestionError
            If no version of the prior set can be served; it names those of which one can.
        NoModelError
            If there is none at all.
        """
        if priors is None:
            return self._registry.current()
        current = self._registry.state().served
        if current is not None and current.table.prior_set == priors:
            self._held.pop(priors, None)  # two of one prior set would only fill the memory
            return current
        held = self._held.get(priors, Held())
        if self._clock() >= held.look:
            held = self._looked(priors, held)
        if held.served is None:
            raise self._unavailable()
        return held.served

    def available(self) -> tuple[Entry, ...]:
        """Return, for each prior set that can be served, the version that answers, or would once it is loaded."""
        found = {priors: _entry(held.served) for priors, held in self._held.copy().items() if held.served is not None}
        found |= {entry.priors: entry for entry in reversed(self._entries()) if not self._is_refused(entry.version)}
        current = self._registry.state().served
        found |= {} if current is None else {current.table.prior_set: _entry(current)}
        return tuple(found[priors] for priors in PRIOR_SETS if priors in found)

    def _looked(self, priors: str, held: Held) -> Held:
        # One thread looks; the others go on with what they have, and wait only where there is nothing yet.
        if not self._looking.acquire(blocking=held.served is None):
            return held
        try:
            held = self._held.get(priors, Held())
            if self._clock() >= held.look:
                served = self._newest(priors, held.served)
                held = self._held[priors] = Held(served, self._clock() + self._settings.recheck_seconds)
            return held
        finally:
            self._looking.release()

    def _newest(self, priors: str, old: Served | None) -> Served | None:
        """Return the newest version that can be loaded, which may be the one that is; the old one where none can."""
        for entry in self._entries():
            if entry.priors == priors and not self._is_refused(entry.version):
                if old is not None and old.table.version == entry.version:
                    return old
                try:
                    return load(self._registry.archive, entry.version, self._vocabulary)
                except Exception as error:  # noqa: BLE001 - whatever is wrong with it, an older one may be sound
                    self._refuse(entry.version, error)
        return old

    def _entries(self) -> tuple[Entry, ...]:
        """Return the versions that passed their checks, newest first; each manifest is read once."""
        try:
            versions = self._registry.archive.versions()
        except ArchiveError:
            versions = tuple(reversed(self._known))
        known = dict(self._known)
        for version in versions:
            if version not in known and not self._is_refused(version):
                try:
                    known[version] = _told(self._registry.archive.manifest(version))
                except Exception as error:  # noqa: BLE001 - as above
                    self._refuse(version, error)
        self._known = {version: known[version] for version in reversed(versions) if version in known}
        return tuple(entry for entry in self._known.values() if entry is not None)

    def _is_refused(self, version: str) -> bool:
        return self._clock() < self._refused.get(version, -inf)

    def _refuse(self, version: str, error: Exception) -> None:
        if version not in self._refused:
            logging.getLogger(__name__).warning("version %s refused: %s: %s", version, type(error).__name__, error)
        self._refused[version] = self._clock() + self._settings.retry_seconds

    def _unavailable(self) -> InvalidQuestionError:
        available = tuple(entry.priors for entry in self.available())
        if not available:
            self._registry.current()  # raises, and says why, where there is no model at all
        return InvalidQuestionError(DETAIL, [Fault("/priors", RULE, available)])


def _told(manifest: Mapping[str, Any]) -> Entry | None:
    """Return what a manifest says of its version, or None if it did not pass its checks."""
    if manifest.get("passed") is not True:
        return None
    return Entry(str(manifest["prior_set"]), str(manifest["version"]), str(manifest["created"]))


def _entry(served: Served) -> Entry:
    return Entry(served.table.prior_set, served.table.version, str(served.manifest["created"]))
