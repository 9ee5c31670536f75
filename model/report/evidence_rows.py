"""The evidence, row by row: what the source says, and what the fit would have it say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import xarray as xr

from model.report.drawing import PRIOR, Figure, draw, forest, relabel
from model.report.material import Material
from model.report.people import level_in_words, people_in_words
from model.report.section import Section
from model.report.threads import quantities_of_row
from model.report.words import bounds, counted, day, listed, percent

Row = Mapping[str, Any]

SMALLEST = 3e-5
"""Shares are drawn no nearer to 0 or 1: the axis is of log odds, which have no end."""

TICKS = (0.0001, 0.01, 0.2, 0.8, 0.99)


def evidence_rows(material: Material) -> Section:
    """Return the section on the evidence."""
    rows = material.manifest["evidence"]["rows"]
    figures = (_predictions(material),) if rows else ()
    return Section(
        "evidence",
        "The evidence, row by row",
        {figure.name: figure for figure in figures},
        {"rows": [_entry(material, row) for row in rows], "individuals": material.manifest["officers"]},
    )


def _entry(material: Material, row: Row) -> dict[str, Any]:
    terms = (material.manifest["loo"] or {"pareto_k": {}})["pareto_k"]
    predicted = row["predicted"]
    return {
        "id": row["id"],
        "kind": row["kind"].replace("_", " "),
        "says": row_in_words(row, material),
        "note": row["note"],
        "source": row["source"],
        "url": row["url"] if urlsplit(row["url"]).scheme in {"http", "https"} else None,
        "observed": _range(row["observed"]["lower"], row["observed"]["upper"]),
        "expected": _share(row["expected"]["median"]),
        "predicted": _range(predicted["lower_99"], predicted["upper_99"]),
        "outside": row["outside"],
        "quantities": quantities_of_row(material, row),
        "terms": [term for term in terms if row["id"] in term.split("+")],
    }


def _range(low: float, high: float) -> str:
    return " to ".join(dict.fromkeys((_share(low), _share(high))))


def _share(share: float) -> str:
    """Return a share of a count, which may be none or all of it."""
    return f"{100 * share:.0f} %" if share in {0.0, 1.0} else percent(share)


def row_in_words(row: Row, material: Material) -> str:
    """Return an evidence row as a sentence."""
    vocabulary = material.vocabulary
    people = people_in_words(row["population"], vocabulary)
    window = row["window"]
    when = f"between {day(window['from'])} and {day(window['to'])}"
    if row["kind"] == "rate":
        return f"Of {bounds(*row['total'])} {people}, {bounds(*row['count'])} left {when}."
    if row["kind"] == "timing":
        return f"Of {bounds(*row['total'])} {people} whose leaving is dated, {bounds(*row['count'])} left {when}."
    ((attribute, levels),) = row["attribute"].items()
    were = f"were {level_in_words(attribute, levels, vocabulary)}"
    if row["kind"] == "defector_composition":
        return f"Of {bounds(*row['total'])} {people} who left {when}, {bounds(*row['count'])} {were}."
    whole, part = people, _range(*row["count"])
    if row["total"] != [1, 1]:
        whole, part = f"{bounds(*row['total'])} {people}", bounds(*row["count"])
    return f"Of the {whole} serving on {day(window['from'])}, {part} {were}."


def _predictions(material: Material) -> Figure:
    rows = material.manifest["evidence"]["rows"]
    outside = [row["id"] for row in rows if row["outside"]]
    met = (
        f"{listed(outside)} {'lies' if len(outside) == 1 else 'lie'} outside the fit's 99 % prediction"
        if outside
        else "every one meets the fit's 99 % prediction"
    )
    furthest = max(rows, key=_distance)
    caption = (
        f"Of {counted(len(rows), 'row')}, {met}; furthest from what is expected is {furthest['id']}, where "
        f"{_range(furthest['observed']['lower'], furthest['observed']['upper'])} was observed and "
        f"{_share(furthest['expected']['median'])} expected."
    )
    alt = (
        f"Interval plot of {counted(len(rows), 'row')}: the bounds observed as bars, and what the fit predicts as "
        "medians with 50 % and 99 % intervals; the list below has the numbers."
    )
    return draw("figure-evidence", alt=alt, caption=caption, by=lambda: _plot(material, rows))


def _distance(row: Row) -> float:
    """Return how far in log odds the bounds of a row are from what is expected of it, over the prediction's width."""
    low, high, middle, lower, upper = _log_odds(
        np.array([
            row["observed"]["lower"], row["observed"]["upper"], row["expected"]["median"],
            row["predicted"]["lower_99"], row["predicted"]["upper_99"],
        ])
    )  # fmt: skip
    return float(max(low - middle, middle - high, 0.0) / max(upper - lower, 1e-9))


def _plot(material: Material, rows: list[Row]) -> Any:
    dataset = xr.Dataset({"share": xr.apply_ufunc(_log_odds, material.tree["by_row"]["predicted"])})
    drawn, axes = forest(dataset, probabilities=(0.5, 0.99), widths=(1, 6))
    heights = drawn.get_aes_as_dataset("y")["share"]
    for row in rows:
        height = float(heights.sel(row=row["id"]))
        ends = _log_odds(np.array([row["observed"]["lower"], row["observed"]["upper"]]))
        axes.plot(ends, [height, height], color=PRIOR, linewidth=8, alpha=0.5, solid_capstyle="butt", zorder=0)
        axes.plot(ends.mean(), height, marker="|", markersize=9, color=PRIOR)
    axes.set_xticks(_log_odds(np.array(TICKS)))
    relabel(axes.xaxis, lambda value: f"{100 / (1 + np.exp(-value)):.2g} %")
    axes.set_xlabel("share, on a scale of log odds")
    return drawn


def _log_odds(shares: Any) -> Any:
    within = np.clip(shares, SMALLEST, 1 - SMALLEST)
    return np.log(within / (1 - within))
