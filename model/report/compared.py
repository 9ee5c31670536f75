"""The comparison of two versions, as a page like the report, or as a picture alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import shorten
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from model.files.whole import whole_file
from model.report.drawing import MUTED, PER, POSTERIOR, PRIOR, WIDTH, Figure, decades, draw, legend_below, save
from model.report.page import render_page
from model.report.pairs import SIDES, Found, risk_rows, role_rows
from model.report.section import Section
from model.report.words import counted, number

PAGE = ".html"
COLOURS = (POSTERIOR, PRIOR)
PALE = 0.4
HALF = 0.5
LONGEST = 58
"""Characters of a line of the legend."""


def write_comparison(found: Found, path: Path) -> None:
    """Write a comparison as a page, or its picture as SVG or PNG, by the name of the file.

    Parameters
    ----------
    found : mapping
        What `compare_versions` returns of two versions of a study, or `side_by_side` of those of two studies.
    path : Path
        Which ends in `.html`, `.svg` or `.png`.
    """
    if path.suffix != PAGE:
        save(lambda: _plot(found), path)
        return
    with whole_file(path) as file:
        file.write(comparison_page(found).encode())


def comparison_page(found: Found) -> str:
    """Return a comparison as one page that needs nothing else."""
    sections = (_risks(found), _moved(found)) if "panel" in found else (_roles(found),)
    versions = Section(
        "versions", "The two versions", content={"versions": list(zip(SIDES, found["versions"], strict=True))}
    )
    titles = list(dict.fromkeys(version["study"]["title"] for version in found["versions"]))
    return render_page("comparison.html", titles=titles, sections=[*sections, versions])


def _risks(found: Found) -> Section:
    return Section("risks", "The risks", _figures(found, found["panel"]), {"rows": risk_rows(found)})


def _moved(found: Found) -> Section:
    return Section("moved", "The claims, and the evidence", content=found)


def _roles(found: Found) -> Section:
    content = {"rows": list(role_rows(found, called="title")), "in_words": found["in_words"]}
    return Section("roles", "The ratios, by what they stand for", _figures(found, found["roles"]), content)


def _figures(found: Found, entries: list[Mapping[str, Any]]) -> dict[str, Figure]:
    if not entries:
        return {}
    things = "profile" if "panel" in found else "role"
    alt = f"Interval plot of {counted(len(entries), things)} under both versions; the table below has the numbers."
    return {"figure-compared": draw("figure-compared", alt=alt, caption=_caption(found), by=lambda: _plot(found))}


def _caption(found: Found) -> str:
    if "panel" not in found:
        furthest = max(
            found["roles"], key=lambda entry: _times(*(entry[side]["posterior"]["median"] for side in SIDES))
        )
        one, other = (number(furthest[side]["posterior"]["median"]) for side in SIDES)
        return f"The two cases part most on “{furthest['role']}”: {one} in the first, {other} in the second."
    furthest = max(found["panel"], key=lambda entry: _times(entry["risk_ratio"], 1.0))
    return (
        f"The risk that moves most is that of “{furthest['name']}”, whose expected share becomes "
        f"{number(furthest['risk_ratio'])} times what it was."
    )


def _times(one: float, other: float) -> float:
    """Return by how much the larger of two positive numbers is a multiple of the smaller."""
    return max(one / other, other / one)


def _plot(found: Found) -> Any:
    """Draw medians with 50 % and 90 % intervals, of each entry under both versions, on a scale of logarithms."""
    of_risks = "panel" in found
    entries = found["panel" if of_risks else "roles"]
    lines = list(_lines(found))
    figure, axes = plt.subplots(figsize=(WIDTH, 0.4 * len(entries) + 1.6), layout="constrained")
    for place, (label, path, colour, strength) in enumerate(lines):
        for row, entry in enumerate(entries):
            summary = entry[path[0]] if of_risks else entry[path[0]][path[1]]
            height = -row + 0.6 * (0.5 - (place + 0.5) / len(lines))
            look = {"color": colour, "alpha": strength}
            for interval in summary["intervals"]:
                width = 4.0 if interval["probability"] == HALF else 1.5
                ends = np.log10([interval["lower"], interval["upper"]])
                axes.plot(ends, [height, height], linewidth=width, **look)
            axes.plot(np.log10(summary["median"]), height, "o", markersize=4, label=label if row == 0 else None, **look)
    if not of_risks:
        axes.axvline(0.0, color=MUTED, linewidth=1.0, zorder=0)
    decades(axes.xaxis, per=PER if of_risks else 1)
    axes.set_xlabel(f"leave, of {PER:,} alike" if of_risks else "hazard ratio, else equal")
    axes.set_yticks([-row for row in range(len(entries))], [entry["name" if of_risks else "role"] for entry in entries])
    figure.legend()
    legend_below(figure, columns=1)
    return figure


def _lines(found: Found) -> Iterator[tuple[str, tuple[str, ...], str, float]]:
    """Yield what each entry has: its label, where in the entry it stands, its colour, and how strong that is."""
    for side, version, colour in zip(SIDES, found["versions"], COLOURS, strict=True):
        if "panel" in found:
            without = f" without {', '.join(version['without'])}" if version["without"] else ""
            yield shorten(f"{version['prior_set']}{without} ({version['version']})", LONGEST), (side,), colour, 1.0
        else:
            title = shorten(version["study"]["title"], LONGEST - len(": posterior"))
            yield f"{title}: prior", (side, "prior"), colour, PALE
            yield f"{title}: posterior", (side, "posterior"), colour, 1.0
