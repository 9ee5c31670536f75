"""Figures of the evidence: what each row reports beside what the fit predicts, as shares and as numbers of men."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.report.drawing import PRIOR, Figure, decades, draw, forest, relabel
from model.report.material import Material
from model.report.words import counted, listed, number, percent

Row = Mapping[str, Any]

SMALLEST = 3e-5
"""Shares are drawn no nearer to 0 or 1: the axis is of log odds, which have no end."""

FEWEST = 0.3
"""Men are drawn no nearer to none, on a scale of logarithms."""

TICKS = (0.0001, 0.01, 0.2, 0.8, 0.99)


def counts_men(row: Row) -> bool:
    """Whether a row reports a number of men among all who serve, and not a share."""
    return row["total"] is None


def predictions(material: Material) -> tuple[Figure, ...]:
    """Return a figure of the rows that report shares, and one of those that report numbers of men."""
    rows = material.manifest["evidence"]["rows"]
    by_scale = {
        "figure-evidence": [row for row in rows if not counts_men(row)],
        "figure-men": [row for row in rows if counts_men(row)],
    }
    return tuple(_predictions(material, name, chosen) for name, chosen in by_scale.items() if chosen)


def _predictions(material: Material, name: str, rows: list[Row]) -> Figure:
    tree = material.tree["by_row"]["predicted"]
    predicted = {row["id"]: tree.sel(row=row["id"]).to_numpy() for row in rows}
    far = {row["id"]: as_far(row, predicted[row["id"]]) for row in rows}
    furthest = min(rows, key=lambda row: far[row["id"]])
    write = number if counts_men(furthest) else percent
    observed = dict.fromkeys(write(furthest["observed"][end]) for end in ("lower", "upper"))
    caption = (
        f"Of {counted(len(rows), 'row')}, {_found(rows)}; furthest from what is expected is {furthest['id']}, where "
        f"{' to '.join(observed)} was observed and {write(furthest['expected']['median'])} expected, and "
        f"{percent(far[furthest['id']])} of the replicates lie as far out."
    )
    alt = (
        f"Interval plot of {counted(len(rows), 'row')}: the bounds observed as bars, and what the fit predicts as "
        "medians with 50 % and 99 % intervals; the list below has the numbers."
    )
    return draw(name, alt=alt, caption=caption, by=lambda: _plot(rows, predicted))


def _found(rows: list[Row]) -> str:
    flagged = [row["id"] for row in rows if row["flagged"]]
    if not flagged:
        return "none is flagged as unforeseen by the rest of the evidence"
    return f"{listed(flagged)} {'is' if len(flagged) == 1 else 'are'} flagged as unforeseen by the rest of the evidence"


def as_far(row: Row, predicted: NDArray[np.float64]) -> float:
    """Return the share of a row's replicates that lie as far out as its bounds do, or further, on either side.

    A share of draws, so that it is the same on every scale: a bound of zero is no further away on one of logarithms.
    """
    low, high = row["observed"]["lower"], row["observed"]["upper"]
    return float(min((predicted >= low).mean(), (predicted <= high).mean()))


def _plot(rows: list[Row], predicted: Mapping[str, NDArray[np.float64]]) -> Any:
    men = counts_men(rows[0])
    on_axis = {row["id"]: _on_axis(row, predicted[row["id"]]) for row in rows}
    figure, axes = forest(on_axis, probabilities=(0.5, 0.99))
    for place, row in enumerate(rows):
        ends = _on_axis(row, np.array([row["observed"]["lower"], row["observed"]["upper"]]))
        axes.plot(ends, [-place, -place], color=PRIOR, linewidth=8, alpha=0.5, solid_capstyle="butt", zorder=0)
        axes.plot(ends.mean(), -place, marker="|", markersize=9, color=PRIOR)
    if men:
        decades(axes.xaxis)
        axes.set_xlabel("men, on a scale of logarithms")
    else:
        axes.set_xticks(_log_odds(np.array(TICKS)))
        relabel(axes.xaxis, lambda value: f"{100 / (1 + np.exp(-value)):.2g} %")
        axes.set_xlabel("share, on a scale of log odds")
    return figure


def _on_axis(row: Row, values: Any) -> Any:
    """Return values as they are drawn: common logarithms of men, log odds of shares."""
    return np.log10(np.maximum(values, FEWEST)) if counts_men(row) else _log_odds(values)


def _log_odds(shares: Any) -> Any:
    within = np.clip(shares, SMALLEST, 1 - SMALLEST)
    return np.log(within / (1 - within))
