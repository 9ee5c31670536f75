"""The store of versions: the current one, and those of its study by prior set; loaded aside, tried, then put in place.

Whatever is asked for, the same holds: one thread looks at the archive every few seconds while the others go on with
what is in memory, a version that cannot be used is left alone for a while, and until there is a better one the last
good one stays.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import Any, Final

from model.archive import Archive, ArchiveError, ArchiveUnreadableError, NoCurrentVersionError
from model.risk.errors import RiskError
from priors.errors import StudyError
from service.errors import Fault, InvalidQuestionError, NoModelError
from service.served import Refusal, Refused, Served, State, load
from service.settings import Settings
from service.spare import Spare

NONE_CURRENT: Final = "no version is current"
NONE_OF_SET: Final = "No version of this prior set can be served; `defection-risk refit --priors` makes one."
RULE: Final = "must be a prior set of which a version can be served"


@dataclass(frozen=True)
class Entry:
    """A version that a question may have by its prior set, as its manifest tells of it."""

    priors: str
    version: str
    created: str
    study: str

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Entry:
        """Return what a manifest says."""
        priors, version, created = (str(manifest[name]) for name in ("prior_set", "version", "created"))
        return cls(priors, version, created, str(manifest["study"]["name"]))


class Versions:
    """Hands out the current version of an archive, or one by its prior set.

    By its prior set the current version is handed out where it has it, else the newest of the same study that passed
    its checks; it is not loaded before a question names its prior set.

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
        self._states: dict[str | None, State] = {}
        self._refused: dict[str | None, Refused] = {}
        self._entries: dict[str, Entry | None] = {}
        self._looking = threading.Lock()

    def served(self, priors: str | None = None) -> Served:
        """Return the version to answer with.

        Parameters
        ----------
        priors : str, optional
            What may be the name of a prior set; else whichever version is current.

        Raises
        ------
        NoModelError
            If none could ever be loaded; it says why and what mends it.
        InvalidQuestionError
            If no version of the prior set can be served; it names those of which one can.
        """
        current = self.state()
        if priors is None or (current.served is not None and current.served.table.prior_set == priors):
            if current.served is None:
                raise self.unavailable(current.refusal.reason if current.refusal else NONE_CURRENT)
            self._states.pop(priors or current.served.table.prior_set, None)  # two of one set would only fill memory
            return current.served
        served = self.state(priors).served if self._is_kept(priors) else None
        if served is None:
            available = tuple(entry.priors for entry in self.available())
            if not available:
                self.served()  # raises, and says why, where there is no model at all
            raise InvalidQuestionError(NONE_OF_SET, [Fault("/priors", RULE, available)])
        return served

    def state(self, priors: str | None = None) -> State:
        """Return what is served, of a prior set or currently, after a look at the archive if one is due."""
        state = self._states.get(priors, State())
        # One thread looks; the others go on with what they have, and wait only where there is nothing yet.
        if self._clock() >= state.look and self._looking.acquire(blocking=state.served is None):
            try:
                state = self._states.get(priors, State())
                if self._clock() >= state.look:
                    found = self._current(state) if priors is None else State(self._newest(priors, state.served))
                    state = replace(found, look=self._clock() + self._settings.recheck_seconds)
                    self._states[priors] = state
            finally:
                self._looking.release()
        return state

    def available(self) -> tuple[Entry, ...]:
        """Return, for each prior set that can be served, the version that answers, or would once it is loaded."""
        current = self.state().served
        found = {entry.priors: entry for entry in reversed(tuple(self._passed()))}
        # What is in memory comes before what could be loaded, and what is current before both.
        loaded = {priors: state.served for priors, state in self._states.copy().items() if priors is not None}
        for served in (*loaded.values(), current):
            if served is not None:
                found[served.table.prior_set] = Entry.of(served.manifest)
        first = () if current is None else tuple(current.study.claims.prior_sets)
        return tuple(found[priors] for priors in dict.fromkeys((*first, *sorted(found))) if priors in found)

    def unavailable(self, reason: str) -> NoModelError:
        """Return the error that says why no model can answer, and the command that mends it."""
        return NoModelError(
            f"No model can be served: {reason}. Make one with `defection-risk refit`, or choose one with "
            "`defection-risk models use`; it is picked up without a restart.",
            retry_after=ceil(self._settings.recheck_seconds),
        )

    def _current(self, old: State) -> State:
        version = None
        try:
            version = self.archive.current()
            if version is None:
                raise NoCurrentVersionError(self.archive.home)  # noqa: TRY301 - to be refused like all else
        except Exception as error:  # noqa: BLE001 - whatever is wrong with what is new, the old keeps serving
            self._refuse(version, error)
        served = None if version is None else self._sound(version, old.served)
        if served is not None and served is not old.served and self._spare is not None:
            self._spare.keep(self.archive, served.table.version)
        found = State(served) if served is not None else State(old.served or self._kept(), self._refused[version])
        if _study(found) != _study(old):
            for priors in self._states.keys() - {None}:  # they are of another study, and answer nobody any more
                self._states.pop(priors, None)
        if self._watch is not None:
            self._watch(old, found)
        return found

    def _newest(self, priors: str, old: Served | None) -> Served | None:
        """Return the newest version of a prior set that can be used, which may be the one in memory."""
        found = (self._sound(entry.version, old) for entry in self._passed() if entry.priors == priors)
        return next((served for served in found if served is not None), old)

    def _sound(self, version: str, old: Served | None) -> Served | None:
        """Return a version, loaded unless it is the one in memory; None where it is refused, now or a while ago."""
        if old is not None and old.table.version == version:
            return old
        if self._is_refused(version):
            return None
        try:
            return load(self.archive, version)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, another may be sound
            self._refuse(version, error)
            return None

    def _passed(self) -> Iterator[Entry]:
        """Yield the versions of the study that is served which passed their checks and are not refused, newest first.

        While none is served they may be of any study.
        """
        try:
            versions = self.archive.versions()
        except ArchiveError:
            versions = tuple(sorted(self._entries))
        study, known = _study(self._states.get(None, State())), self._entries
        self._entries = {version: known[version] for version in versions if version in known}
        for version in reversed(versions):
            if not self._is_refused(version):
                entry = self._entry(version)
                if entry is not None and study in {None, entry.study}:
                    yield entry

    def _entry(self, version: str) -> Entry | None:
        """Return what the manifest of a version says, which is read once; None where it did not pass its checks."""
        if version not in self._entries:
            try:
                manifest = self.archive.manifest(version)
                self._entries[version] = Entry.of(manifest) if manifest.get("passed") is True else None
            except Exception as error:  # noqa: BLE001 - as above
                self._refuse(version, error)
        return self._entries.get(version)

    def _is_kept(self, priors: str) -> bool:
        """Return whether anything is known of a prior set, so that no caller has states kept by names of their own."""
        return priors in self._states or any(entry.priors == priors for entry in self._passed())

    def _is_refused(self, version: str) -> bool:
        return version in self._refused and self._clock() < self._refused[version].until

    def _refuse(self, version: str | None, error: Exception) -> None:
        refusal = Refusal(version, _reason(error))
        if version not in self._refused or self._refused[version].refusal != refusal:
            message = "version %s refused: %s (%s: %s)"
            logging.getLogger(__name__).warning(message, version, refusal.reason, type(error).__name__, error)
        until = self._clock() + self._settings.retry_seconds
        self._refused[version] = Refused(refusal, type(error).__name__, until)

    def _kept(self) -> Served | None:
        """Return the version of which a spare is kept, for a worker that starts when what is current is refused."""
        try:
            archive = None if self._spare is None else self._spare.archive
            return load(archive, archive.require_current()) if archive else None
        except Exception:  # noqa: BLE001 - why what is current was refused is told already
            return None


def _study(state: State) -> str | None:
    return None if state.served is None else state.served.study.name


def _reason(error: Exception) -> str:
    # These name a path of the host, which is for the log alone.
    if isinstance(error, NoCurrentVersionError):
        return NONE_CURRENT
    if isinstance(error, StudyError):
        return f"its files are no study: {error.faults[0]}"
    if isinstance(error, ArchiveError | RiskError) and not isinstance(error, ArchiveUnreadableError):
        return str(error)
    return "the archive cannot be read" if isinstance(error, ArchiveUnreadableError | OSError) else "it cannot be used"
