"""Who leaves, and when: effects as hazard ratios, the steps of ordered attributes, and the baseline over time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib import dates

from model.report.drawing import INK, MUTED, POSTERIOR, WIDTH, Figure, decades, draw, forest
from model.report.material import Material, quantiles
from model.report.section import Section
from model.report.words import counted, listed, number, people_in_words
from priors.study import Period

PER = 1_000


def effects(material: Material) -> Section:
    """Return the section on effects and time."""
    ratios = _hazard_ratios(material)
    figures = (_forest(ratios), _steps(material), _over_time(material))
    monthly = _monthly_hazard(material)
    return Section(
        "effects",
        "Who leaves, and when",
        {figure.name: figure for figure in figures},
        {
            "ratios": [(name, *map(number, quantiles(draws))) for name, draws in ratios.items()],
            "reference": _reference(material),
            "months": [
                (str(period), *map(number, quantiles(PER * monthly.sel(period=period))))
                for period in monthly["period"].to_numpy()
            ],
        },
    )


def _hazard_ratios(material: Material) -> dict[str, xr.DataArray]:
    """Return draws of the hazard ratio of each level to the reference, and of each ladder's top to its foot."""
    posterior, ratios = material.tree["posterior"], {}
    for attribute in material.vocabulary.attributes:
        name, levels = attribute.name, attribute.names
        if attribute.ordered:
            ratios[f"{levels[-1]} to {levels[0]}"] = np.exp(material.span(name))
            continue
        for level in levels:
            if level != attribute.reference:
                effect = posterior[f"{name}_effect"].sel({f"{name}_compared": level}, drop=True)
                ratios[f"{level.title()} to {attribute.reference.title()}"] = np.exp(effect)
    return ratios


def _forest(ratios: dict[str, xr.DataArray]) -> Figure:
    ends = {name: quantiles(draws) for name, draws in ratios.items()}
    strongest = max(ends, key=lambda name: abs(np.log(ends[name][1])))
    low, middle, high = ends[strongest]
    straddling = [name for name, (lower, _, upper) in ends.items() if lower < 1 < upper]
    told = (
        f"1 lies within the 90 % interval of {listed(f'“{name}”' for name in straddling)}, whose direction is thus open"
        if straddling
        else "1 lies within no 90 % interval"
    )
    caption = (
        f"The strongest of {counted(len(ends), 'effect')} is “{strongest}”, which multiplies the hazard by "
        f"{number(middle)} (90 % interval: {number(low)} to {number(high)}); {told}."
    )
    alt = f"Forest plot of {len(ratios)} hazard ratios, all else equal; the table below has the numbers."
    logs = {name: np.log(draws) for name, draws in ratios.items()}
    return draw("figure-effects", alt=alt, caption=caption, by=lambda: _plot(logs))


def _plot(logs: dict[str, xr.DataArray]) -> Any:
    """Draw a forest of log hazard ratios, marked as ratios."""
    names = xr.DataArray(list(logs), dims="effect", name="effect")
    dataset = xr.Dataset({"ratio": xr.concat(list(logs.values()), names, coords="minimal") / np.log(10)})
    drawn, axes = forest(dataset, widths=(2, 3))
    axes.axvline(0, color=MUTED, linewidth=1)
    decades(axes.xaxis)
    axes.set_xlabel("hazard ratio")
    return drawn


def _steps(material: Material) -> Figure:
    posterior, vocabulary = material.tree["posterior"], material.vocabulary
    ordered = [attribute.name for attribute in vocabulary.attributes if attribute.ordered]
    logs = {name: material.span(name) * posterior[f"{name}_steps"] for name in ordered}
    jumps = {
        (name, below, above): quantiles(np.exp(logs[name].sel({f"{name}_step": above}, drop=True)))
        for name in ordered
        for below, above in pairwise(vocabulary[name].names)
    }
    (name, below, above), (low, middle, high) = max(jumps.items(), key=lambda jump: abs(np.log(jump[1][1])))
    caption = (
        f"The steepest single step is in {name}, from {below} to {above}: the hazard becomes {number(middle)} times "
        f"what it was (90 % interval: {number(low)} to {number(high)})."
    )
    rungs = {
        f"{name}: {level}": draws.cumsum(f"{name}_step").sel({f"{name}_step": level}, drop=True)
        for name, draws in logs.items()
        for level in vocabulary[name].names[1:]
    }
    levels = listed(f"{len(vocabulary[name].names)} levels of {name}" for name in ordered)
    alt = f"Forest plot of the hazard at the {levels}, each over that at the lowest: medians, 50 % and 90 % intervals."
    return draw("figure-steps", alt=alt, caption=caption, by=lambda: _plot(rungs))


def _monthly_hazard(material: Material) -> xr.DataArray:
    monthly: xr.DataArray = np.exp(material.tree["posterior"]["baseline"])
    return monthly


def _reference(material: Material) -> str:
    lowest = {attribute.name: [attribute.reference] for attribute in material.vocabulary.attributes}
    return people_in_words(lowest, material.vocabulary)


def _over_time(material: Material) -> Figure:
    monthly = PER * _monthly_hazard(material)
    periods = material.vocabulary.study.periods
    bands = {period.name: quantiles(monthly.sel(period=period.name)) for period in periods}
    peak = max(bands, key=lambda name: bands[name][1])
    ebb = min(bands, key=lambda name: bands[name][1])
    caption = (
        f"The hazard peaked in {peak}, at about {number(bands[peak][1])} in {PER:,} such men a month, and was lowest "
        f"in {ebb}, at {number(bands[ebb][1])}."
    )

    alt = (
        f"Step plot of the monthly hazard of the reference profile over {len(periods)} periods, median and 90 % "
        "interval; the table below has the numbers."
    )
    return draw("figure-baseline", alt=alt, caption=caption, by=lambda: _ladder(periods, bands))


def _ladder(periods: Sequence[Period], bands: dict[str, tuple[float, float, float]]) -> Any:
    """Draw a band and a median for each period, over time."""
    figure, axes = plt.subplots(figsize=(WIDTH, 2.8), layout="constrained")
    for period in periods:
        low, middle, high = bands[period.name]
        ends = dates.date2num([period.window.start, period.window.end])
        axes.fill_between(ends, low, high, color=POSTERIOR, alpha=0.25, linewidth=0)
        axes.plot(ends, [middle, middle], color=POSTERIOR, linewidth=2)
    axes.xaxis_date()
    axes.xaxis.set_major_locator(dates.YearLocator())
    axes.xaxis.set_major_formatter(dates.DateFormatter("%Y"))
    axes.set_ylim(bottom=0)
    axes.set_ylabel(f"leave in a month, of {PER:,}", color=INK)
    return figure
