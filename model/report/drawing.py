"""How figures are drawn: one look, a backend without a screen, and nothing left behind in Matplotlib's settings."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib import dates
from matplotlib.rcsetup import cycler
from numpy.typing import NDArray

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

PER = 1_000
"""Men alike, of whom so many leave."""

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


def save(by: Callable[[], Any], path: Path) -> None:
    """Write a drawing as a file of its own, in the format that its name ends in."""
    with _settings(path.stem):
        by().savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None, dpi=200)


def relabel(axis: Any, write: Callable[[float], str]) -> None:
    """Write the numbers along an axis in a reader's units."""
    axis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: write(float(value))))


def forest(
    draws: Mapping[str, NDArray[np.float64]], *, probabilities: tuple[float, float] = (0.5, 0.9)
) -> tuple[Any, Any]:
    """Draw medians and equal-tailed intervals, and return the figure and its axes.

    Not by ArviZ's own forest, which takes a second and more over what is a few lines.

    Parameters
    ----------
    draws : mapping of str to array
        By name; the first stands at height 0, the next at -1, and so on.
    probabilities : tuple of float
        Of the inner interval and of the outer.
    """
    inner, outer = probabilities
    masses = [0.5, (1 - inner) / 2, (1 + inner) / 2, (1 - outer) / 2, (1 + outer) / 2]
    middle, *ends = np.array([np.quantile(values, masses) for values in draws.values()]).T
    figure, axes = plt.subplots(figsize=(WIDTH, forest_height(len(draws))), layout="constrained")
    intervals(axes, list(draws), middle, [(ends[0], ends[1]), (ends[2], ends[3])])
    return figure, axes


def forest_height(entries: int) -> float:
    """Return how many inches so many entries take."""
    return 0.8 + 0.26 * entries


def intervals(axes: Any, names: Sequence[str], middle: Any, ends: Sequence[Sequence[Any]]) -> None:
    """Draw medians and intervals, the first name at height 0, the next at -1, and so on.

    Parameters
    ----------
    middle : array, shape (name,)
    ends : sequence of two arrays, shape (name,)
        The ends of the intervals, narrowest first.
    """
    heights = -np.arange(len(names))
    for place, (low, high) in enumerate(reversed(ends)):
        axes.hlines(heights, low, high, color=POSTERIOR, linewidth=1 + 2 * place)
    axes.plot(middle, heights, "o", color=POSTERIOR, markerfacecolor=PAPER)
    axes.set_yticks(heights, list(names))
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_ylim(-len(names) + 0.5, 0.5)


def risk_intervals(axes: Any, names: Sequence[str], risks: Sequence[Mapping[str, Any]]) -> None:
    """Draw risks, as they stand in an answer or a manifest, on a scale of logarithms."""
    ends = [
        [np.log10([risk["intervals"][place][end] for risk in risks]) for end in ("lower", "upper")]
        for place in range(len(risks[0]["intervals"]))
    ]
    intervals(axes, names, np.log10([risk["median"] for risk in risks]), ends)
    decades(axes.xaxis, per=PER)
    axes.set_xlabel(f"leave, of {PER:,} alike")


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


def calendar(axis: Any) -> None:
    """Mark an axis of days."""
    axis.axis_date()
    locator = dates.AutoDateLocator(minticks=3, maxticks=7)
    axis.set_major_locator(locator)
    axis.set_major_formatter(dates.ConciseDateFormatter(locator))


def title(label: str) -> str:
    """Return a label broken into lines that fit above a panel of half a page's width."""
    return "\n".join(wrap(label, TITLE_WIDTH))


def legend_below(figure: Any, columns: int = 0) -> None:
    """Put a figure's legend where it takes no width from the panels; by default on one line."""
    (legend,) = figure.legends
    entries, labels = legend.legend_handles, [text.get_text() for text in legend.get_texts()]
    legend.remove()
    figure.legend(entries, labels, loc="outside lower center", ncols=columns or len(labels))


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
