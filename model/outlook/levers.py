"""What may be supposed to change hazards while an outlook runs: contagion, reprisal, offers; all off by default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.outlook.force import selected
from model.outlook.timing import months_later
from model.risk.errors import LeverError, OutlookError
from model.risk.summaries import rounded
from priors.cases import Behind
from priors.study import Selection
from priors.vocabulary import Vocabulary

AGAINST: Final = ("expected", "none")
STATED: Final = "stated"
MOST_MONTHS: Final = 60
LARGEST_FACTOR: Final = 100.0
HEAVIEST: Final = 10.0
STRONGEST: Final = 2.5
"""Of the log of a ratio of contagion: e^2.5 is 12."""


@dataclass(frozen=True, kw_only=True)
class Contagion:
    """Recent defections of one's own community raise the hazard, or lower it.

    The hazard is multiplied by `ratio ** log2((1 + recent) / (1 + expected))`: once for each doubling. `recent` is
    how many of one's own community in the force defected in the last months, each counting beside the one that would
    have it start from 1, so that the first is a doubling. `expected` is how many would have, by the same draw
    and without levers: the fitted hazards come from a war in which defection already spread as it did. Against "none"
    it is 0 instead, and what the fit holds already is counted again.

    Attributes
    ----------
    log_ratio : tuple of float
        Mean and standard deviation of the normal that the log of the ratio is drawn from, once for each draw.
    source : str
        The prior set it is from, or "stated".
    months : int
        For how long a defection is recent.
    against : str
        "expected" or "none".
    services : Selection
        Those who serve where the regime watches its own, as in intelligence; empty where the study knows of none.
    services_weight : float
        Among these the recent defections of one's own community there count again, with this weight less 1.
    already : mapping of str to int
        By community, defections outside the force which at the start of the window have just become known.
    claims : tuple of str
    """

    log_ratio: tuple[float, float]
    source: str = STATED
    months: int = 3
    against: str = "expected"
    services: Selection = field(default_factory=dict)
    services_weight: float = 1.0
    already: Mapping[str, int] = field(default_factory=dict)
    claims: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        mean, deviation = self.log_ratio
        _check("log of the ratio of contagion", mean, -STRONGEST, STRONGEST)
        _check("deviation of the log of the ratio of contagion", deviation, 0, STRONGEST)
        _check("months", self.months, 0, MOST_MONTHS)
        _check("services_weight", self.services_weight, 0, HEAVIEST)
        if self.against not in AGAINST:
            raise OutlookError(f"against: must be one of {', '.join(AGAINST)}")

    @classmethod
    def stated(cls, ratio: float, **options: Any) -> Contagion:
        """Return contagion of a ratio that is simply supposed; 1 has none.

        Raises
        ------
        OutlookError
            If the ratio, or an option, is out of bounds.
        """
        _check("ratio", ratio, 1 / HEAVIEST, HEAVIEST)
        return cls(log_ratio=(float(np.log(ratio)), 0.0), **options)

    @classmethod
    def from_prior(
        cls, manifest: Mapping[str, Any], behind: Behind, prior_set: str | None = None, **options: Any
    ) -> Contagion:
        """Return contagion of the ratio that the claims speak of; no evidence row resolves it, so it is the prior's.

        Parameters
        ----------
        manifest : mapping
            Of the version; keeps the parameters of its own priors, and of every prior set.
        behind : Behind
            Of its study: the quantity that the ratio is drawn from, and the services.
        prior_set : str, optional
            By default that of the fit, with the claims it was fitted without left out.

        Raises
        ------
        OutlookError
            If there is no such prior set, or an option is out of bounds.
        LeverError
            If its study has no such quantity.
        """
        sets = manifest.get("prior_sets", {})
        if prior_set is not None and sets and prior_set not in sets:
            raise OutlookError(f"prior_set: must be one of {', '.join(sets)}")
        priors = manifest.get("priors", []) if prior_set is None else sets.get(prior_set, [])
        prior = next((each for each in priors if each["quantity"] == behind.contagion and "parameters" in each), None)
        if prior is None:
            raise LeverError(
                "prior_set: the study of this version has no quantity that contagion is drawn from; state a ratio"
            )
        mean, deviation = prior["parameters"]
        source = prior_set or str(manifest["prior_set"])
        return cls(
            log_ratio=(mean, deviation),
            source=source,
            claims=tuple(prior["claims"]),
            services=behind.services,
            **options,
        )

    def among(self, vocabulary: Vocabulary) -> NDArray[np.bool_]:
        """Return which cells are of the services, shape (cell,)."""
        return selected([self.services] if self.services else [], vocabulary)

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        mean, deviation = self.log_ratio
        return {
            "name": "contagion",
            "ratio": {"source": self.source, "median": rounded(float(np.exp(mean))), "log_sd": rounded(deviation)},
            "months": self.months,
            "against": self.against,
            "services_weight": self.services_weight,
            "already": dict(self.already),
            "claims": list(self.claims),
        }


@dataclass(frozen=True, kw_only=True)
class Reprisal:
    """After a defection the hazard of those like him is multiplied by a factor, for some months.

    Attributes
    ----------
    factor : float
        1 changes nothing. It applies once, however many defected.
    months : int
    same : tuple of str
        The attributes in which one is like him.
    """

    factor: float
    same: tuple[str, ...]
    months: int = 6
    claims: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check("factor", self.factor, 0, LARGEST_FACTOR)
        _check("months", self.months, 0, MOST_MONTHS)

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        return {
            "name": "reprisal",
            "factor": self.factor,
            "months": self.months,
            "same": list(self.same),
            "claims": list(self.claims),
        }


@dataclass(frozen=True, kw_only=True)
class Offer:
    """From a day on, for some months or for good, the hazard of those selected is multiplied by a factor; 1 is none."""

    factor: float
    selection: Selection
    start: date
    months: int | None = None
    claims: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check("factor", self.factor, 0, LARGEST_FACTOR)
        if self.months is not None:
            _check("months", self.months, 1, MOST_MONTHS)

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which it changes something: the first, and the one after the last if there is one."""
        return (self.start,) if self.months is None else (self.start, months_later(self.start, self.months))

    def holds(self, day: date) -> bool:
        """Whether it is open on a day."""
        return self.days[0] <= day and (self.months is None or day < self.days[-1])

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        return {
            "name": "incentive",
            "factor": self.factor,
            "from": str(self.start),
            "months": self.months,
            "for": {name: list(words) for name, words in self.selection.items()},
            "claims": list(self.claims),
        }


@dataclass(frozen=True)
class Levers:
    """The levers in force; none by default."""

    contagion: Contagion | None = None
    reprisal: Reprisal | None = None
    offers: tuple[Offer, ...] = ()

    def among(self, attributes: Sequence[str]) -> Levers:
        """Return the levers with the attributes of reprisal in the order of those there are.

        Raises
        ------
        OutlookError
            If it names another.
        """
        if self.reprisal is None:
            return self
        if unknown := set(self.reprisal.same) - set(attributes):
            raise OutlookError(f"same: must name attributes, not {len(unknown)} others: {', '.join(attributes)}")
        same = tuple(name for name in attributes if name in self.reprisal.same)
        return replace(self, reprisal=replace(self.reprisal, same=same))

    def as_list(self) -> list[dict[str, Any]]:
        """Return those in force as they stand in an answer."""
        return [lever.as_dict() for lever in (self.contagion, self.reprisal, *self.offers) if lever is not None]


def _check(name: str, value: float, lower: float, upper: float) -> None:
    if not lower <= value <= upper:
        nearest = lower if value < lower else upper
        raise OutlookError(f"{name}: must be a number from {lower:g} to {upper:g}; nearest: {nearest:g}")
