"""Evidence row by row, whatever its kind: what it reports, is expected to, and might have; and how probable that is."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import binom

from model.evidence.points import Grid
from model.fit.design import Bounded, Design

Array = NDArray[np.float64]

TERM_DIMS = {"men": "man_count", "shares": "share", "small_counts": "small_count", "lists": "list"}
"""The observed nodes of the evidence rows, and the dimension of the terms of each."""

LOCATED = {"men": np.log, "shares": logit}
"""What leads from men, or shares, to the scale of their bounds."""

SEED = 20120803
"""Of the errors of what rows might have reported."""


def bounds(design: Design) -> xr.Dataset:
    """Return what the rows' bounds allow: `NAME_lowest` and `NAME_highest` for each kind, as men or as shares."""
    found: dict[str, Any] = {}
    for name, rows, scale in _bounded(design):
        found |= {f"{name}_lowest": (rows.dim, scale(rows.lower)), f"{name}_highest": (rows.dim, scale(rows.upper))}
    if design.small_counts.ids:
        low, high = (each[:, 0] for each in _count_bounds(design.small_counts.grid))
        found |= {"small_counts_lowest": ("small_count", low), "small_counts_highest": ("small_count", high)}
    if design.lists.ids:
        low, high = _count_bounds(design.lists.grid)
        found |= {"lists_lowest": (("list", "place"), low), "lists_highest": (("list", "place"), high)}
    return xr.Dataset(found, coords=design.coordinates)


def row_by_row(posterior: xr.Dataset, predicted: xr.Dataset, log_likelihood: xr.Dataset, design: Design) -> xr.Dataset:
    """Return what is reported, expected and predicted of every row, and how probable each report is, draw by draw.

    Parameters
    ----------
    posterior, predicted : xarray.Dataset
        Draws of the model's variables, and replicates of its observed nodes.
    log_likelihood : xarray.Dataset
        Of each observed node, term by term.

    Returns
    -------
    xarray.Dataset
        By `row`, in the order given: `lowest`, `highest`, `expected` and `predicted`, in men where a row counts among
        all who serve and else as shares. By `term`, a row that stands alone or a list: `log_likelihood`. By `counted`,
        the rows that stand alone: the probability that another report would be `at_least` the lower bound, and
        `at_most` the upper. By `bounded`, those known within bounds on the log or the logit: their `location`,
        `softness`, `lower` and `upper`.
    """
    allowed = bounds(design)
    found = xr.Dataset({
        "lowest": by_row(allowed, design, suffix="_lowest"),
        "highest": by_row(allowed, design, suffix="_highest"),
        "expected": by_row(posterior, design, prefix="expected_"),
        "predicted": by_row(_reports(posterior, predicted, design), design),
    })  # fmt: skip
    return found.merge(judged(posterior, log_likelihood, design))


def judged(posterior: xr.Dataset, log_likelihood: xr.Dataset, design: Design) -> xr.Dataset:
    """Return how probable each report is, draw by draw: what `row_by_row` has by term, counted and bounded row."""
    terms = by_term(log_likelihood)
    found = xr.Dataset() if terms is None else terms.to_dataset(name="log_likelihood")
    return found.merge(_located(posterior, design)).merge(_tails(posterior, design))


def by_term(log_likelihood: xr.Dataset) -> xr.DataArray | None:
    """Return the log likelihood of each term of the evidence, a row that stands alone or a list; None without any."""
    parts = [
        log_likelihood[name].rename({dim: "term"}).rename("log_likelihood")
        for name, dim in TERM_DIMS.items()
        if name in log_likelihood
    ]
    return _joined(parts, "term") if parts else None


def by_row(values: xr.Dataset, design: Design, *, prefix: str = "", suffix: str = "") -> xr.DataArray:
    """Return one value for each row of evidence, with `row` as the last dimension, in the order of the rows.

    Parameters
    ----------
    values : xarray.Dataset
        With a variable for each kind of evidence that there is, called as the node with a prefix and a suffix.
    """
    parts = []
    for name, rows in (("men", design.men), ("shares", design.shares), ("small_counts", design.small_counts)):
        if rows.ids:
            parts.append(_named(values[f"{prefix}{name}{suffix}"].rename({rows.dim: "row"}), rows.ids))
    for at, ids in enumerate(design.lists.rows):
        listed = values[f"{prefix}lists{suffix}"].isel(list=at, place=slice(len(ids)), drop=True)
        parts.append(_named(listed.rename(place="row"), ids))
    if not parts:
        return xr.DataArray(np.zeros(0), dims="row", coords={"row": np.zeros(0, dtype=str)})
    return _joined(parts, "row").sel(row=list(design.row_ids))


