"""Numbers that an outlook supposes: stated, or drawn from what a study has an interval of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.risk.errors import OutlookError
from model.risk.summaries import rounded
from priors.moves import BOUNDS, Supposition

Values = NDArray[np.float64]

YOURS, ELICITED = "yours", "elicited"
MANY: Final = 100_001
"""Draws by which the median of a distribution is told where no formula gives it."""


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number that is supposed: stated, or drawn from a distribution once for each draw of the parameters.

    Attributes
    ----------
    scale : str
        A key of `priors.moves.BOUNDS`.
    whose : str
        "yours" where it was stated, "elicited" where the study has an interval, or the prior set it is from.
    value : float or None
        As stated.
    family : str
        "Beta", or "Normal" of the log.
    parameters : tuple of float
    interval : tuple of float or None
        Of 90 %, as it was stated.
    basis, source : str
        What the interval rests on; empty where there is none.
    """

    scale: str
    whose: str = YOURS
    value: float | None = None
    family: str = "Normal"
    parameters: tuple[float, float] = (0.0, 0.0)
    interval: tuple[float, float] | None = None
    basis: str = ""
    source: str = ""

    @classmethod
    def stated(cls, name: str, value: float, scale: str) -> Number:
        """Return a number that a question states.

        Raises
        ------
        OutlookError
            If it is out of the bounds of its scale.
        """
        check(name, value, *BOUNDS[scale])
        return cls(scale=scale, value=value)

    @classmethod
    def elicited(cls, kept: Mapping[str, Any], said: Supposition) -> Number:
        """Return a number of which the study has an interval, with the distribution that a version keeps of it."""
        return cls(
            scale=said.scale,
            whose=ELICITED,
            family=kept["family"],
            parameters=tuple(kept["parameters"]),
            interval=said.interval,
            basis=said.basis,
            source=said.source,
        )

    def drawn(self, count: int, generator: np.random.Generator) -> Values:
        """Return it for each of so many draws."""
        if self.value is not None:
            return np.full(count, self.value)
        if self.family == "Beta":
            return generator.beta(*self.parameters, size=count)
        return np.exp(generator.normal(*self.parameters, size=count))

    @property
    def median(self) -> float:
        """The middle of its distribution: of a beta, of so many draws that their error does not show."""
        if self.family == "Beta":
            return float(np.median(self.drawn(MANY, np.random.default_rng(0))))
        return float(np.exp(self.parameters[0])) if self.value is None else self.value

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        told = {"whose": self.whose, "scale": self.scale, "median": rounded(self.median)}
        if self.interval is not None:
            told["interval_90"] = [rounded(bound) for bound in self.interval]
        return told | {name: text for name, text in (("basis", self.basis), ("source", self.source)) if text}


def check(name: str, value: float, lower: float, upper: float) -> None:
    """Raise OutlookError unless a value lies between bounds; it names the field, the rule and the nearest value."""
    if not lower <= value <= upper:
        nearest = lower if value < lower else upper
        raise OutlookError(f"{name}: must be a number from {lower:g} to {upper:g}; nearest: {nearest:g}")


def check_against(against: str, allowed: Sequence[str]) -> None:
    """Raise OutlookError unless what something is set against is one of what it may be."""
    if against not in allowed:
        raise OutlookError(f"against: must be one of {', '.join(allowed)}")
