"""Sensitivity: how far each quantity moves when the priors, or the likelihood, are made a little stronger or weaker."""

from __future__ import annotations

import warnings
from typing import Any

import arviz as az
import xarray as xr

from model.fit.examination import CLAIMED, SENSITIVE
from model.report.drawing import WIDTH, Figure, draw, legend_below, title
from model.report.material import Material
from model.report.section import Section
from model.report.words import counted, listed

DRAWN = 3
"""Only the most sensitive quantities are drawn."""

CONFLICT = "prior and evidence may conflict"
MEANINGS = {
    CONFLICT: "both pull it, in different directions: claims and evidence disagree about it",
    "rests on the prior": "the prior moves it and the evidence does not: it is what the claims say",
    "rests on evidence": "the evidence moves it and the prior does not",
    "insensitive": "neither moves it noticeably",
}


def sensitivity(material: Material) -> Section:
    """Return the section on sensitivity."""
    entries = material.manifest["sensitivity"]
    figures = (_shifts(material),) if entries else ()
    return Section(
        "sensitivity",
        "Sensitivity to priors and likelihood",
        {figure.name: figure for figure in figures},
        {
            "threshold": f"{SENSITIVE:g}",
            "summary": _summary(material),
            "entries": [
                {
                    "quantity": entry["quantity"],
                    "label": material.label(entry["quantity"]),
                    "prior": f"{entry['prior']:.2f}",
                    "likelihood": f"{entry['likelihood']:.2f}",
                    "diagnosis": entry["diagnosis"],
                }
                for entry in entries
            ],
            "meanings": {
                diagnosis: MEANINGS[diagnosis] for diagnosis in dict.fromkeys(entry["diagnosis"] for entry in entries)
            },
        },
    )


def _summary(material: Material) -> str:
    entries = material.manifest["sensitivity"]
    conflicts = [entry["quantity"] for entry in entries if entry["diagnosis"] == CONFLICT]
    if not conflicts:
        return f"Prior and evidence conflict about none of {counted(len(entries), 'quantity')}."
    named = listed(f"“{material.label(name)}”" for name in conflicts)
    return f"Prior and evidence conflict about {len(conflicts)} of {counted(len(entries), 'quantity')}: {named}."


def _shifts(material: Material) -> Figure:
    entries = sorted(
        material.manifest["sensitivity"], key=lambda entry: -max(float(entry["prior"]), float(entry["likelihood"]))
    )
    chosen = [entry["quantity"] for entry in entries[:DRAWN]]
    first = entries[0]
    to = "prior" if first["prior"] >= first["likelihood"] else "likelihood"
    caption = (
        f"Of all quantities “{material.label(first['quantity'])}” moves most, with the {to} (sensitivity "
        f"{first[to]:.2f}, where {SENSITIVE} counts as noticeable)."
    )

    alt = (
        f"Densities of the posterior of {counted(len(chosen), 'quantity')}, in logs, with the prior (left) and the "
        "likelihood (right) weakened, as it is, and strengthened."
    )
    return draw("figure-sensitivity", alt=alt, caption=caption, by=lambda: _plot(material, chosen))


def _plot(material: Material, chosen: list[str]) -> Any:
    with warnings.catch_warnings():
        # ArviZ points to its guide when it finds a conflict; the section says so in words.
        warnings.simplefilter("ignore", UserWarning)
        drawn = az.plot_psense_dist(
            _scalable(material, chosen),
            prior_var_names=list(CLAIMED),
            kind="kde",
            ci_kind="eti",
            ci_prob=0.9,
            visuals={"point_estimate": False, "point_estimate_text": False, "credible_interval": False},
            figure_kwargs={"figsize": (WIDTH, 2.0 * len(chosen)), "layout": "constrained"},
        )
    legend_below(drawn.viz["figure"].item())
    return drawn


def _scalable(material: Material, chosen: list[str]) -> xr.DataTree:
    """Return what power-scaling needs, with each chosen quantity as a variable of its reader's name."""
    tree = material.tree
    named = {title(material.label(name)): material.effects[name] for name in chosen}
    return xr.DataTree.from_dict({
        "posterior": xr.Dataset(named),
        "log_prior": tree["log_prior"].to_dataset()[list(CLAIMED)],
        "log_likelihood": tree["log_likelihood"].to_dataset(),
    })  # fmt: skip
