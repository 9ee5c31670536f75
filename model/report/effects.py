"""Who leaves, and when: effects as hazard ratios, the steps of ordered attributes, and the baseline over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib import dates

from model.report.drawing import INK, MUTED, POSTERIOR, WIDTH, Figure, calendar, decades, draw, forest
from model.report.material import Material, quantiles
from model.report.section import Section
from model.report.words import counted, listed, number, ratio
from model.risk.words import people
from priors.people import people_in_words
from priors.timeline import Period
from priors.vocabulary import Attribute

PER = 1_000


def effects(material: Material) -> Section:
    """Return the section on effects and time."""
    ratios, ladders = _hazard_ratios(material), _ladders(material)
    figures = (
        *([_forest(ratios)] if ratios else []),
        *([_steps(ladders)] if ladders else []),
        _over_time(material),
    )
    monthly = _monthly_hazard(material)
    return Section(
        "effects",
        "Who leaves, and when",
        {figure.name: figure for figure in figures},
        {
            "ratios": [(name, *map(number, quantiles(draws))) for name, draws in ratios.items()],
            "ladders": list(ladders),
            "reference": _reference_in_words(material),
            "per": f"{PER:,}",
            "people": _people(material),
            "moving": [_moving(material, material.vocabulary[name]) for name in material.study.claims.moving],
            "months": [
                (str(period), *map(number, quantiles(PER * monthly.sel(period=period))))
                for period in monthly["period"].to_numpy()
            ],
        },
    )


def _ladders(material: Material) -> dict[str, dict[str, xr.DataArray]]:
    """Return, for each ordered attribute, draws of the log hazard ratio of each level to the lowest."""
    ordered = (attribute for attribute in material.vocabulary.attributes if attribute.ordered)
    return {attribute.name: material.ladder(attribute) for attribute in ordered}


def _hazard_ratios(material: Material) -> dict[str, xr.DataArray]:
    """Return draws of the hazard ratio of each level to the reference, and of each ladder's top to its foot."""
    found = [
        (attribute, label, draws)
        for attribute in material.vocabulary.attributes
        for label, draws in _compared(material, attribute).items()
    ]
    shared = Counter(label for _, label, _ in found)
    return {
        label if shared[label] == 1 else f"{attribute.name}: {label}": np.exp(draws)
        for attribute, label, draws in found
    }


def _compared(material: Material, attribute: Attribute) -> dict[str, xr.DataArray]:
    """Return draws of the log hazard ratios of an attribute, by the levels that each compares."""
    if attribute.ordered:
        lowest, *_, highest = attribute.names
        return {f"{highest} to {lowest}": material.ladder(attribute)[highest]}
    name, reference = attribute.name, attribute[attribute.reference].called
    return {
        f"{level.called} to {reference}": material.tree["posterior"][f"{name}_effect"].sel(
            {f"{name}_compared": level.name}, drop=True
        )
        for level in attribute.levels
        if level.name != attribute.reference
    }


def _moving(material: Material, attribute: Attribute) -> tuple[str, list[str], list[tuple[str, list[Any]]]]:
    """Return the hazard ratios of an attribute in each period."""
    moved = material.tree["posterior"][f"{attribute.name}_over_time"]
    against = attribute.names[0] if attribute.ordered else attribute.reference
    others = [attribute.names[-1]] if attribute.ordered else [name for name in attribute.names if name != against]
    periods = list(material.vocabulary.timeline.period_names)
    rows = []
    for (label, log_ratio), level in zip(_compared(material, attribute).items(), others, strict=True):
        step = moved.sel({attribute.name: level}, drop=True) - moved.sel({attribute.name: against}, drop=True)
        rows.append((label, [_ratio_in_words(np.exp(log_ratio + step.sel(period=name))) for name in periods]))
    return attribute.name, periods, rows


def _ratio_in_words(draws: xr.DataArray) -> tuple[str, str]:
    low, middle, high = quantiles(draws)
    return ratio(middle), f"{ratio(low)} to {ratio(high)}"


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
    figure, axes = forest({name: log_ratio.to_numpy() / np.log(10) for name, log_ratio in logs.items()})
    axes.axvline(0, color=MUTED, linewidth=1)
    decades(axes.xaxis)
    axes.set_xlabel("hazard ratio, else equal")
    return figure


def _steps(ladders: dict[str, dict[str, xr.DataArray]]) -> Figure:
    jumps = {
        (name, below, above): quantiles(np.exp(draws[above] - draws[below]))
        for name, draws in ladders.items()
        for below, above in pairwise(draws)
    }
    (name, below, above), (low, middle, high) = max(jumps.items(), key=lambda jump: abs(np.log(jump[1][1])))
    caption = (
        f"The steepest single step is in {name}, from {below} to {above}: the hazard becomes {number(middle)} times "
        f"what it was (90 % interval: {number(low)} to {number(high)})."
    )
    rungs = {
        f"{name}: {level}": log_ratio for name, draws in ladders.items() for level, log_ratio in list(draws.items())[1:]
    }
    levels = listed(f"{len(draws)} levels of {name}" for name, draws in ladders.items())
    alt = f"Forest plot of the hazard at the {levels}, each over that at the lowest: medians, 50 % and 90 % intervals."
    return draw("figure-steps", alt=alt, caption=caption, by=lambda: _plot(rungs))


def _monthly_hazard(material: Material) -> xr.DataArray:
    monthly: xr.DataArray = np.exp(material.tree["posterior"]["baseline"])
    return monthly


def _reference(material: Material) -> dict[str, str]:
    return {attribute.name: attribute.reference for attribute in material.vocabulary.attributes}


def _reference_in_words(material: Material) -> str:
    return people_in_words({name: [level] for name, level in _reference(material).items()}, material.vocabulary)


def _people(material: Material) -> str:
    """Return what those of the reference profile are called."""
    return people(_reference(material), material.vocabulary)


def _over_time(material: Material) -> Figure:
    monthly = PER * _monthly_hazard(material)
    periods = material.vocabulary.timeline.periods
    bands = {period.name: quantiles(monthly.sel(period=period.name)) for period in periods}
    peak = max(bands, key=lambda name: bands[name][1])
    ebb = min(bands, key=lambda name: bands[name][1])
    rate = f"about {number(bands[peak][1])} in {PER:,} such {_people(material)} a month"
    if len(periods) == 1:
        caption = f"The hazard is taken to have been the same throughout, {rate}."
    else:
        caption = f"The hazard peaked in {peak}, at {rate}, and was lowest in {ebb}, at {number(bands[ebb][1])}."

    alt = (
        f"Step plot of the monthly hazard of the reference profile over {counted(len(periods), 'period')}, median and "
        "90 % interval; the table below has the numbers."
    )
    return draw("figure-baseline", alt=alt, caption=caption, by=lambda: _course(periods, bands))


def _course(periods: Sequence[Period], bands: dict[str, tuple[float, float, float]]) -> Any:
    """Draw a band and a median for each period, over time."""
    figure, axes = plt.subplots(figsize=(WIDTH, 2.8), layout="constrained")
    for period in periods:
        low, middle, high = bands[period.name]
        ends = dates.date2num([period.window.start, period.window.end])
        axes.fill_between(ends, low, high, color=POSTERIOR, alpha=0.25, linewidth=0)
        axes.plot(ends, [middle, middle], color=POSTERIOR, linewidth=2)
    calendar(axes.xaxis)
    axes.set_ylim(bottom=0)
    axes.set_ylabel(f"leave in a month, of {PER:,}", color=INK)
    return figure
