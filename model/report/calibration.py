"""Calibration and leave-one-out: whether the evidence looks as predicted, and could have been predicted unseen."""

from __future__ import annotations

from typing import Any

import arviz as az
import matplotlib.pyplot as plt
import xarray as xr

from model.report.drawing import ALERT, POSTERIOR, WIDTH, Figure, draw
from model.report.material import Material
from model.report.section import Section
from model.report.words import anchor, counted, listed, number

ENDS = 0.1
"""Tails of the probability integral transform that are counted: a tenth of the rows should fall in either."""


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
    caption = (
        f"Of {counted(below.size, 'row')}, the middle of the observed bounds falls in the lowest tenth of its "
        f"prediction for {len(low)} ({listed(low)}) and in the highest tenth for {len(high)} ({listed(high)}), where "
        f"about {number(ENDS * below.size)} each are expected."
    )

    def plot() -> Any:
        drawn = az.plot_ppc_pit(
            xr.DataTree.from_dict(
                {
                    "posterior_predictive": rows[["predicted"]].rename(predicted="share"),
                    "observed_data": observed.to_dataset(name="share"),
                }
            ),
            visuals={"p_value_text": {"text": lambda p: f"p = {float(p):.2f}"}},
            figure_kwargs={"figsize": (WIDTH, 2.6), "layout": "constrained"},
        )
        axes = drawn.viz["figure"].item().axes[0]
        axes.set_title("")
        return drawn

    alt = "Difference between the observed distribution of the rows within their predictions and a uniform one."
    return draw("figure-calibration", alt=alt, caption=caption, by=plot)


def _pareto(material: Material) -> Figure:
    loo = material.manifest["loo"]
    ks, limit = loo["pareto_k"], loo["good_k"]
    beyond = [term for term, k in ks.items() if k > limit]
    worst = max(ks, key=ks.__getitem__)
    told = (
        f"for {listed(beyond)} it is above {number(limit)}, so that leaving them out cannot be told from this fit alone"
        if beyond
        else f"all lie below {number(limit)}, so that leave-one-out can be told from this fit"
    )
    caption = f"Pareto k is largest for {worst}, {ks[worst]:.2f}; {told}."

    alt = f"Pareto k of {counted(len(ks), 'term')} of the evidence against the threshold {number(limit)}."
    return draw("figure-pareto", alt=alt, caption=caption, by=lambda: _plot_pareto(ks, limit))


def _plot_pareto(ks: dict[str, float], limit: float) -> Any:
    figure, axes = plt.subplots(figsize=(WIDTH, 3.4), layout="constrained")
    axes.plot(list(ks.values()), "x", color=POSTERIOR)
    axes.axhline(limit, color=ALERT, linestyle="--")
    axes.set_xticks(range(len(ks)), [_short(term) for term in ks], rotation=90)
    axes.set_ylabel("Pareto k")
    return figure


def _short(term: str) -> str:
    """Return the name of a term of many rows by its first and last."""
    first, *rest = term.split("+")
    return f"{first}-{rest[-1]}" if rest else first
