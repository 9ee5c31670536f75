"""Convergence: every check of the fit, and the plots by which one sees that the chains agree."""

from __future__ import annotations

from typing import Any

import arviz as az
import numpy as np
import xarray as xr

from model.report.drawing import WIDTH, Figure, draw, legend_below, title
from model.report.material import Material
from model.report.section import Section
from model.report.words import counted, measured, number

COLUMNS = 2
ENOUGH = 400
"""Effective draws that ArviZ's plot marks as enough (Vehtari et al. 2021)."""


def convergence(material: Material) -> Section:
    """Return the section with the checks and the plots of convergence."""
    summary = az.summary(_quantities(material), ci_prob=0.9, ci_kind="eti", round_to="none", kind="all")
    figures = (_ranks(material), _energy(material), _effective(material))
    return Section(
        "convergence",
        "Convergence, and every check",
        {figure.name: figure for figure in figures},
        {
            "checks": [_check(check) for check in material.manifest["checks"]],
            "summary": [
                (name, *(number(float(row[column])) for column in ("mean", "sd")),
                 *(f"{float(row[column]):,.0f}" for column in ("ess_bulk", "ess_tail")), f"{float(row['r_hat']):.3f}")
                for name, (_, row) in zip(_labels(material), summary.iterrows(), strict=True)
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


def _worst(values: xr.Dataset, *, highest: bool) -> tuple[str, float]:
    """Return the name and the value of the quantity that fares worst."""
    by_name = {str(name).replace("\n", " "): float(value) for name, value in values.data_vars.items()}
    name = (max if highest else min)(by_name, key=by_name.__getitem__)
    return name, by_name[name]


def _grid(material: Material) -> dict[str, Any]:
    rows = -(-len(_labels(material)) // COLUMNS)
    return {"col_wrap": COLUMNS, "figure_kwargs": {"figsize": (WIDTH, 1.75 * rows), "layout": "constrained"}}


def _ranks(material: Material) -> Figure:
    tree = _quantities(material)
    worst, rhat = _worst(az.rhat(tree["posterior"].to_dataset()), highest=True)
    chains = tree["posterior"].sizes["chain"]
    caption = (
        f"Ranks of the draws of {chains} chains are compared quantity by quantity: they agree least for “{worst}”, "
        f"whose R-hat is {rhat:.3f}."
    )

    def plot() -> Any:
        drawn = az.plot_rank(tree, thin=True, **_grid(material))
        for axes in drawn.viz["figure"].item().axes:
            axes.set_xlabel("")
        return drawn

    panels = len(_labels(material))
    alt = f"Rank plots, one panel for each of {panels} quantities and one line for each of {chains} chains."
    return draw("figure-ranks", alt=alt, caption=caption, by=plot)


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
        legend_below(drawn.viz["figure"].item())
        return drawn

    alt = "Densities of the energy and of its changes from draw to draw."
    return draw("figure-energy", alt=alt, caption=caption, by=plot)


def _effective(material: Material) -> Figure:
    tree = _quantities(material)
    worst, bulk = _worst(az.ess(tree["posterior"].to_dataset(), method="bulk"), highest=False)
    total = int(np.prod([tree["posterior"].sizes[name] for name in ("chain", "draw")]))
    caption = (
        f"Of {total:,} draws the quantity with the fewest effective ones, “{worst}”, has {bulk:,.0f}, "
        f"where {ENOUGH} are enough."
    )

    def plot() -> Any:
        drawn = az.plot_ess(tree, kind="quantile", min_ess=ENOUGH, **_grid(material))
        for axes in drawn.viz["figure"].item().axes:
            axes.set_xlabel("")
            axes.set_ylabel("")
        return drawn

    alt = f"Effective sample size by quantile, one panel for each of {len(_labels(material))} quantities."
    return draw("figure-ess", alt=alt, caption=caption, by=plot)
