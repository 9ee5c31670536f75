"""Where the service may listen: beyond loopback only behind keys, unless that was asked for outright."""

from __future__ import annotations

import ipaddress
from dataclasses import replace

from service.errors import UnsafeBindError
from service.security.keys import KeyFile
from service.settings import ANY_HOST, Settings


def bound(settings: Settings, *, host: str, allow_public: bool = False) -> Settings:
    """Return the settings for listening on an address, once they are safe there.

    Parameters
    ----------
    settings : Settings
    host : str
        An address, or a name.
    allow_public : bool
        Whether to listen beyond loopback although no key guards the service.

    Raises
    ------
    UnsafeBindError
        If the host is beyond loopback, there is no key file, and it was not allowed outright.
    KeyFileError
        If there should be a key file and it cannot be read.
    """
    if settings.key_file is not None:
        # Now, with a word to whoever starts the service, rather than with 503 to those who ask it.
        KeyFile(settings.key_file).read()
    if is_loopback(host):
        return settings
    if settings.key_file is None and not allow_public:
        raise UnsafeBindError(
            "host: must be a loopback address, since no key guards the service; nearest: 127.0.0.1. "
            "`defection-risk keys new NAME` makes a key and DEFECTION_RISK_KEYS names its file; "
            "--allow-public opens the service to all who can reach it"
        )
    # Whoever binds beyond loopback is asked for by names that we do not know; what a name could open, keys guard.
    return settings if settings.trusted_hosts else replace(settings, trusted_hosts=(ANY_HOST,))


def is_loopback(host: str) -> bool:
    """Whether an address, or a name, leads to this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
