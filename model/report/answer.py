"""The answer: the risks of a panel of profiles, what drives them, and how far the evidence narrowed them."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from model.report.drawing import Figure, decades, draw, forest
from model.report.material import Material
from model.report.section import Section
from model.report.threads import rows_about_attribute
from model.report.words import counted, day, listed, number, ratio, whole_percent

PER = 1_000
PERCENTAGE = 100
NEARLY_ALL = 0.99
NONE = "none"


def answer(material: Material) -> Section:
    """Return the section that gives the risks."""
    window = material.study.timeline.window
    panel = [_entry(entry) for entry in material.manifest["panel"]]
    figures = [_risks(material)] if panel else []
    return Section(
        "answer",
        "The answer",
        {figure.name: figure for figure in figures},
        {
            "panel": panel,
            "window": [day(str(end)) for end in (window.start, window.end)],
            "attributes": list(material.vocabulary.names),
            "threads": [
                (
                    name,
                    sorted({claim for ids in material.manifest["claims_by_level"][name].values() for claim in ids}),
                    rows_about_attribute(material, name),
                )
                for name in material.vocabulary.names
            ],
        },
    )


def _entry(entry: dict[str, Any]) -> dict[str, Any]:
    relative = entry["relative_to_corps"]
    widest = max(relative["intervals"], key=lambda interval: float(interval["probability"]))
    drivers = [
        {
            "attribute": part["attribute"],
            "factor": ratio(float(np.exp(part["log_hazard"]["median"]))),
            "claims": part["claims"],
        }
        for part in entry["contributions"]
    ]
    return {
        "name": entry["name"],
        "words": entry["in_words"],
        "relative": ratio(relative["median"]),
        "relative_interval": f"{ratio(widest['lower'])} to {ratio(widest['upper'])}",
        "drivers": drivers,
        "contraction": whole_percent(entry["posterior_contraction"]),
        "shift": NONE if entry["author_shift"] is None else number(entry["author_shift"]),
        "alone": listed(f"{each['prior_set']} {_one_in(each['median'])}" for each in entry["by_prior_set"]),
    }


def _risks(material: Material) -> Figure:
    panel = material.manifest["panel"]

    def plot() -> Any:
        drawn, axes = forest(_log_risks(material))
        decades(axes.xaxis, per=PER)
        axes.set_xlabel(f"leave, of {PER:,} alike")
        return drawn

    alt = (
        f"Interval plot of the risk of {counted(len(panel), 'profile')} over the study, on a logarithmic scale: "
        "median, 50 % and 90 % intervals; the table below has the numbers."
    )
    return draw("figure-risks", alt=alt, caption=_caption(panel), by=plot)


def _caption(panel: list[dict[str, Any]]) -> str:
    medians = {entry["name"]: entry["risk"]["median"] for entry in panel}
    likeliest, unlikeliest = max(medians, key=medians.__getitem__), min(medians, key=medians.__getitem__)
    if len(panel) == 1:
        return f"The one profile shown is “{likeliest}”, {_one_in(medians[likeliest])}."
    return (
        f"Of the {len(panel)} profiles the likeliest to leave is “{likeliest}”, {_one_in(medians[likeliest])}, and the "
        f"least likely “{unlikeliest}”, {_one_in(medians[unlikeliest])}: "
        f"{number(medians[likeliest] / medians[unlikeliest])} times less."
    )


def _log_risks(material: Material) -> xr.Dataset:
    """Return the common logarithm of each profile's risk over the study, dimensions chain, draw, profile."""
    panel, risk = material.manifest["panel"], material.tree["posterior"]["risk"].astype(float)
    names = xr.DataArray([entry["name"] for entry in panel], dims="profile", name="profile")
    risks = [risk.sel(entry["profile"], drop=True) for entry in panel]
    return xr.Dataset({"risk": np.log10(xr.concat(risks, names))})


def _one_in(risk: float) -> str:
    if risk > NEARLY_ALL:
        return f"more than {PERCENTAGE * NEARLY_ALL:.0f} in 100"
    return f"{number(PERCENTAGE * risk)} in 100" if risk >= 1 / PERCENTAGE else f"1 in {number(1 / risk)}"
