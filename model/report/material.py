"""What a report is made from: a fit's tree and manifest, and the study that it was fitted to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from model.fit.draws import draws_of_cells
from model.fit.quantities import on_reader_scale, quantity_draws
from model.risk.draws import Draws
from priors.claims import Quantity
from priors.study import Study
from priors.vocabulary import Attribute, Vocabulary

MASS = (0.05, 0.5, 0.95)
"""The quantiles that a table gives: a median, and the ends of the equal-tailed 90 % interval."""

LONGEST_LABEL = 60
"""Characters of a definition that fit above a panel; a quantity of which more would be told goes by its name."""


@dataclass(frozen=True, eq=False)
class Material:
    """A fit, to be reported on.

    Attributes
    ----------
    tree : xarray.DataTree
        What `posterior.nc` holds.
    manifest : mapping
        Of the version; what the archive adds (version, created) may be missing.
    study : Study
        The one that was fitted.
    """

    tree: xr.DataTree
    manifest: Mapping[str, Any]
    study: Study

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the study."""
        return self.study.vocabulary

    @cached_property
    def quantities(self) -> dict[str, Quantity]:
        """What each claimed quantity is, by name, in the order of the priors."""
        known = {quantity.name: quantity for quantity in self.study.claims.quantities}
        return {prior["quantity"]: known[prior["quantity"]] for prior in self.manifest["priors"]}

    def label(self, quantity: str) -> str:
        """Return what a quantity is called in a figure, without slashes, and like no other."""
        return self._labels[quantity]

    @cached_property
    def _labels(self) -> dict[str, str]:
        """Each quantity's definition up to the first comma, or its name where that is long or also another's."""
        short = {
            name: about.definition.partition(",")[0].strip().replace("/", " or ")
            for name, about in self.quantities.items()
        }
        shared = Counter(short.values())
        return {
            name: label if shared[label] == 1 and 0 < len(label) <= LONGEST_LABEL else name.replace("_", " ")
            for name, label in short.items()
        }

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
        about, community = self.quantities[quantity], self.vocabulary.community.name
        return quantity_draws(self.tree[group].to_dataset(), about, community)

    @cached_property
    def risks(self) -> Draws:
        """The posterior draws of the hazard of every cell and of who serves."""
        return draws_of_cells(self.tree["posterior"].to_dataset(), self.vocabulary, self.study.claims.moving)

    @property
    def fitted(self) -> list[str]:
        """The names of the quantities that the evidence can move."""
        return [name for name, about in self.quantities.items() if about.outside_the_fit is None]

    @property
    def effects(self) -> dict[str, xr.DataArray]:
        """The posterior draws of the risk and the hazard ratios that the model is fitted to, in logs, by name."""
        fitted = (name for name, about in self.quantities.items() if about.scale != "share")
        drawn = {name: self.draws("posterior", name) for name in fitted}
        return {name: draws for name, draws in drawn.items() if draws is not None}

    def ladder(self, attribute: Attribute) -> dict[str, xr.DataArray]:
        """Return posterior draws of the log hazard ratio of each level of an ordered attribute to its lowest."""
        spans = (name for name, about in self.quantities.items() if about.attribute == attribute.name)
        span = self.effects[next(spans)]
        lowest, *between, highest = attribute.names
        shape = f"{attribute.name}_shape"
        rungs = {
            level: span * self.tree["posterior"][shape].sel({f"{attribute.name}_between": level}, drop=True)
            for level in between
        }
        return {lowest: xr.zeros_like(span), **rungs, highest: span}

    def reader_scale(self, quantity: str, values: Any) -> Any:
        """Return values of a quantity as a reader judges them: hazard ratios, risks, shares."""
        return on_reader_scale(self.quantities[quantity], values)


def quantiles(draws: xr.DataArray) -> tuple[float, float, float]:
    """Return the lower end, the median and the upper end of what a table gives, over chains and draws."""
    lower, median, upper = np.quantile(draws.to_numpy(), MASS)
    return float(lower), float(median), float(upper)
