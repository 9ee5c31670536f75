"""Pictures of answers, on Matplotlib axes of the caller's or new ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from defection_risk.frames import Asked, profile_in_words
from model.fit.verdicts import VERDICTS
from model.report.drawing import ALERT, FOURTH, MUTED, POSTERIOR, PRIOR, THIRD, decades, risk_intervals
from model.report.words import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from defection_risk.trees import Outlook

COLOURS: Final = dict(zip(VERDICTS, (THIRD, POSTERIOR, MUTED, FOURTH, ALERT, PRIOR), strict=True))
WIDTH: Final = 6.0
SHADES: Final = (0.5, 0.25, 0.12)


def risks(asked: Asked, answers: Sequence[Mapping[str, Any]], ax: Axes | None) -> Axes:
    """Draw the risk of each distinct profile, by its name in the index or by its words."""
    names = [profile_in_words(each["profile"]) for each in answers]
    index = asked.frame.index
    if len(index) == len(answers) and not pd.api.types.is_numeric_dtype(index.dtype):
        names = [str(name) for name in index]
    axes = ax or _axes(0.8 + 0.26 * len(answers))
    risk_intervals(axes, names, [each["risk"] for each in answers])
    return axes


def why(answer: Mapping[str, Any], ax: Axes | None) -> Axes:
    """Draw the factors of a profile's risk one after the other, from all the forces to the profile."""
    parts = answer["contributions"]
    factors = np.array([part["factor"]["ratio"] for part in parts])
    ends = np.log10(np.concatenate([[1.0], np.cumprod(factors)]))
    axes = ax or _axes(1.2 + 0.3 * len(parts))
    heights = -np.arange(len(parts) + 1)
    colours = [THIRD if factor < 1 else ALERT for factor in factors]
    axes.barh(heights[:-1], np.diff(ends), left=ends[:-1], color=colours, height=0.6)
    axes.barh(heights[-1:], ends[-1:], color=POSTERIOR, height=0.6)
    for height, end, factor in zip(heights, ends[1:], factors, strict=False):
        side, shift = ("left", 4) if factor > 1 else ("right", -4)
        place: dict[str, Any] = {"xytext": (shift, 0), "textcoords": "offset points", "ha": side, "va": "center"}
        axes.annotate(f"x {number(factor)}", (end, height), **place)
    labels = [f"{part['attribute']}: {part['value'] or 'averaged over'}" for part in parts]
    axes.set_yticks(heights, [*labels, profile_in_words(answer["profile"])])
    axes.axvline(0.0, color=MUTED, linewidth=1.0, zorder=0)
    axes.margins(x=0.25)
    decades(axes.xaxis)
    axes.set_xlabel("times the risk of all the forces")
    return axes


def density(curves: Mapping[str, Mapping[str, Sequence[float]]], ax: Axes | None) -> Axes:
    """Draw the densities of a risk, on a scale of logarithms, before the evidence and after it."""
    axes = ax or _axes(2.4)
    for when, colour in (("posterior", POSTERIOR), ("prior", PRIOR)):
        axes.plot(curves[when]["log10_risk"], curves[when]["density"], color=colour, label=when)
    axes.set_yticks([])
    axes.set_xlabel("log10 of the risk")
    axes.legend(frameon=False)
    return axes


def ledger(claims: pd.DataFrame, ax: Axes | None) -> Axes:
    """Draw the probability of each claim before the evidence and after it, coloured by the verdict."""
    told = claims.dropna(subset=["prior", "posterior"])
    axes = ax or _axes(0.9 + 0.22 * len(told))
    heights = -np.arange(len(told))
    axes.hlines(heights, told["prior"], told["posterior"], color=MUTED, linewidth=1)
    axes.plot(told["prior"], heights, "o", color=PRIOR, markersize=4, label="before the evidence")
    for verdict, colour in COLOURS.items():
        of = (told["verdict"] == verdict).to_numpy()
        if of.any():
            axes.plot(told["posterior"][of], heights[of], "o", color=colour, label=f"after: {verdict}")
    axes.set_yticks(heights, list(told.index))
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-len(told), 1)
    axes.set_xlabel("probability of the claim")
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    return axes


def course(outlook: Outlook, ax: Axes | None) -> Axes:
    """Draw how many had defected by each day."""
    axes, points = ax or _axes(2.4), outlook.over_time
    for interval, shade in zip(outlook["over_time"][0]["intervals"], SHADES, strict=False):
        name = f"{100 * interval['probability']:g}"
        lower, upper = points[f"lower_{name}"], points[f"upper_{name}"]
        axes.fill_between(points.index, lower, upper, color=POSTERIOR, alpha=shade, linewidth=0)
    axes.plot(points.index, points["median"], color=POSTERIOR)
    axes.set_xticks(points.index[[0, len(points) // 2, -1]])
    axes.set_ylabel(f"defected, of {outlook['force']['total']:,}")
    return axes


def _axes(height: float) -> Axes:
    axes: Axes = plt.subplots(figsize=(WIDTH, height), layout="constrained")[1]
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return axes
