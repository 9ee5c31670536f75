"""The model's graph, drawn: each variable on a line of its own, below all that it comes from.

Graphviz would need a program that a machine may lack, and Mermaid a script in the page. Lines with arcs between them
need neither, and can be read on a phone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.patches import Arc

from model.report.drawing import INK, LINE, MUTED, POSTERIOR, PRIOR, WIDTH, draw
from model.report.material import Material
from model.report.section import Section
from model.report.words import counted

KINDS = {"prior": ("o", PRIOR), "computed": (".", MUTED), "observed": ("s", POSTERIOR)}
ROW = 0.19
"""Inches of height that a variable takes."""

LONGEST = 0.42
"""What the widest arc takes of an axis on which the names have the rest."""

CHARACTER = 0.06
"""Inches of width that a character of a name takes."""

WIDEST = 0.8
"""Of the width, what names may take."""

Nodes = Sequence[Mapping[str, Any]]


def graph(material: Material) -> Section:
    """Return the section that shows how the model hangs together."""
    nodes = material.manifest["graph"]
    counts = {kind: sum(node["kind"] == kind for node in nodes) for kind in KINDS}
    caption = (
        f"{counted(counts['prior'], 'variable')} with a prior (circles) lead, by {counts['computed']} that are "
        f"computed from them (dots), to {counts['observed']} that the evidence observes (squares)."
    )
    alt = f"Arc diagram of the {len(nodes)} variables of the model, each joined to those below it that depend on it."
    figure = draw("figure-graph", alt=alt, caption=caption, by=lambda: arcs(nodes))
    return Section("graph", "The model, as a graph", {figure.name: figure}, {"nodes": nodes})


def arcs(nodes: Nodes) -> Any:
    """Draw variables from the top down, with an arc from each to every one that depends on it."""
    figure = plt.figure(figsize=(WIDTH, ROW * len(nodes)))
    axes = figure.add_axes((0, 0, 1, 1))
    rows = {node["name"]: -row for row, node in enumerate(nodes)}
    for node in nodes:
        row, (marker, colour) = rows[node["name"]], KINDS[node["kind"]]
        axes.plot(0, row, marker=marker, color=colour, markersize=6, zorder=2)
        axes.text(-0.02, row, _label(node), ha="right", va="center", fontsize=8, color=INK)
        for parent in node["parents"]:
            height = rows[parent] - row
            width = 2 * LONGEST * height / len(nodes)
            middle = (row + rows[parent]) / 2
            axes.add_patch(Arc((0, middle), width, height, theta1=-90, theta2=90, color=LINE, linewidth=1, zorder=1))
    names = min(CHARACTER * max(len(_label(node)) for node in nodes) / WIDTH, WIDEST)
    axes.set_xlim(-LONGEST * names / (1 - names), LONGEST)
    axes.set_ylim(-len(nodes), 1)
    axes.set_axis_off()
    return figure


def _label(node: Mapping[str, Any]) -> str:
    dims = f" [{', '.join(node['dims'])}]" if node["dims"] else ""
    return f"{node['name']}{dims}"


def write_graph(nodes: Nodes, path: Path) -> None:
    """Write the drawing as an SVG file of its own."""
    with mpl.rc_context({"backend": "agg", "svg.hashsalt": "graph", "svg.fonttype": "none"}):
        figure = arcs(nodes)
        figure.savefig(path, metadata={"Date": None})
        plt.close(figure)
