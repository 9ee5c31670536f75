"""The answer: the risks of a panel of profiles, what drives them, and how far they rest on the priors."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from model.report.drawing import Figure, decades, draw, forest
from model.report.material import Material
from model.report.section import Section
from model.report.threads import rows_about_attribute
from model.report.words import day, number, ratio, whole_percent

PER = 1_000
PERCENTAGE = 100


def answer(material: Material) -> Section:
    """Return the section that gives the risks."""
    study = material.vocabulary.study
    panel = [_entry(entry) for entry in material.manifest["panel"]]
    figures = [_risks(material)] if panel else []
    return Section(
        "answer",
        "The answer",
        {figure.name: figure for figure in figures},
        {
            "panel": panel,
            "window": [day(str(end)) for end in (study.window.start, study.window.end)],
            "attributes": material.vocabulary.attributes,
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
        "reliance": whole_percent(entry["reliance_on_prior"]),
    }


def _risks(material: Material) -> Figure:
    panel = material.manifest["panel"]
    medians = {entry["name"]: entry["risk"]["median"] for entry in panel}
    likeliest, unlikeliest = max(medians, key=medians.__getitem__), min(medians, key=medians.__getitem__)
    caption = (
        f"Of the {len(panel)} profiles the likeliest to leave is “{likeliest}”, {_one_in(medians[likeliest])}, and the "
        f"least likely “{unlikeliest}”, {_one_in(medians[unlikeliest])}: "
        f"{number(medians[likeliest] / medians[unlikeliest])} times less."
    )
    complete = [entry for entry in panel if not entry["averaged_over"]]

    def plot() -> Any:
        drawn, axes = forest(_log_risks(material, complete))
        decades(axes.xaxis, per=PER)
        axes.set_xlabel(f"leave, of {PER:,} such men")
        return drawn

    alt = (
        f"Interval plot of the risk of {len(complete)} profiles over the study, on a logarithmic scale: "
        "median, 50 % and 90 % intervals; the table below has the numbers."
    )
    return draw("figure-risks", alt=alt, caption=caption, by=plot)


def _log_risks(material: Material, panel: list[dict[str, Any]]) -> xr.Dataset:
    """Return the common logarithm of each profile's risk over the study, dimensions chain, draw, profile."""
    posterior, study = material.tree["posterior"], material.vocabulary.study
    exposure = np.exp(posterior["baseline"]).dot(xr.DataArray(study.months(study.window), dims="period"))
    risks = [
        -np.expm1(-np.exp(posterior["log_relative_hazard"].sel(entry["profile"], drop=True).astype(float)) * exposure)
        for entry in panel
    ]
    names = xr.DataArray([entry["name"] for entry in panel], dims="profile", name="profile")
    return xr.Dataset({"risk": np.log10(xr.concat(risks, names))})


def _one_in(risk: float) -> str:
    return f"{number(PERCENTAGE * risk)} in 100" if risk >= 1 / PERCENTAGE else f"1 in {number(1 / risk)}"
