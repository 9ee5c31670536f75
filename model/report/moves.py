"""What the regime does: claims about numbers put as a question, and what is left to fight with, by its moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from math import ceil, floor
from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import dates
from numpy.typing import NDArray

from model.outlook.answer import rests
from model.outlook.moves import Moves
from model.report.claims_ledger import BASES
from model.report.drawing import INK, POSTERIOR, THIRD, WIDTH, Figure, calendar, draw, legend_below, relabel
from model.report.material import MASS, Material
from model.report.people import prediction_in_words
from model.report.section import Section
from model.report.simulated import Both, every_move
from model.report.words import day, number, percent, share
from priors.claims import Claim
from priors.moves import Known
from priors.timeline import Window

COUNTED: Final = "number of defections"
EVEN: Final = 0.5
CLEAR: Final = 2.0
"""Standard errors from which on a difference is told from none."""

LOOKS: Final = (("without the moves", POSTERIOR), ("with every move", THIRD))

Values = NDArray[np.float64]


def moves(material: Material) -> Section | None:
    """Return the section on the moves of the study, if it states any."""
    study, window = material.study, material.study.timeline.window
    supposed = every_move(study, material.manifest, window.start)
    if not supposed.others:
        return None
    known = study.strength.known
    later = [_within(each, window) for each in known if each.on > window.start]
    both = Both.of(material, supposed, window, also=later)
    checked = [_checked(each, both, window) for each in known]
    figure = _reliable(material, both)
    return Section(
        "moves",
        "What the regime does",
        {figure.name: figure},
        {
            "rests": rests(supposed),
            "campaigns": list(_campaigns(material)),
            "below": percent(study.strength.reliable_below),
            "known": checked,
            "held": [sum(each["places"][side] == "within" for each in checked) for side in (0, 1)],
            "moves": list(_numbers(supposed)),
        },
    )


def _campaigns(material: Material) -> Iterator[dict[str, Any]]:
    """Yield what becomes of each claim about how many leave, asked of the whole force."""
    for claim in material.study.claims.claims:
        if claim.prediction is not None and claim.prediction["measure"] == COUNTED:
            yield _campaign(material, claim, claim.prediction)


def _campaign(material: Material, claim: Claim, prediction: Mapping[str, Any]) -> dict[str, Any]:
    study, whole = material.study, material.study.timeline.window
    window = Window(prediction.get("from", whole.start), prediction.get("to", whole.end))
    supposed = every_move(study, material.manifest, window.start)
    both = Both.of(material, supposed, window, decisive=[study.vocabulary.alternatives(prediction["of"])])
    least = ceil(prediction["below"]) if "below" in prediction else floor(prediction["above"]) + 1
    before, after, change = both.expected()
    return {
        "claim": next(each for each in material.manifest["claims"] if each["id"] == claim.id),
        "statement": prediction_in_words(prediction, study.vocabulary),
        "told": in_words(least, study.heads.all, *both.at_least(least)),
        "rows": [
            *(_chances(many, *both.at_least(many)) for many in dict.fromkeys((least, 1))),
            ("expected", number(before), number(after), _change(change)),
        ],
    }


def in_words(
    least: int, heads: int, before: Mapping[str, Any], after: Mapping[str, Any], change: Mapping[str, Any]
) -> str:
    """Return how probable it is that so many leave, and what the moves make of that."""
    likelier = [side["probability"] > EVEN for side in (before, after)]
    if all(likelier) or not any(likelier):
        stands = f"either way {'likelier' if all(likelier) else 'less likely'} than not"
    else:
        stands = f"likelier than not only {'without' if likelier[0] else 'with'} them"
    if abs(change["difference"]) <= CLEAR * change["monte_carlo_error"]:
        moved = "What the moves change of that is no more than chance may bring in a simulation"
    else:
        moved = f"The moves make it {'likelier' if change['difference'] > 0 else 'less likely'}"
    return (
        f"Were all {heads:,} still serving on the first day, there would be at least {least:,} with a probability of "
        f"{_chance(before)} without the moves, and of {_chance(after)} with every move: {stands}. "
        f"{moved}: {_points(change)}."
    )


def _chances(
    least: int, before: Mapping[str, Any], after: Mapping[str, Any], change: Mapping[str, Any]
) -> tuple[str, ...]:
    return f"at least {least:,}", _chance(before), _chance(after), _points(change)


def _reliable(material: Material, both: Both) -> Figure:
    ends = [np.quantile(men, MASS, axis=1) for men in both.men("reliable")]
    without, moved = (_told(*each[:, -1]) for each in ends)
    caption = (
        f"Of {material.study.heads.all:,} men at the start, {without} can be deployed and counted on at the end, on "
        f"{day(str(both.days[-1]))}, without the moves, and {moved} with every move, those beside the army among them."
    )
    alt = (
        "Medians and 90 % intervals of the men who can be deployed and counted on, over time, with every move and "
        "without any; the caption has the numbers at the end."
    )
    return draw("figure-reliable", alt=alt, caption=caption, by=lambda: _plot(both.days, ends))


def _plot(days: tuple[date, ...], ends: list[Values]) -> Any:
    figure, axes = plt.subplots(figsize=(WIDTH, 2.6), layout="constrained")
    at = dates.date2num(days)
    for (low, middle, high), (label, colour) in zip(ends, LOOKS, strict=True):
        axes.fill_between(at, low, high, color=colour, alpha=0.25, linewidth=0)
        axes.plot(at, middle, color=colour, linewidth=2, label=label)
    calendar(axes.xaxis)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("men to be counted on", color=INK)
    relabel(axes.yaxis, lambda value: f"{value:,.0f}")
    figure.legend()
    legend_below(figure)
    return figure


def _within(known: Known, window: Window) -> date:
    """Return the day of the window nearest to the one that a number of men is known of."""
    return min(max(known.on, window.start), window.end)


def _checked(known: Known, both: Both, window: Window) -> dict[str, Any]:
    """Return a reported number beside the simulated ones, and on which side of their intervals it lies."""
    on = _within(known, window)
    if on == window.start:
        simulated = [both.without.start, both.moved.start]
    else:
        simulated = [men[both.days.index(on)] for men in both.men("serving")]
    ends = [np.quantile(men, MASS) for men in simulated]
    return {
        "day": day(str(known.on)),
        "men": f"{known.men:,}",
        "source": known.source,
        "simulated": [_told(*each) for each in ends],
        "places": [_place(known.men, low, high) for low, _, high in ends],
    }


def _place(reported: float, low: float, high: float) -> str:
    if reported < low:
        return "below"
    return "above" if reported > high else "within"


def _numbers(supposed: Moves) -> Iterator[dict[str, Any]]:
    """Yield every number of every move in force, with what it rests on."""
    for move in supposed.as_list():
        for place, (name, about) in enumerate(move["numbers"].items()):
            write = share if about["scale"] in {"share", "monthly rate"} else number
            yield {
                "move": move["name"],
                "says": "" if place else move["says"],
                "claims": move["claims"],
                "name": f"{name} ({about['scale']})" if name != about["scale"] else name,
                "interval": " to ".join(map(write, about["interval_90"])),
                "basis": BASES[about["basis"]] if "basis" in about else f"the {about['whose']} priors",
                "source": about.get("source"),
            }


def _chance(found: Mapping[str, Any]) -> str:
    return percent(found["probability"])


def _points(change: Mapping[str, Any]) -> str:
    """Return the change of a probability in percentage points."""
    return _change({name: 100 * value for name, value in change.items()}, unit=" points")


def _change(change: Mapping[str, Any], unit: str = "") -> str:
    sign = "+" if change["difference"] > 0 else "-"
    return f"{sign}{number(abs(change['difference']))}{unit} (s.e. {number(change['monte_carlo_error'])})"


def _told(low: float, middle: float, high: float) -> str:
    """Return a median and an interval of men, to three significant digits."""
    lower, median, upper = (f"{float(f'{heads:.3g}'):,.0f}" for heads in (low, middle, high))
    return median if low == high else f"{median} ({lower} to {upper})"
