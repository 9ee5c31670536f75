"""Selection of lists: how much more readily a list of those who left names some than others."""

from __future__ import annotations

from model.report.material import Material, quantiles
from model.report.section import Section
from model.report.words import number


def selection(material: Material) -> Section:
    """Return the section on who is named in a list."""
    posterior, prior = (material.tree[group].to_dataset() for group in ("posterior", "prior"))
    weights = []
    for attribute, stated in material.study.claims.newsworthiness.items():
        name = f"{attribute}_newsworthiness"
        if name in posterior:
            rows = [
                (
                    level,
                    _interval(quantiles(prior[name].sel({attribute: level}))),
                    _interval(quantiles(posterior[name].sel({attribute: level}))),
                    number(quantiles(posterior[name].sel({attribute: level}))[1]),
                )
                for level in material.vocabulary[attribute].names
            ]
            weights.append({"attribute": attribute, "definition": stated.definition, "rows": rows})
    return Section("selection", "Who is named in a list", content={"weights": weights})


def _interval(ends: tuple[float, float, float]) -> str:
    lower, _, upper = ends
    return "1" if lower == upper == 1 else f"{number(lower)} to {number(upper)}"
