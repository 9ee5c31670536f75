"""Turns: a worker answers one large question at a time, so that threads and memory are left for all else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from service.errors import BusyError

PLACES: Final = 12
"""Threads that large questions may hold at once, the one being answered among them; the others are for all else."""

PATIENCE: Final = 20.0
"""Seconds that a large question waits for its turn."""

SECONDS_TO_WAIT: Final = 5
"""After which to ask again when there was no turn to be had."""


class Turns:
    """Hands out turns to large questions.

    One of them can keep a processor busy for two seconds and fill a quarter of a gigabyte. Answered together they would
    be no faster, hold every thread, health checks included, and outgrow the memory that a worker is given.

    Parameters
    ----------
    places : int
        How many may be answered or wait at once.
    patience : float
        Seconds for which each waits.
    """

    def __init__(self, *, places: int = PLACES, patience: float = PATIENCE) -> None:
        self._places = threading.Semaphore(places)
        self._turn = threading.Lock()
        self._patience = patience

    @contextmanager
    def taken(self, *, large: bool) -> Iterator[None]:
        """Answer a question in the block; a large one when its turn comes, any other at once.

        Raises
        ------
        BusyError
            If too many large ones wait already, or this one waited for too long.
        """
        if not large:
            yield
            return
        if not self._places.acquire(blocking=False):
            raise self._busy()
        try:
            if not self._turn.acquire(timeout=self._patience):
                raise self._busy()
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._places.release()

    def _busy(self) -> BusyError:
        return BusyError("Too many large questions are being asked at once.", retry_after=SECONDS_TO_WAIT)