def _bounded(design: Design) -> list[tuple[str, Bounded, Any]]:
    """Return the kinds of rows known within bounds, each with what leads from its scale to men or shares."""
    kinds = (("men", design.men, np.exp), ("shares", design.shares, expit))
    return [each for each in kinds if each[1].ids]


def _located(posterior: xr.Dataset, design: Design) -> xr.Dataset:
    """Return where each row known within bounds is expected, on the scale of its bounds, beside these."""
    parts = [
        xr.Dataset(
            {
                "location": LOCATED[name](posterior[f"expected_{name}"]).rename({rows.dim: "bounded"}),
                **{part: ("bounded", getattr(rows, part)) for part in ("softness", "lower", "upper")},
            }
        ).assign_coords(bounded=list(rows.ids))
        for name, rows, _ in _bounded(design)
    ]
    return xr.concat(parts, dim="bounded") if parts else xr.Dataset()


def _tails(posterior: xr.Dataset, design: Design) -> xr.Dataset:
    """Return, draw by draw, how probable reports on either side of the bounds of rows that stand alone are."""
    parts = []
    located = _located(posterior, design)
    if located:
        above, below = (located["location"] - located["lower"]), (located["upper"] - located["location"])
        tails = {"at_least": above / located["softness"], "at_most": below / located["softness"]}
        parts.append(xr.Dataset({name: expit(each) for name, each in tails.items()}).rename(bounded="counted"))
    if design.small_counts.ids:
        grid, share = design.small_counts.grid, posterior["expected_small_counts"].rename(small_count="counted")
        at_least, at_most = xr.zeros_like(share), xr.zeros_like(share)
        for place in range(len(grid.low)):
            each = share.isel(counted=place).to_numpy()[..., None]
            total = np.unique(np.linspace(grid.total_low[place], grid.total_high[place], 9).round())
            low, high = grid.low[place, 0], grid.low[place, 0] + grid.width[place, 0] - 1
            at_least[..., place] = binom.sf(low - 1, total, each).mean(axis=-1)
            at_most[..., place] = binom.cdf(high, total, each).mean(axis=-1)
        parts.append(xr.Dataset({"at_least": at_least, "at_most": at_most}))
    return xr.concat(parts, dim="counted") if parts else xr.Dataset()


def _reports(posterior: xr.Dataset, values: xr.Dataset, design: Design) -> xr.Dataset:
    """Return what rows might have reported, as men or shares.

    Of a count it is the middle of the interval that a replicate tells; of what lies within bounds on a continuous
    scale, whose intervals may be wide, a number with the row's own error about what is expected.
    """
    generator, found = np.random.default_rng(SEED), {}
    for name, rows, scale in _bounded(design):
        location = LOCATED[name](posterior[f"expected_{name}"])
        found[name] = scale(location + generator.logistic(scale=rows.softness, size=location.shape))
    if "small_counts" in values:
        grid = design.small_counts.grid
        found["small_counts"] = _middle(values["small_counts"], grid.width[:, 0], _total(grid))
    if "lists" in values:
        grid = design.lists.grid
        found["lists"] = _middle(values["lists"], grid.width, _total(grid)[:, None])
    return xr.Dataset(found)


def _named(values: xr.DataArray, ids: tuple[str, ...]) -> xr.DataArray:
    return values.assign_coords(row=list(ids)).rename("share")


def _joined(parts: list[xr.DataArray], dim: str) -> xr.DataArray:
    """Return values laid end to end along a dimension, which comes last."""
    joined: xr.DataArray = xr.concat(parts, dim=dim, coords="minimal", compat="override", join="override")
    return joined.transpose(..., dim)


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
