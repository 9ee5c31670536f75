"""Convergence: every check of the fit, and the plots by which one sees that the chains agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import arviz as az
import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.special import kolmogi
from scipy.stats import rankdata

from model.report.drawing import LINE, WIDTH, Figure, draw, legend_below, title
from model.report.material import Material
from model.report.section import Section
from model.report.words import counted, listed, measured, number

COLUMNS = 2
ENOUGH = 400
"""Effective draws that ArviZ's plot marks as enough (Vehtari et al. 2021)."""

BEYOND = 0.05
"""How often chance alone takes a line of a panel of the rank plot out of its band."""

POINTS = 101
"""Ranks at which a line of the rank plot is drawn."""


def convergence(material: Material) -> Section:
    """Return the section with the checks and the plots of convergence."""
    tree = _quantities(material)
    summary = az.summary(tree, ci_prob=0.9, ci_kind="eti", round_to="none", kind="all").set_axis(_labels(material))
    figures = (_ranks(tree, summary["r_hat"], summary["ess_bulk"]), _energy(material), _effective(tree, summary))
    return Section(
        "convergence",
        "Convergence, and every check",
        {figure.name: figure for figure in figures},
        {
            "checks": [_check(check) for check in material.manifest["checks"]],
            "summary": [
                (name, *(number(float(row[column])) for column in ("mean", "sd")),
                 *(f"{float(row[column]):,.0f}" for column in ("ess_bulk", "ess_tail")), f"{float(row['r_hat']):.3f}")
                for name, row in summary.iterrows()
            ],
        },
    )  # fmt: skip


def _check(check: dict[str, Any]) -> dict[str, Any]:
    return {
        **check,
        "value": measured(check["value"]),
        "allowed": f"{check['rule']} {check['threshold']:g}",
        "outcome": "passed" if check["passed"] else "FAILED" if check["gates"] else "warning",
    }


def _labels(material: Material) -> list[str]:
    return [material.label(name) for name in material.effects]


def _quantities(material: Material) -> xr.DataTree:
    """Return the draws of the quantities as variables of their readers' names, with the sampler's statistics."""
    named = {title(material.label(name)): draws for name, draws in material.effects.items()}
    statistics = material.tree["sample_stats"].to_dataset()
    return xr.DataTree.from_dict({"posterior": xr.Dataset(named), "sample_stats": statistics})


def _grid(panels: int) -> tuple[int, dict[str, Any]]:
    """Return how many rows panels take, and the size of a figure that has them."""
    rows = -(-panels // COLUMNS)
    return rows, {"figsize": (WIDTH, 0.4 + 1.5 * rows), "layout": "constrained"}


def _ranks(tree: xr.DataTree, rhats: Any, effective: Any) -> Figure:
    draws = tree["posterior"].to_dataset()
    chains = draws.sizes["chain"]
    panels = {
        str(name).replace("\n", " "): strayed(values.to_numpy(), float(bulk))
        for (name, values), bulk in zip(draws.data_vars.items(), effective, strict=True)
    }
    beyond = [f"“{name}”" for name, (lines, band) in panels.items() if np.abs(lines).max() > band]
    told = f"leave the band for {listed(beyond)}" if beyond else "stay inside the band throughout"
    caption = (
        f"Ranks of the draws of {chains} chains {told}, and agree least for “{rhats.idxmax()}”, whose R-hat is "
        f"{rhats.max():.3f}."
    )
    alt = f"Rank plots, one panel for each of {len(panels)} quantities and one line for each of {chains} chains."
    return draw("figure-ranks", alt=alt, caption=caption, by=lambda: _plot_ranks(panels))


def strayed(draws: NDArray[np.float64], effective: float) -> tuple[NDArray[np.float64], float]:
    """Return how far the ranks of each chain stray from an even spread, and how far chance would take any of them.

    The share of a chain's draws below each rank, less what is expected, is a Brownian bridge about zero where the
    chains agree (Kolmogorov): narrower by the chain's own part in all the ranks, wider as its draws are correlated.

    Parameters
    ----------
    draws : array of shape (chain, draw)
    effective : float
        Effective draws, of all chains together.
    """
    chains, length = draws.shape
    ranks = np.sort(rankdata(draws).reshape(draws.shape), axis=1) / draws.size
    expected = np.linspace(0, 1, POINTS)
    below = np.array([np.searchsorted(own, expected, side="right") for own in ranks]) / length
    return below - expected, float(kolmogi(BEYOND / chains) * np.sqrt((1 - 1 / chains) * chains / effective))


def _plot_ranks(panels: Mapping[str, tuple[NDArray[np.float64], float]]) -> Any:
    rows, size = _grid(len(panels))
    figure, grid = plt.subplots(rows, COLUMNS, sharex=True, sharey=True, squeeze=False, **size)
    for axes, (name, (lines, band)) in zip(grid.flat, panels.items(), strict=False):
        axes.axhspan(-band, band, color=LINE, alpha=0.5, linewidth=0)
        axes.plot(np.linspace(0, 1, POINTS), lines.T, linewidth=1)
        axes.set_title(title(name))
    for axes in grid.flat[len(panels) :]:
        axes.set_axis_off()
    figure.supxlabel("rank among all draws, from the lowest (0) to the highest (1)", fontsize=10)
    figure.supylabel("share of the chain’s draws below, less that expected", fontsize=10)
    return figure


def _energy(material: Material) -> Figure:
    lowest = float(az.bfmi(material.tree["sample_stats"]["energy"]).min())
    chains = material.tree["sample_stats"].sizes["chain"]
    caption = (
        f"The lowest E-BFMI of {counted(chains, 'chain')} is {lowest:.2f}: the sampler's steps in energy are "
        f"{'wide enough' if lowest >= 0.3 else 'too small'} to explore its whole distribution."  # noqa: PLR2004
    )

    def plot() -> Any:
        drawn = az.plot_energy(
            material.tree, kind="kde", show_bfmi=False,
            figure_kwargs={"figsize": (WIDTH, 2.6), "layout": "constrained"},
        )  # fmt: skip
        figure = drawn.viz["figure"].item()
        figure.axes[0].set_xlabel("energy, less its mean (nats)")
        legend_below(figure)
        return drawn

    alt = "Densities of the energy and of its changes from draw to draw."
    return draw("figure-energy", alt=alt, caption=caption, by=plot)


def _effective(tree: xr.DataTree, summary: Any) -> Figure:
    fewest = summary[["ess_bulk", "ess_tail"]].min(axis=1)
    total = int(np.prod([tree["posterior"].sizes[name] for name in ("chain", "draw")]))
    caption = (
        f"Of {total:,} draws the quantity with the fewest effective ones, “{fewest.idxmin()}”, has "
        f"{fewest.min():,.0f}, in the bulk or in the tails, where {ENOUGH} are enough."
    )

    def plot() -> Any:
        _, size = _grid(len(summary))
        drawn = az.plot_ess(
            tree,
            kind="quantile",
            n_points=10,
            min_ess=ENOUGH,
            col_wrap=COLUMNS,
            figure_kwargs=size | {"sharex": True, "sharey": True},
        )
        figure = drawn.viz["figure"].item()
        for axes in figure.axes:
            axes.set_xlabel("")
            axes.set_ylabel("")
        figure.supxlabel("quantile", fontsize=10)
        figure.supylabel("effective draws", fontsize=10)
        return drawn

    alt = f"Effective sample size by quantile, one panel for each of {len(summary)} quantities."
    return draw("figure-ess", alt=alt, caption=caption, by=plot)
