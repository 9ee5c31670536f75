"""What an operator may choose, read once from the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from service.errors import SettingsError

MEBIBYTE: Final = 1 << 20
ANY_HOST: Final = "*"
NO_LIMIT: Final = "off"
HOST: Final = re.compile(r"\*|\.?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:]+\]")
ORIGIN: Final = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?")
RATE: Final = re.compile(r"[1-9][0-9]{0,8}/(second|minute|hour|day)")
REDIS: Final = re.compile(r"rediss?://\S+")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of the service.

    Attributes
    ----------
    home : Path
        The folder of the archive: `DEFECTION_RISK_HOME`.
    body_limit : int
        The largest request body in bytes: `DEFECTION_RISK_BODY_LIMIT`.
    recheck_seconds : float
        How often a worker looks for a newer version: `DEFECTION_RISK_RECHECK_SECONDS`.
    retry_seconds : float
        How long a worker leaves a version alone that it could not load: `DEFECTION_RISK_RETRY_SECONDS`.
    spare : Path or None
        The folder in which the workers of one service keep a copy of what they serve; set by what starts them.
    key_file : Path or None
        The keys that open `/v1` and `/metrics`; without one no key is asked for: `DEFECTION_RISK_KEYS`.
    rate_limit : str or None
        How often one key, or without keys one address, may ask: `DEFECTION_RISK_RATE_LIMIT`, such as `600/minute`, or
        `off`. The default stops only a client that has run wild.
    limit_storage : str or None
        The Redis in which all workers count together, `DEFECTION_RISK_LIMIT_STORAGE`; without one each worker counts
        for itself, so that a client has the limit once for each worker it meets.
    trusted_hosts : tuple of str
        Names of this service besides those of the loopback interface, `DEFECTION_RISK_TRUSTED_HOSTS`: separated by
        commas, `.example.org` for all below it, `*` for any. `serve` takes any where it binds beyond loopback and none
        is stated.
    cors_origins : tuple of str
        Sites whose pages may ask, `DEFECTION_RISK_CORS_ORIGINS`: separated by commas, none by default.
    proxies : int
        How many proxies stand in front, whose word on the client's address is taken: `DEFECTION_RISK_PROXIES`.
    """

    home: Path = Path("var")
    body_limit: int = 2 * MEBIBYTE
    recheck_seconds: float = 2.0
    retry_seconds: float = 30.0
    spare: Path | None = None
    key_file: Path | None = None
    rate_limit: str | None = "1000/second"
    limit_storage: str | None = None
    trusted_hosts: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    proxies: int = 0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Return the settings that an environment states.

        Raises
        ------
        SettingsError
            If a variable holds no allowed value.
        """
        keys = environment.get("DEFECTION_RISK_KEYS")
        return cls(
            home=Path(environment.get("DEFECTION_RISK_HOME") or cls.home),
            body_limit=_whole(environment, "DEFECTION_RISK_BODY_LIMIT", cls.body_limit, at_most=64 * MEBIBYTE),
            recheck_seconds=_whole(environment, "DEFECTION_RISK_RECHECK_SECONDS", cls.recheck_seconds, at_most=3600),
            retry_seconds=_whole(environment, "DEFECTION_RISK_RETRY_SECONDS", cls.retry_seconds, at_most=3600),
            key_file=Path(keys) if keys else None,
            rate_limit=_rate(environment, cls.rate_limit),
            limit_storage=_redis(environment),
            trusted_hosts=_several(environment, "DEFECTION_RISK_TRUSTED_HOSTS", HOST, "names of hosts, or *"),
            cors_origins=_several(environment, "DEFECTION_RISK_CORS_ORIGINS", ORIGIN, "origins like https://a.example"),
            proxies=_whole(environment, "DEFECTION_RISK_PROXIES", cls.proxies, at_least=0, at_most=8),
        )


def _whole[Number: (int, float)](
    environment: Mapping[str, str], name: str, default: Number, *, at_least: int = 1, at_most: int
) -> Number | int:
    text = environment.get(name, "")
    if not text:
        return default
    number = int(text) if text.isascii() and text.isdigit() and len(text) < len(str(at_most)) + 1 else -1
    if not at_least <= number <= at_most:
        raise SettingsError(
            f"{name}: must be a whole number from {at_least} to {at_most}; {default:g} where it is not set"
        )
    return number


def _rate(environment: Mapping[str, str], default: str | None) -> str | None:
    text = environment.get("DEFECTION_RISK_RATE_LIMIT", "").strip().lower()
    if not text:
        return default
    if text == NO_LIMIT:
        return None
    if not RATE.fullmatch(text):
        raise SettingsError(
            f"DEFECTION_RISK_RATE_LIMIT: must be a number by second, minute, hour or day, or off; nearest: {default}"
        )
    return text


def _redis(environment: Mapping[str, str]) -> str | None:
    address = environment.get("DEFECTION_RISK_LIMIT_STORAGE", "").strip()
    # Not quoted: it may hold a password.
    if address and not REDIS.fullmatch(address):
        raise SettingsError("DEFECTION_RISK_LIMIT_STORAGE: must be the address of a Redis: redis://127.0.0.1:6379/0")
    return address or None


def _several(environment: Mapping[str, str], name: str, form: re.Pattern[str], what: str) -> tuple[str, ...]:
    texts = tuple(text.strip().lower() for text in environment.get(name, "").split(",") if text.strip())
    if not all(form.fullmatch(text) for text in texts):
        raise SettingsError(f"{name}: must be {what}, separated by commas")
    return texts
