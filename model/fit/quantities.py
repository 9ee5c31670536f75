"""Draws of the quantities that claims speak of, as the model samples them and as a reader judges them."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from priors.claims import Quantity


def quantity_draws(draws: xr.Dataset, quantity: Quantity, community: str) -> xr.DataArray | None:
    """Return draws of a quantity on the scale of its prior, or None where the model is not fitted to it.

    Parameters
    ----------
    draws : xarray.Dataset
        Of a prior or a posterior.
    community : str
        The name of the attribute whose shares in each class are claimed.

    Returns
    -------
    DataArray with the dimensions of the draws
        A log hazard ratio, the log cumulative hazard of a risk, or a share.
    """
    if quantity.outside_the_fit is not None:
        return None
    if quantity.scale == "share":
        where = {"service_class": quantity.service_class, community: quantity.level}
        return draws[f"{community}_share"].sel(where, drop=True)
    if quantity.scale == "risk":
        return draws["log_reference_hazard"]
    if quantity.since is not None:
        return draws["log_drift"].sel(drift=quantity.name, drop=True)
    return draws["log_hazard_ratio"].sel(quantity=quantity.name, drop=True)


def on_reader_scale(quantity: Quantity, values: Any) -> Any:
    """Return values of a quantity as a reader judges them: hazard ratios, risks, shares."""
    if quantity.scale == "share":
        return values
    return np.exp(values) if quantity.scale == "hazard ratio" else -np.expm1(-np.exp(values))
