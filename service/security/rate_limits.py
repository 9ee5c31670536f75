"""Rate limits: how often one client may ask, counted in this worker or in a Redis that all workers share.

The library `limits` reads rates and counts. It is what Flask-Limiter itself stands on, whose decorators and error pages
have no use here, where one limit holds for everything and every refusal is a problem document.
"""

from __future__ import annotations

import ipaddress
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Final

from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

PATIENCE: Final = 0.5
"""Seconds that a request waits for Redis."""

PAUSE: Final = 5.0
"""Seconds for which a Redis that did not answer is left alone."""

ONE_CUSTOMER: Final = 64
"""Bits of an IPv6 address that tell customers apart; the rest each may choose at will."""


@dataclass(frozen=True)
class Allowance:
    """What a client has left.

    Attributes
    ----------
    allowed : bool
        Whether this request still is.
    limit, remaining : int
        Requests in the window, and those of them that are left.
    reset : int
        Seconds until the window ends.
    """

    allowed: bool
    limit: int
    remaining: int
    reset: int


class RateLimits:
    """Counts the requests of each client in windows that begin with its first.

    While Redis does not answer, each worker counts for itself: a limit that is a little loose for a while does less
    harm than a service that is shut.

    Parameters
    ----------
    rate : str
        Such as "600/minute".
    storage : str or None
        The address of the Redis, as "redis://host:port/0"; None counts in this process.
    clock : callable
        Returns seconds that never run backwards, by which a Redis that does not answer is left alone.
    """

    def __init__(self, rate: str, storage: str | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate: RateLimitItem = parse(rate)
        self._clock = clock
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._shared: FixedWindowRateLimiter | None = None
        self._back = clock()
        if storage is not None:
            waits = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
            self._shared = FixedWindowRateLimiter(storage_from_string(storage, wrap_exceptions=True, **waits))

    def take(self, client: str) -> Allowance:
        """Count one request of a client, and return what it has left."""
        if self._shared is not None and self._clock() >= self._back:
            try:
                return self._taken(self._shared, client)
            except StorageError as error:
                self._back = self._clock() + PAUSE
                cause = type(error.storage_error).__name__
                logging.getLogger(__name__).warning("rate limits: Redis does not answer (%s); counting here", cause)
        return self._taken(self._own, client)

    def _taken(self, limiter: FixedWindowRateLimiter, client: str) -> Allowance:
        allowed = limiter.hit(self._rate, client)
        reset, remaining = limiter.get_window_stats(self._rate, client)
        wait = max(1, ceil(reset - time.time()))
        # Windows of `limits` end by the clock on the wall: when it goes back, they would last until it has caught up.
        if wait > self._rate.get_expiry() + 1:
            limiter.clear(self._rate, client)
            return self._taken(limiter, client)
        return Allowance(allowed, self._rate.amount, remaining, wait)


def client_of(*, key_name: str | None, address: str | None) -> str:
    """Return who is asking, for counting: a key, or the network that an address stands for.

    Parameters
    ----------
    key_name : str or None
        The name of the key shown, if it is a good one.
    address : str or None
        The address of the client, as it came.
    """
    if key_name is not None:
        return f"key:{key_name}"
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return "address:unknown"
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        found = ipaddress.ip_network((found, ONE_CUSTOMER), strict=False).network_address
    return f"address:{found}"
