"""The store of versions: the current one, and others by their names; loaded aside, tried, then put in place.

Whatever is asked for, the same holds: one thread looks at the archive every few seconds while the others go on with
what is in memory, a version that cannot be used is left alone for a while, and until there is a better one the last
good one stays.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import ceil
from typing import Final

from model.archive import (
    CURRENT,
    Archive,
    ArchiveError,
    ArchiveUnreadableError,
    Entry,
    NoCurrentVersionError,
    VersionNameError,
    meant,
    of_prior_sets,
)
from model.risk.errors import RiskError
from priors.errors import StudyError
from service.errors import Fault, NoModelError, NoSuchVersionError
from service.served import Refusal, Refused, Served, State, load
from service.settings import Settings
from service.spare import Spare

NONE_CURRENT: Final = "no version is current"
NOT_KEPT: Final = "No version that can be served goes by this name; `errors` says which do."
REFUSED: Final = "must be a version that can be served; this one cannot"

MOST_BESIDE: Final = 2
"""Versions kept in memory beside the current one, of some 70 MB each."""


class Versions:
    """Hands out the current version of an archive, or another by any of its names.

    Another is not loaded before it is asked for, and let go when it was asked for longest ago.

    Parameters
    ----------
    archive : Archive
    settings : Settings
        How often to look, and how long to leave a refused version alone.
    clock : callable
        Returns seconds that never run backwards.
    watch : callable, optional
        Told of each look for the current version: the state before it, and after.
    """

    def __init__(
        self,
        archive: Archive,
        *,
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
        watch: Callable[[State, State], None] | None = None,
    ) -> None:
        self.archive = archive
        self._settings = settings
        self._clock = clock
        self._watch = watch
        self._spare = None if settings.spare is None else Spare(settings.spare)
        self._state = State()
        self._kept: tuple[str, ...] = ()
        self._beside: dict[str, Served] = {}
        self._refused: dict[str | None, Refused] = {}
        self._entries: dict[str, Entry] = {}
        self._looking = threading.Lock()
        self._loading = threading.Lock()

    def served(self, name: str = CURRENT) -> Served:
        """Return the version to answer with.

        Parameters
        ----------
        name : str
            What may be `current`, a version, the beginning of one, or a prior set.

        Raises
        ------
        NoModelError
            If none could ever be loaded; it says why and what mends it.
        NoSuchVersionError
            If no version that can be served goes by the name; it offers names that do.
        """
        current = self.state()
        if name == CURRENT:
            if current.served is None:
                raise self.unavailable(current.refusal.reason if current.refusal else NONE_CURRENT)
            return current.served
        try:
            found = meant(name, self._known(), self._by_prior_set)
        except VersionNameError as error:
            if not error.nearest:
                self.served()  # raises, and says why, where there is no model at all
            raise NoSuchVersionError(NOT_KEPT, [Fault("/version", error.rule, error.nearest)]) from error
        served = self._first(found)
        if served is None:
            raise NoSuchVersionError(NOT_KEPT, [Fault("/version", REFUSED, tuple(self._by_prior_set()))])
        return served

    def state(self) -> State:
        """Return what is currently served, after a look at the archive if one is due."""
        state = self._state
        # One thread looks; the others go on with what they have, and wait only where there is nothing yet.
        if self._clock() >= state.look and self._looking.acquire(blocking=state.served is None):
            try:
                state = self._state
                if self._clock() >= state.look:
                    self._list()
                    state = replace(self._current(state), look=self._clock() + self._settings.recheck_seconds)
                    self._state = state
            finally:
                self._looking.release()
        return state

    def by_prior_set(self) -> dict[str, Entry]:
        """Return, for each prior set of the study of which one can be served, the version that its name stands for."""
        self.state()
        return {name: self._entries[versions[0]] for name, versions in self._by_prior_set().items()}

    def unavailable(self, reason: str) -> NoModelError:
        """Return the error that says why no model can answer, and the command that mends it."""
        return NoModelError(
            f"No model can be served: {reason}. Make one with `defection-risk refit`, or choose one with "
            "`defection-risk models use`; it is picked up without a restart.",
            retry_after=ceil(self._settings.recheck_seconds),
        )

    def _list(self) -> None:
        """Note which versions are kept; an archive that lists none is away, and what is known of it stays."""
        try:
            kept = self.archive.versions()
        except ArchiveError:
            return
        if kept:
            self._kept = kept
            self._entries = {version: entry for version, entry in self._entries.items() if version in kept}
            self._beside = {version: served for version, served in self._beside.items() if version in kept}

    def _known(self) -> tuple[str, ...]:
        """Return the versions that are kept, and the current one, which may be in memory only; oldest first."""
        current = _version(self._state)
        return tuple(sorted({*self._kept, *(() if current is None else (current,))}))

    def _by_prior_set(self) -> dict[str, tuple[str, ...]]:
        """Return, for each prior set in the order of the study, the versions that its name may mean."""
        study = None if self._state.served is None else self._state.served.study
        name, first = (None, ()) if study is None else (study.name, tuple(study.claims.prior_sets))
        found = of_prior_sets(self._usable(), current=_version(self._state), study=name)
        return {name: found[name] for name in dict.fromkeys((*first, *sorted(found))) if name in found}

    def _current(self, old: State) -> State:
        version = None
        try:
            version = self.archive.current()
            if version is None:
                raise NoCurrentVersionError(self.archive.home)  # noqa: TRY301 - to be refused like all else
        except Exception as error:  # noqa: BLE001 - whatever is wrong with what is new, the old keeps serving
            self._refuse(version, error)
        served = None if version is None else self._sound(version)
        if served is not None and served is not old.served:
            if old.served is not None:
                self._keep(old.served)  # whom it answered may name it
            if self._spare is not None:
                self._spare.keep(self.archive, served.table.version)
        found = State(served) if served is not None else State(old.served or self._spared(), self._refused[version])
        if self._watch is not None:
            self._watch(old, found)
        return found

    def _first(self, versions: Sequence[str]) -> Served | None:
        """Return the first of some versions that can be used; while another thread loads one, the first in memory."""
        ready = next((served for version in versions if (served := self._in_memory(version)) is not None), None)
        if ready is not None and ready.table.version == versions[0]:
            found: Served | None = ready
        elif self._loading.acquire(blocking=ready is None):
            try:
                found = next((served for version in versions if (served := self._sound(version)) is not None), None)
            finally:
                self._loading.release()
        else:
            found = ready
        if found is not None and found is not self._state.served:
            self._keep(found)
        return found

    def _keep(self, served: Served) -> None:
        """Keep a version in memory beside the current one, and no more of them than are allowed."""
        others = {version: each for version, each in self._beside.items() if each is not served}
        self._beside = dict([*others.items(), (served.table.version, served)][-MOST_BESIDE:])

    def _in_memory(self, version: str) -> Served | None:
        current = self._state.served
        return current if current is not None and version == _version(self._state) else self._beside.get(version)

    def _sound(self, version: str) -> Served | None:
        """Return a version, loaded unless it is in memory; None where it is refused, now or a while ago."""
        served = self._in_memory(version)
        if served is None and not self._is_refused(version):
            try:
                served = load(self.archive, version)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with it, another may be sound
                self._refuse(version, error)
        return served

    def _usable(self) -> Iterator[Entry]:
        """Yield what is known of the versions that are not refused, oldest first."""
        for version in self._known():
            entry = None if self._is_refused(version) else self._entry(version)
            if entry is not None:
                yield entry

    def _entry(self, version: str) -> Entry | None:
        """Return what the manifest of a version says, which is read once; None where it cannot be."""
        if version not in self._entries:
            try:
                served = self._in_memory(version)
                self._entries[version] = Entry.of(self.archive.manifest(version) if served is None else served.manifest)
            except Exception as error:  # noqa: BLE001 - as above
                self._refuse(version, error)
        return self._entries.get(version)

    def _is_refused(self, version: str) -> bool:
        return version in self._refused and self._clock() < self._refused[version].until

    def _refuse(self, version: str | None, error: Exception) -> None:
        refusal = Refusal(version, _reason(error))
        if version not in self._refused or self._refused[version].refusal != refusal:
            message = "version %s refused: %s (%s: %s)"
            logging.getLogger(__name__).warning(message, version, refusal.reason, type(error).__name__, error)
        until = self._clock() + self._settings.retry_seconds
        self._refused[version] = Refused(refusal, type(error).__name__, until)

    def _spared(self) -> Served | None:
        """Return the version of which a spare is kept, for a worker that starts when what is current is refused."""
        try:
            archive = None if self._spare is None else self._spare.archive
            return load(archive, archive.require_current()) if archive else None
        except Exception:  # noqa: BLE001 - why what is current was refused is told already
            return None


def _version(state: State) -> str | None:
    return None if state.served is None else state.served.table.version


def _reason(error: Exception) -> str:
    # These name a path of the host, which is for the log alone.
    if isinstance(error, NoCurrentVersionError):
        return NONE_CURRENT
    if isinstance(error, StudyError):
        return f"its files are no study: {error.faults[0]}"
    if isinstance(error, ArchiveError | RiskError) and not isinstance(error, ArchiveUnreadableError):
        return str(error)
    return "the archive cannot be read" if isinstance(error, ArchiveUnreadableError | OSError) else "it cannot be used"
