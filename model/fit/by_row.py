"""Evidence row by row, whatever its kind: the share it reports, is expected to, and might have."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from model.evidence.points import Grid
from model.fit.design import Design

Array = NDArray[np.float64]

SHARES = ("rates", "compositions")
"""Nodes that are shares as they stand; the others are counts."""


def bounds(design: Design) -> xr.Dataset:
    """Return what the rows' bounds allow: `NAME_lowest` and `NAME_highest` for each kind, as shares."""
    found: dict[str, Any] = {}
    for name, rows in zip(SHARES, (design.rates, design.compositions), strict=True):
        if rows.ids:
            found |= {f"{name}_lowest": (rows.dim, rows.lowest), f"{name}_highest": (rows.dim, rows.highest)}
    if design.small_counts.ids:
        low, high = (each[:, 0] for each in _count_bounds(design.small_counts.grid))
        found |= {"small_counts_lowest": ("small_count", low), "small_counts_highest": ("small_count", high)}
    if design.lists.ids:
        low, high = _count_bounds(design.lists.grid)
        found |= {"lists_lowest": (("list", "place"), low), "lists_highest": (("list", "place"), high)}
    return xr.Dataset(found, coords=design.coordinates)


def row_by_row(posterior: xr.Dataset, predicted: xr.Dataset, design: Design) -> xr.Dataset:
    """Return, of every row in the order given, the bounds reported, and the draws of the share expected and predicted.

    Parameters
    ----------
    posterior, predicted : xarray.Dataset
        Draws of the model's variables, and replicates of its observed nodes.
    """
    allowed = bounds(design)
    return xr.Dataset({
        "lowest": by_row(allowed, design, suffix="_lowest"),
        "highest": by_row(allowed, design, suffix="_highest"),
        "expected": by_row(posterior, design, prefix="expected_"),
        "predicted": by_row(_shares(predicted, design), design),
    })  # fmt: skip


def _shares(values: xr.Dataset, design: Design) -> xr.Dataset:
    """Return values of the nodes as shares: a count becomes the middle of its interval."""
    found = {name: values[name] for name in SHARES if name in values}
    if "small_counts" in values:
        grid = design.small_counts.grid
        found["small_counts"] = _middle(values["small_counts"], grid.width[:, 0], _total(grid))
    if "lists" in values:
        grid = design.lists.grid
        found["lists"] = _middle(values["lists"], grid.width, _total(grid)[:, None])
    return xr.Dataset(found)


def by_row(values: xr.Dataset, design: Design, *, prefix: str = "", suffix: str = "") -> xr.DataArray:
    """Return one value for each row of evidence, with `row` as the last dimension, in the order of the rows.

    Parameters
    ----------
    values : xarray.Dataset
        With a variable for each kind of evidence that there is, called as the node with a prefix and a suffix.
    """
    parts = []
    shares = {"rates": design.rates, "compositions": design.compositions, "small_counts": design.small_counts}
    for name, rows in shares.items():
        if rows.ids:
            parts.append(_named(values[f"{prefix}{name}{suffix}"].rename({rows.dim: "row"}), rows.ids))
    for at, ids in enumerate(design.lists.rows):
        listed = values[f"{prefix}lists{suffix}"].isel(list=at, place=slice(len(ids)), drop=True)
        parts.append(_named(listed.rename(place="row"), ids))
    if not parts:
        return xr.DataArray(np.zeros(0), dims="row", coords={"row": np.zeros(0, dtype=str)})
    joined: xr.DataArray = xr.concat(parts, dim="row", coords="minimal", compat="override", join="override")
    return joined.sel(row=list(design.row_ids)).transpose(..., "row")


def _named(values: xr.DataArray, ids: tuple[str, ...]) -> xr.DataArray:
    return values.assign_coords(row=list(ids)).rename("share")


def _total(grid: Grid) -> Array:
    total: Array = (grid.total_low + grid.total_high) / 2
    return total


def _middle(low: xr.DataArray, width: Any, total: Any) -> xr.DataArray:
    """Return the middle of the interval that begins with a lowest count, over the middle total."""
    last: xr.DataArray = np.minimum(low + np.maximum(width, 1) - 1, total)
    return (np.maximum(low, 0) + last) / 2 / total


def _count_bounds(grid: Grid) -> tuple[Array, Array]:
    """Return the lowest and the highest share of each place that the bounds of counts and totals allow."""
    lowest = grid.low / grid.total_high[:, None]
    highest = (grid.low + np.maximum(grid.width, 1) - 1) / grid.total_low[:, None]
    return lowest, np.minimum(highest, 1.0)
