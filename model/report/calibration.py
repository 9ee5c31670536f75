"""Calibration and leave-one-out: whether the evidence looks as predicted, and could have been predicted unseen."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import NDArray
from scipy.stats import kstest, kstwo

from model.report.drawing import ALERT, LINE, POSTERIOR, WIDTH, Figure, draw
from model.report.material import Material
from model.report.section import Section
from model.report.words import anchor, counted, listed, number

ENDS = 0.1
"""Tails of the probability integral transform that are counted: a tenth of the rows should fall in either."""

BY_CHANCE = 0.05
"""A probability of straying so far below which the predictions are called into question (Kolmogorov-Smirnov)."""

POINTS = 501
"""Places at which the line is drawn."""


def calibration(material: Material) -> Section:
    """Return the section on calibration and PSIS-LOO."""
    loo = material.manifest["loo"]
    if loo is None:
        return Section("calibration", "Calibration and leave-one-out", content={"loo": None, "terms": []})
    figures = (_transform(material), _pareto(material))
    terms = [
        {
            "name": term,
            "anchor": anchor("term", term),
            "rows": term.split("+"),
            "elpd": f"{round(loo['elpd_by_term'][term], 2) + 0.0:.2f}",
            "k": f"{k:.2f}",
            "reliable": k <= loo["good_k"],
        }
        for term, k in loo["pareto_k"].items()
    ]
    return Section(
        "calibration",
        "Calibration and leave-one-out",
        {figure.name: figure for figure in figures},
        {
            "loo": {name: number(loo[name]) for name in ("elpd", "se", "p", "good_k")},
            "terms": terms,
        },
    )


def _transform(material: Material) -> Figure:
    rows = material.tree["by_row"].to_dataset()
    observed = (rows["lowest"] + rows["highest"]) / 2
    below = (rows["predicted"] < observed).mean(("chain", "draw"))
    low, high = (
        [str(row) for row in below["row"].to_numpy()[tail.to_numpy()]] for tail in (below < ENDS, below > 1 - ENDS)
    )
    p_value = float(kstest(below.to_numpy(), "uniform").pvalue)
    verdict = (
        "The predictions are not of the right width, or not in the right place"
        if p_value < BY_CHANCE
        else "The rows give no reason to doubt the width of the predictions"
    )
    caption = (
        f"{verdict} (p = {p_value:.2f}): of {counted(below.size, 'row')}, the middle of the observed bounds falls in "
        f"the lowest tenth of its prediction for {len(low)} ({listed(low)}) and in the highest tenth for {len(high)} "
        f"({listed(high)}), where about {number(ENDS * below.size)} each are expected."
    )

    alt = "Difference between the observed distribution of the rows within their predictions and a uniform one."
    return draw("figure-calibration", alt=alt, caption=caption, by=lambda: _plot_transform(below.to_numpy()))


def _plot_transform(places: NDArray[np.float64]) -> Any:
    """Draw how far the share of rows below each place strays from that place, and how far chance would take it."""
    figure, axes = plt.subplots(figsize=(WIDTH, 2.6), layout="constrained")
    band = kstwo.ppf(1 - BY_CHANCE, places.size)
    at = np.linspace(0, 1, POINTS)
    axes.axhspan(-band, band, color=LINE, alpha=0.5, linewidth=0)
    axes.plot(at, np.searchsorted(np.sort(places), at, side="right") / places.size - at, color=POSTERIOR)
    axes.set_xlabel("place of a row in its prediction (0 to 1)")
    axes.set_ylabel("share of rows below,\nless that expected")
    return figure


def _pareto(material: Material) -> Figure:
    loo = material.manifest["loo"]
    ks, limit = loo["pareto_k"], loo["good_k"]
    beyond = [term for term, k in ks.items() if k > limit]
    worst = max(ks, key=ks.__getitem__)
    told = (
        f"Leave-one-out cannot be told from this fit alone for {len(beyond)} of {counted(len(ks), 'term')}, whose "
        f"Pareto k is above {number(limit)} ({listed(_short(term) for term in beyond)})"
        if beyond
        else f"Leave-one-out can be told from this fit, since the Pareto k of each of {counted(len(ks), 'term')} is at "
        f"most {number(limit)}"
    )
    caption = f"{told}; it is largest for {_short(worst)}, {ks[worst]:.2f}."

    alt = f"Pareto k of {counted(len(ks), 'term')} of the evidence against the threshold {number(limit)}."
    return draw("figure-pareto", alt=alt, caption=caption, by=lambda: _plot_pareto(ks, limit))


def _plot_pareto(ks: dict[str, float], limit: float) -> Any:
    figure, axes = plt.subplots(figsize=(WIDTH, 3.4), layout="constrained")
    axes.plot(list(ks.values()), "x", color=POSTERIOR)
    axes.axhline(limit, color=ALERT, linestyle="--")
    axes.set_xticks(range(len(ks)), [_short(term) for term in ks], rotation=90)
    axes.set_xlabel("term of the evidence: a row, or the rows of a list")
    axes.set_ylabel("Pareto k (no unit)")
    return figure


def _short(term: str) -> str:
    """Return the name of a term of many rows by its first and last."""
    first, *rest = term.split("+")
    return f"{first}-{rest[-1]}" if rest else first
