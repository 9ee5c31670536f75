"""What an operator may choose, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from service.errors import SettingsError

MEBIBYTE = 1 << 20


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
    """

    home: Path = Path("var")
    body_limit: int = 2 * MEBIBYTE
    recheck_seconds: float = 2.0
    retry_seconds: float = 30.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Return the settings that an environment states.

        Raises
        ------
        SettingsError
            If a variable holds no allowed value.
        """
        return cls(
            home=Path(environment.get("DEFECTION_RISK_HOME") or cls.home),
            body_limit=_whole(environment, "DEFECTION_RISK_BODY_LIMIT", cls.body_limit, at_most=64 * MEBIBYTE),
            recheck_seconds=_whole(environment, "DEFECTION_RISK_RECHECK_SECONDS", cls.recheck_seconds, at_most=3600),
            retry_seconds=_whole(environment, "DEFECTION_RISK_RETRY_SECONDS", cls.retry_seconds, at_most=3600),
        )


def _whole[Number: (int, float)](
    environment: Mapping[str, str], name: str, default: Number, *, at_most: int
) -> Number | int:
    text = environment.get(name, "")
    if not text:
        return default
    number = int(text) if text.isascii() and text.isdigit() and len(text) < len(str(at_most)) + 1 else 0
    if not 1 <= number <= at_most:
        raise SettingsError(f"{name}: must be a whole number from 1 to {at_most}; {default:g} where it is not set")
    return number
