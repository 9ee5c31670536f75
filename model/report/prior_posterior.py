"""Prior and posterior side by side: what the claims said of each quantity, and what it is after the evidence."""

from __future__ import annotations

from typing import Any

import arviz as az
import numpy as np
import xarray as xr

from model.report.drawing import POSTERIOR, PRIOR, WIDTH, Figure, decades, draw, legend_below, relabel, title
from model.report.material import Material, quantiles
from model.report.section import Section
from model.report.threads import rows_about_quantity
from model.report.trust import width_left
from model.report.words import number, share, whole_percent

COLUMNS = 2

PERCENTAGE = 100
RARE = 0.01
"""A risk or a share whose prior median is less is drawn on a scale of logarithms."""


def prior_posterior(material: Material) -> Section:
    """Return the section that sets priors beside posteriors."""
    entries = [_entry(material, prior) for prior in material.manifest["priors"]]
    figure = _densities(material)
    return Section("priors", "Prior and posterior, side by side", {figure.name: figure}, {"quantities": entries})


def _entry(material: Material, prior: dict[str, Any]) -> dict[str, Any]:
    name = prior["quantity"]
    about, draws = material.quantities[name], material.draws("posterior", name)
    write = number if about.scale == "hazard ratio" else share
    entry = {
        "name": name,
        "definition": prior["definition"],
        "scale": about.scale,
        "distribution": prior["distribution"],
        "claims": prior["claims"],
        "rows": rows_about_quantity(material, name),
        "prior": " to ".join(map(write, prior["interval_90"])),
        "outside": about.outside_the_fit,
    }
    if draws is None:
        return entry
    low, middle, high = (write(float(material.reader_scale(name, value))) for value in quantiles(draws))
    return entry | {
        "posterior": f"{low} to {high}",
        "median": middle,
        "width": whole_percent(width_left(material, name)),
    }


def _densities(material: Material) -> Figure:
    fitted = material.fitted
    widths = {name: width_left(material, name) for name in fitted}
    most, least = min(widths, key=widths.__getitem__), max(widths, key=widths.__getitem__)
    caption = (
        f"The evidence narrows “{material.label(most)}” most, to {whole_percent(widths[most])} of its prior standard "
        f"deviation, and “{material.label(least)}” least, to {whole_percent(widths[least])}."
    )
    groups = {group: _dataset(material, group, fitted) for group in ("posterior", "prior")}

    def plot() -> Any:
        rows = -(-len(fitted) // COLUMNS)
        drawn = az.plot_prior_posterior(
            xr.DataTree.from_dict(groups),
            kind="kde",
            cols=["__variable__"],
            col_wrap=COLUMNS,
            aes={"color": ["group"]},
            color=[PRIOR, POSTERIOR],
            visuals={"point_estimate_text": False, "point_estimate": False, "credible_interval": False},
            figure_kwargs={"figsize": (WIDTH, 1.6 * rows), "layout": "constrained"},
        )
        figure = drawn.viz["figure"].item()
        legend_below(figure)
        for name, axis in zip(fitted, figure.axes, strict=False):
            _write_axis(material, name, axis)
        return drawn

    alt = f"Densities of {len(fitted)} quantities before and after the evidence; the table below has the numbers."
    return draw("figure-priors", alt=alt, caption=caption, by=plot)


def _dataset(material: Material, group: str, fitted: list[str]) -> xr.Dataset:
    return xr.Dataset({name: _drawn(material, group, name) for name in fitted})


def _drawn(material: Material, group: str, quantity: str) -> xr.DataArray:
    """Return draws as they are drawn: common logarithms of hazard ratios and of what is rare, the rest as they are."""
    values = material.reader_scale(quantity, material.draws(group, quantity))
    drawn: xr.DataArray = np.log10(values) if _is_ratio(material, quantity) or _is_rare(material, quantity) else values
    return drawn


def _is_ratio(material: Material, quantity: str) -> bool:
    return material.quantities[quantity].scale == "hazard ratio"


def _is_rare(material: Material, quantity: str) -> bool:
    return bool(np.median(material.reader_scale(quantity, material.draws("prior", quantity))) < RARE)


def _write_axis(material: Material, quantity: str, axis: Any) -> None:
    axis.set_title(title(material.label(quantity)))
    axis.set_xlabel(material.quantities[quantity].scale, fontsize=8)
    if _is_ratio(material, quantity):
        decades(axis.xaxis)
    elif _is_rare(material, quantity):
        decades(axis.xaxis, per=PERCENTAGE, unit=" %")
    else:
        relabel(axis.xaxis, lambda value: f"{PERCENTAGE * value:.3g} %")
