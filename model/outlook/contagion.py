"""Contagion: what an outlook supposes of how defections spread within a community."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.outlook.force import selected
from model.outlook.numbers import Number, check, check_against
from model.outlook.timing import MOST_MONTHS
from model.risk.errors import MoveError, OutlookError
from priors.moves import Selection, Spreading
from priors.vocabulary import Vocabulary

AGAINST: Final = ("expected", "none")
HEAVIEST: Final = 10.0
STRONGEST: Final = 2.5
"""Of the log of a ratio of contagion: e^2.5 is 12."""


@dataclass(frozen=True, kw_only=True)
class Contagion:
    """Recent defections of one's own community raise the hazard, or lower it.

    The hazard is multiplied by `ratio ** log2((1 + recent) / (1 + expected))`: once for each doubling. `recent` is
    how many of one's own community in the force defected in the last months, each counting beside the one that would
    have it start from 1, so that the first is a doubling. `expected` is how many would have, by the same draw
    and without moves: the fitted hazards come from a war in which defection already spread as it did. Against "none"
    it is 0 instead, and what the fit holds already is counted again.

    Attributes
    ----------
    ratio : Number
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

    ratio: Number
    months: int = 3
    against: str = "expected"
    services: Selection = field(default_factory=dict)
    services_weight: float = 1.0
    already: Mapping[str, int] = field(default_factory=dict)
    claims: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.ratio.value is not None:
            check("ratio", self.ratio.value, 1 / HEAVIEST, HEAVIEST)
        check("log of the ratio of contagion", self.ratio.parameters[0], -STRONGEST, STRONGEST)
        check("deviation of the log of the ratio of contagion", self.ratio.parameters[1], 0, STRONGEST)
        check("months", self.months, 0, MOST_MONTHS)
        check("services_weight", self.services_weight, 0, HEAVIEST)
        check_against(self.against, AGAINST)

    @classmethod
    def stated(cls, ratio: float, **options: Any) -> Contagion:
        """Return contagion of a ratio that is simply supposed; 1 has none.

        Raises
        ------
        OutlookError
            If the ratio, or an option, is out of bounds.
        """
        return cls(ratio=Number(scale="hazard ratio", value=ratio), **options)

    @classmethod
    def from_prior(
        cls, manifest: Mapping[str, Any], spreading: Spreading, prior_set: str | None = None, **options: Any
    ) -> Contagion:
        """Return contagion of the ratio that the claims speak of; no evidence row resolves it, so it is the prior's.

        Parameters
        ----------
        manifest : mapping
            Of the version; keeps the parameters of its own priors, and of every prior set.
        spreading : Spreading
            Of its study: the quantity that the ratio is drawn from, and the services.
        prior_set : str, optional
            By default that of the fit, with the claims it was fitted without left out.

        Raises
        ------
        OutlookError
            If there is no such prior set, or an option is out of bounds.
        MoveError
            If its study has no such quantity.
        """
        sets = manifest.get("prior_sets", {})
        if prior_set is not None and sets and prior_set not in sets:
            raise OutlookError(f"prior_set: must be one of {', '.join(sets)}")
        priors = manifest.get("priors", []) if prior_set is None else sets.get(prior_set, [])
        prior = next((each for each in priors if each["quantity"] == spreading.quantity and "parameters" in each), None)
        if prior is None:
            raise MoveError(
                "prior_set: the study of this version has no quantity that contagion is drawn from; state a ratio"
            )
        ratio = Number(
            scale="hazard ratio",
            whose=prior_set or str(manifest["prior_set"]),
            parameters=tuple(prior["parameters"]),
            interval=tuple(prior["interval_90"]) if "interval_90" in prior else None,
        )
        return cls(ratio=ratio, claims=tuple(prior["claims"]), services=spreading.services, **options)

    def among(self, vocabulary: Vocabulary) -> NDArray[np.bool_]:
        """Return which cells are of the services, shape (cell,)."""
        return selected([self.services] if self.services else [], vocabulary)

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        return {
            "name": "contagion",
            "says": "Recent defections of one's own community raise the hazard, or lower it.",
            "numbers": {"ratio": self.ratio.as_dict()},
            "months": self.months,
            "against": self.against,
            "services_weight": self.services_weight,
            "already": dict(self.already),
            "claims": list(self.claims),
        }
