"""The authors: how much weight the evidence leaves each, where they judge a quantity differently."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt

from model.report.drawing import POSTERIOR, PRIOR, WIDTH, Figure, draw, legend_below
from model.report.material import Material
from model.report.section import Section
from model.report.words import counted, percent


def authors(material: Material) -> Section:
    """Return the section on the weight of each author."""
    entries = [_entry(material, entry) for entry in material.manifest["authors"]]
    figures = (_shifts(material),) if entries else ()
    return Section(
        "authors",
        "How much weight the evidence leaves each author",
        {figure.name: figure for figure in figures},
        {"entries": entries, "articles": len(material.study.articles), "prior_set": material.manifest["prior_set"]},
    )


def _entry(material: Material, entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "quantity": entry["quantity"],
        "label": material.label(entry["quantity"]),
        "authors": [
            (_called(material, name), percent(of["prior_weight"]), percent(of["posterior_weight"]))
            for name, of in entry["authors"].items()
        ],
    }


def _called(material: Material, name: str) -> str:
    return next((article.called for article in material.study.articles if article.name == name), name)


def _shifts(material: Material) -> Figure:
    entries = material.manifest["authors"]
    moves = [
        (abs(of["posterior_weight"] - of["prior_weight"]), entry["quantity"], name, of)
        for entry in entries
        for name, of in entry["authors"].items()
        if of["posterior_weight"] >= of["prior_weight"]
    ]
    _, quantity, name, of = max(moves, key=lambda move: move[0])
    caption = (
        f"Of {counted(len(entries), 'quantity')} on which authors differ, the evidence decides most about "
        f"“{material.label(quantity)}”: {_called(material, name)} goes from {percent(of['prior_weight'])} of the "
        f"weight to {percent(of['posterior_weight'])}."
    )
    alt = (
        f"Dot plot of the weight of each author on {counted(len(entries), 'quantity')}, before and after the evidence; "
        "the table below has the numbers."
    )
    return draw("figure-authors", alt=alt, caption=caption, by=lambda: _plot(material, entries))


def _plot(material: Material, entries: list[dict[str, Any]]) -> Any:
    """Draw a line for each author of each quantity, from the weight before to that after."""
    lines = [
        (f"{material.label(entry['quantity'])}: {_called(material, name)}", of)
        for entry in entries
        for name, of in entry["authors"].items()
    ]
    figure, axes = plt.subplots(figsize=(WIDTH, 1.0 + 0.26 * len(lines)), layout="constrained")
    for place, (_, of) in enumerate(lines):
        before, after = of["prior_weight"], of["posterior_weight"]
        axes.plot([before, after], [-place, -place], color=POSTERIOR, linewidth=1)
        axes.plot(before, -place, "o", color=PRIOR, label="before the evidence" if place == 0 else None)
        axes.plot(after, -place, "s", color=POSTERIOR, label="after the evidence" if place == 0 else None)
    axes.set_yticks([-place for place in range(len(lines))], [label for label, _ in lines], fontsize=8)
    axes.set_xlim(0, 1)
    axes.set_xlabel("weight, of 1")
    figure.legend()
    legend_below(figure)
    return figure
