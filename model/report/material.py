"""What a report is made from: a fit's tree and manifest, and the words and claims it was fitted with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from model.fit.knowledge import Knowledge
from priors.claims import Claim, Quantity
from priors.vocabulary import Vocabulary

MASS = (0.05, 0.5, 0.95)
"""The quantiles that a table gives: a median, and the ends of the equal-tailed 90 % interval."""


@dataclass(frozen=True, eq=False)
class Material:
    """A fit, to be reported on.

    Attributes
    ----------
    tree : xarray.DataTree
        What `posterior.nc` holds.
    manifest : mapping
        Of the version; what the archive adds (version, created) may be missing.
    knowledge : Knowledge
        The vocabulary and the claims.
    """

    tree: xr.DataTree
    manifest: Mapping[str, Any]
    knowledge: Knowledge

    @property
    def vocabulary(self) -> Vocabulary:
        """The words and the study."""
        return self.knowledge.vocabulary

    @cached_property
    def quantities(self) -> dict[str, Quantity]:
        """What each claimed quantity is, by name, in the order of the priors."""
        known = {quantity.name: quantity for quantity in self.knowledge.claims.quantities}
        return {prior["quantity"]: known[prior["quantity"]] for prior in self.manifest["priors"]}

    def label(self, quantity: str) -> str:
        """Return what a quantity is called in a figure: its definition up to the first comma, without slashes."""
        return self.quantities[quantity].definition.partition(",")[0].replace("/", " or ")

    def draws(self, group: str, quantity: str) -> xr.DataArray | None:
        """Return the draws of a quantity as the model samples it, or None where it is not fitted.

        Parameters
        ----------
        group : str
            `posterior` or `prior`.

        Returns
        -------
        DataArray with dimensions chain and draw
            A log hazard ratio, the log cumulative hazard of a risk, or a share.
        """
        about = self.quantities[quantity]
        if about.outside_the_fit is not None:
            return None
        if about.scale == "share":
            return self.tree[group]["sect_share"].sel(service_class=about.service_class, sect=about.level, drop=True)
        if about.scale == "risk":
            return self.tree[group]["log_reference_hazard"]
        return self.tree[group]["log_hazard_ratio"].sel(quantity=quantity, drop=True)

    @property
    def effects(self) -> dict[str, xr.DataArray]:
        """The posterior draws of the risk and the hazard ratios that the model is fitted to, in logs, by name."""
        fitted = (name for name, about in self.quantities.items() if about.scale != "share")
        drawn = {name: self.draws("posterior", name) for name in fitted}
        return {name: draws for name, draws in drawn.items() if draws is not None}

    def span(self, attribute: str) -> xr.DataArray:
        """Return the posterior draws of the log hazard ratio of an ordered attribute's highest level to its lowest."""
        spans = (name for name, about in self.quantities.items() if about.attribute == attribute and not about.levels)
        return self.effects[next(spans)]

    def reader_scale(self, quantity: str, values: Any) -> Any:
        """Return values of a quantity as a reader judges them: hazard ratios, risks, shares."""
        scale = self.quantities[quantity].scale
        if scale == "share":
            return values
        return np.exp(values) if scale == "hazard ratio" else -np.expm1(-np.exp(values))

    @cached_property
    def claims(self) -> dict[str, Claim]:
        """The claims as they are bundled, by id; only those whose words the manifest still has."""
        bundled = {claim.id: claim for claim in self.knowledge.claims.claims}
        return {
            entry["id"]: bundled[entry["id"]]
            for entry in self.manifest["claims"]
            if entry["id"] in bundled and bundled[entry["id"]].quote == entry["quote"]
        }


def quantiles(draws: xr.DataArray) -> tuple[float, float, float]:
    """Return the lower end, the median and the upper end of what a table gives, over chains and draws."""
    lower, median, upper = np.quantile(draws.to_numpy(), MASS)
    return float(lower), float(median), float(upper)
