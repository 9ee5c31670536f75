"""How figures are drawn: one look, a backend without a screen, and nothing left behind in Matplotlib's settings."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import arviz as az
import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.rcsetup import cycler

from model.report.svg import page_svg

INK, MUTED, LINE, PAPER = "#111213", "#717273", "#d1d2d3", "#ffffff"
POSTERIOR, PRIOR, THIRD, FOURTH, ALERT = "#1f5fa8", "#b35900", "#2c7a4b", "#7a3e9d", "#b3261e"
COLOURS = {
    INK: "var(--ink)",
    "#000000": "var(--ink)",
    MUTED: "var(--muted)",
    LINE: "var(--line)",
    PAPER: "var(--paper)",
    POSTERIOR: "var(--posterior)",
    PRIOR: "var(--prior)",
    THIRD: "var(--third)",
    FOURTH: "var(--fourth)",
    ALERT: "var(--alert)",
}
"""What each colour of a drawing is called in `report.css`, which has it in light and in dark."""

WIDTH = 5.0
"""Inches: as wide as a phone, so that text is not shrunk there."""

MANY_DECADES = 2.0
"""Below so many, an axis is marked at 1, 2, 5, 10; above twice as many, at every hundredfold."""

TITLE_WIDTH = 30
"""Characters of a line above a panel."""


@dataclass(frozen=True)
class Figure:
    """A figure of the page.

    Attributes
    ----------
    name : str
        Unique in the page.
    svg : str
        The drawing, with its text alternative.
    caption : str
        One sentence, computed from this fit, that says what the figure shows.
    """

    name: str
    svg: str
    caption: str


def draw(name: str, *, alt: str, caption: str, by: Callable[[], Any]) -> Figure:
    """Draw a figure.

    Parameters
    ----------
    by : callable
        Draws it, and returns a Matplotlib figure or an ArviZ plot collection.
    """
    with _settings(name):
        drawn = by()
        figure = drawn.viz["figure"].item() if hasattr(drawn, "viz") else drawn
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None}, transparent=True)
    return Figure(name, page_svg(buffer.getvalue(), name=name, alt=alt, colours=COLOURS), caption)


def relabel(axis: Any, write: Callable[[float], str]) -> None:
    """Write the numbers along an axis in a reader's units."""
    axis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: write(float(value))))


def forest(
    dataset: Any, *, probabilities: tuple[float, float] = (0.5, 0.9), widths: tuple[int, int] = (1, 1)
) -> tuple[Any, Any]:
    """Draw ArviZ's forest of a dataset whose one variable has a dimension of names, and return it and its axes.

    Parameters
    ----------
    dataset : xarray.Dataset
        Dimensions chain, draw and that of the names.
    probabilities : tuple of float
        Of the equal-tailed intervals.
    widths : tuple of int
        Shares of the width that names and intervals take.
    """
    ((names, rows),) = ((name, length) for name, length in dataset.sizes.items() if name not in {"chain", "draw"})
    drawn = az.plot_forest(
        dataset,
        combined=True,
        labels=[names],
        ci_kind="eti",
        ci_probs=probabilities,
        point_estimate="median",
        visuals={"ticklabels": False},
        figure_kwargs={"figsize": (WIDTH, 0.8 + 0.26 * rows), "layout": "constrained", "width_ratios": widths},
    )
    margin, axes = drawn.viz["figure"].item().axes
    margin.set_axis_off()
    axes.margins(y=0.5 / max(rows - 1, 1))
    return drawn, axes


def decades(axis: Any, *, per: float = 1.0, unit: str = "") -> None:
    """Mark an axis of common logarithms at powers of ten, more or fewer as its span allows.

    Parameters
    ----------
    per : float
        What the numbers are multiplied by: a risk of 0.003 is 3 per 1,000.
    unit : str
        Written after each number.
    """
    low, high = axis.get_view_interval()
    steps = (0.0,) if high - low > MANY_DECADES else (0.0, 0.301, 0.699)
    every = 2 if high - low > 2 * MANY_DECADES else 1
    whole = range(math.floor(low / every) * every, math.ceil(high) + 1, every)
    ticks = [decade + step for decade in whole for step in steps if low <= decade + step <= high]
    axis.set_major_locator(mpl.ticker.FixedLocator(ticks))
    relabel(axis, lambda value: f"{float(f'{per * 10**value:.1g}'):,.6g}{unit}")


def title(label: str) -> str:
    """Return a label broken into lines that fit above a panel of half a page's width."""
    return "\n".join(wrap(label, TITLE_WIDTH))


def legend_below(figure: Any) -> None:
    """Put a figure's legend where it takes no width from the panels."""
    (legend,) = figure.legends
    entries, labels = legend.legend_handles, [text.get_text() for text in legend.get_texts()]
    legend.remove()
    figure.legend(entries, labels, loc="outside lower center", ncols=len(labels))


@contextmanager
def _settings(name: str) -> Iterator[None]:
    look: dict[str, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": name,
        "text.parse_math": False,
        "font.size": 10,
        "axes.titlesize": 10,
        "axes.labelsize": 10,
        "axes.prop_cycle": cycler(color=[POSTERIOR, PRIOR, THIRD, FOURTH]),
        "axes.edgecolor": MUTED,
        "axes.facecolor": PAPER,
        "figure.facecolor": PAPER,
        "text.color": INK,
        "axes.labelcolor": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "legend.frameon": False,
        "path.simplify_threshold": 0.5,
    }
    backend = mpl.get_backend(auto_select=False)
    open_before = set(plt.get_fignums())
    plt.switch_backend("agg")
    try:
        with mpl.rc_context(mpl.rcParamsDefault | look | {"backend": "agg"}):
            yield
    finally:
        for number in set(plt.get_fignums()) - open_before:
            plt.close(number)
        if backend is not None:
            plt.switch_backend(backend)
