"""The answer: the risks of a panel of profiles, what drives them, and how far the evidence narrowed them."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt

from model.report.drawing import WIDTH, Figure, draw, forest_height, risk_intervals
from model.report.material import Material
from model.report.section import Section
from model.report.threads import rows_about_attribute
from model.report.words import counted, day, listed, number, percent, ratio, whole_percent
from model.risk.words import Scale

NONE = "none"


def answer(material: Material) -> Section:
    """Return the section that gives the risks."""
    window = material.study.timeline.window
    stated = material.manifest["panel"]
    scale = Scale.of([each["median"] for entry in stated for each in entry["by_prior_set"]])
    panel = [_entry(entry, scale) for entry in stated]
    figures = [_risks(material)] if panel else []
    return Section(
        "answer",
        "The answer",
        {figure.name: figure for figure in figures},
        {
            "panel": panel,
            "error": percent(max((_relative_error(entry["risk"]) for entry in stated), default=0.0)),
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


def _entry(entry: dict[str, Any], scale: Scale) -> dict[str, Any]:
    relative = entry["relative_to_corps"]
    widest = max(relative["intervals"], key=lambda interval: float(interval["probability"]))
    drivers = [
        {
            "attribute": part["attribute"],
            "factor": ratio(part["factor"]["ratio"]),
            "claims": part["claims"],
        }
        for part in entry["contributions"]
    ]
    return {
        "name": entry["name"],
        "words": entry["in_words"],
        "relative": ratio(relative["ratio"]),
        "relative_interval": f"{ratio(widest['lower'])} to {ratio(widest['upper'])}",
        "drivers": drivers,
        "contraction": whole_percent(entry["posterior_contraction"]),
        "shift": NONE if entry["author_shift"] is None else number(entry["author_shift"]),
        "alone": listed(f"{each['prior_set']} {scale.told(each['median'])}" for each in entry["by_prior_set"]),
    }


def _risks(material: Material) -> Figure:
    panel = material.manifest["panel"]

    def plot() -> Any:
        figure, axes = plt.subplots(figsize=(WIDTH, forest_height(len(panel))), layout="constrained")
        risk_intervals(axes, [entry["name"] for entry in panel], [entry["risk"] for entry in panel])
        return figure

    alt = (
        f"Interval plot of the risk of {counted(len(panel), 'profile')} over the study, on a logarithmic scale: "
        "median, 50 % and 90 % intervals; the table below has the numbers."
    )
    return draw("figure-risks", alt=alt, caption=_caption(panel), by=plot)


def _caption(panel: list[dict[str, Any]]) -> str:
    means = {entry["name"]: entry["risk"]["mean"] for entry in panel}
    scale = Scale.beside([entry["risk"] for entry in panel])
    likeliest, unlikeliest = max(means, key=means.__getitem__), min(means, key=means.__getitem__)
    if len(panel) == 1:
        return f"The one profile shown is “{likeliest}”, {scale.about(means[likeliest])}."
    return (
        f"Of the {len(panel)} profiles the likeliest to leave is “{likeliest}”, {scale.about(means[likeliest])}, and "
        f"the least likely “{unlikeliest}”, {scale.about(means[unlikeliest])}: "
        f"{number(means[likeliest] / means[unlikeliest])} times less."
    )


def _relative_error(risk: dict[str, Any]) -> float:
    return float(risk["monte_carlo_error"] / risk["mean"])
