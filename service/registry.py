"""The model being served: loaded aside, tried, then put in place by one assignment; the last good one stays."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil, inf
from typing import Any, Final

from model.archive import Archive, ArchiveError, ArchiveUnreadableError, NoCurrentVersionError
from model.risk.assessment import assess
from model.risk.errors import LeverError, RiskError
from model.risk.outlook_levers import Contagion
from model.risk.table import RiskTable
from priors.vocabulary import Vocabulary
from service.errors import NoModelError
from service.responses import encoded
from service.settings import Settings
from service.spare import Spare

TABLE: Final = "risk_table.npz"
NONE_CURRENT: Final = "no version is current"


@dataclass(frozen=True, eq=False)
class Served:
    """A version in memory: its risk table and its manifest."""

    table: RiskTable
    manifest: Mapping[str, Any]

    @property
    def summary(self) -> dict[str, str]:
        """How every answer names the model it comes from."""
        return {"version": self.table.version, "priors": self.table.prior_set}

    @property
    def created(self) -> datetime:
        """When it was published."""
        return datetime.fromisoformat(self.manifest["created"])


@dataclass(frozen=True)
class Refusal:
    """Why what is current in the archive is not what is served.

    Attributes
    ----------
    version : str or None
        The version that was refused; None where it is not even known which is current.
    reason : str
        What is wrong with it.
    """

    version: str | None
    reason: str


@dataclass(frozen=True)
class State:
    """What is known of the model at one moment; replaced whole, so that no reader sees half of a change.

    Attributes
    ----------
    served : Served or None
    refusal : Refusal or None
    look : float
        When to look at the archive again, on the registry's clock.
    retry : float
        When to try again to load the version that was refused.
    error : str or None
        The class of the error that kept it out.
    """

    served: Served | None = None
    refusal: Refusal | None = None
    look: float = -inf
    retry: float = -inf
    error: str | None = None


class Registry:
    """Hands out the current version of an archive, looking for a newer one every few seconds.

    Parameters
    ----------
    archive : Archive
    vocabulary : Vocabulary
    settings : Settings
        How often to look, and how long to leave a refused version alone.
    clock : callable
        Returns seconds that never run backwards.
    watch : callable, optional
        Told of each look at the archive: the state before it, and after.
    """

    def __init__(
        self,
        archive: Archive,
        vocabulary: Vocabulary,
        *,
        settings: Settings,
        clock: Callable[[], float] = time.monotonic,
        watch: Callable[[State, State], None] | None = None,
    ) -> None:
        self.archive = archive
        self._vocabulary = vocabulary
        self._settings = settings
        self._clock = clock
        self._watch = watch
        self._spare = None if settings.spare is None else Spare(settings.spare)
        self._state = State()
        self._looking = threading.Lock()

    def current(self) -> Served:
        """Return the version to answer with.

        Raises
        ------
        NoModelError
            If none could ever be loaded; it says why and what mends it.
        """
        state = self.state()
        if state.served is None:
            reason = state.refusal.reason if state.refusal else NONE_CURRENT
            raise self.unavailable(reason)
        return state.served

    def state(self) -> State:
        """Return what is served and what was refused, after a look at the archive if one is due."""
        state = self._state
        if self._clock() < state.look:
            return state
        # One thread looks; the others go on with what they have, and wait only where there is nothing yet.
        if self._looking.acquire(blocking=state.served is None):
            try:
                if self._clock() >= self._state.look:
                    self._state = self._looked(self._state)
            finally:
                self._looking.release()
        return self._state

    def unavailable(self, reason: str) -> NoModelError:
        """Return the error that says why no model can answer, and the command that mends it."""
        return NoModelError(
            f"No model can be served: {reason}. Make one with `defection-risk refit`, or choose one with "
            "`defection-risk models use`; it is picked up without a restart.",
            retry_after=ceil(self._settings.recheck_seconds),
        )

    def _looked(self, state: State) -> State:
        version = None
        try:
            version = self.archive.current()
            found = self._found(state, version)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with what is new, the old keeps serving
            found = self._refused(state, Refusal(version, _reason(error)), error)
        if self._watch is not None:
            self._watch(state, found)
        return replace(found, look=self._clock() + self._settings.recheck_seconds)

    def _found(self, state: State, version: str | None) -> State:
        if version is None:
            raise NoCurrentVersionError(self.archive.home)
        if state.served is not None and state.served.table.version == version:
            return State(state.served)
        if state.refusal is not None and state.refusal.version == version and self._clock() < state.retry:
            return state
        served = load(self.archive, version, self._vocabulary)
        self._keep(version)
        return State(served)

    def _refused(self, state: State, refusal: Refusal, error: Exception) -> State:
        if refusal != state.refusal:
            message = "version %s refused: %s (%s: %s)"
            logging.getLogger(__name__).warning(message, refusal.version, refusal.reason, type(error).__name__, error)
        retry = self._clock() + self._settings.retry_seconds
        return State(state.served or self._kept(), refusal, retry=retry, error=type(error).__name__)

    def _keep(self, version: str) -> None:
        if self._spare is not None:
            try:
                self._spare.keep(self.archive, version, file=TABLE)
            except OSError:
                logging.getLogger(__name__).warning("version %s: no spare could be kept", version, exc_info=True)

    def _kept(self) -> Served | None:
        try:
            archive = None if self._spare is None else self._spare.archive
            return load(archive, archive.require_current(), self._vocabulary) if archive else None
        except Exception:  # noqa: BLE001 - why what is current was refused is told already
            return None


def load(archive: Archive, version: str, vocabulary: Vocabulary) -> Served:
    """Return a version, read from verified bytes and known to answer.

    Raises
    ------
    ArchiveError
        If a file is not what was published.
    RiskError
        If the arrays are not a risk table, or a ratio of contagion is none.
    ValueError
        If it answers with something that is no number, or was created at no time.
    """
    manifest = archive.manifest(version)
    served = Served(RiskTable.from_bytes(archive.read(version, TABLE), manifest, vocabulary), manifest)
    for prior_set in (None, *manifest.get("prior_sets", ())):
        with suppress(LeverError):  # the version keeps no ratio, and says so to whoever asks for it
            Contagion.from_prior(manifest, prior_set)
    # Asking also works out what the first caller would have to wait for. One of each level, so that all cells are read.
    levels = ({attribute.name: level} for attribute in vocabulary.attributes for level in attribute.names)
    asked = [assess(served.table, profile, window=vocabulary.study.window).as_dict() for profile in ({}, *levels)]
    encoded([served.created.timestamp(), asked])
    return served


def _reason(error: Exception) -> str:
    # These name a path of the host, which is for the log alone.
    if isinstance(error, NoCurrentVersionError):
        return NONE_CURRENT
    if isinstance(error, ArchiveError | RiskError) and not isinstance(error, ArchiveUnreadableError):
        return str(error)
    return "the archive cannot be read" if isinstance(error, ArchiveUnreadableError | OSError) else "it cannot be used"
