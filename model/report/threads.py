"""The threads between evidence and quantities: which rows speak of which quantity, so that a reader can follow them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from model.evidence.rows import CORPS_COMPOSITION, OF_THE_FORCES, RATE, TIMING
from model.report.material import Material
from priors.claims import Quantity
from priors.study import Study

Row = Mapping[str, Any]


def rows_about_attribute(material: Material, attribute: str) -> list[str]:
    """Return the ids of the rows that set people apart by an attribute."""
    return [row["id"] for row in material.manifest["evidence"]["rows"] if attribute in _levels(row)]


def rows_about_quantity(material: Material, quantity: str) -> list[str]:
    """Return the ids of the rows that speak of a quantity."""
    about = material.quantities[quantity]
    return [row["id"] for row in material.manifest["evidence"]["rows"] if _speaks(row, about, material.study)]


def quantities_of_row(material: Material, row: Row) -> list[str]:
    """Return the quantities that a row speaks of."""
    return [name for name, about in material.quantities.items() if _speaks(row, about, material.study)]


def _speaks(row: Row, about: Quantity, study: Study) -> bool:
    """Whether a row's people, or those it counts among them, are set apart by what the quantity is an effect of."""
    if about.outside_the_fit is not None:
        return False
    if about.scale == "share":
        of_class = study.corps.class_of == study.corps.classes.index(str(about.service_class))
        return row["kind"] == CORPS_COMPOSITION and bool(
            (study.vocabulary.agreeing(row["population"]) & of_class).any()
        )
    if row["kind"] in OF_THE_FORCES:
        return False
    if about.attribute is None:
        return bool(row["kind"] == (RATE if about.scale == "risk" else TIMING))
    levels = _levels(row).get(about.attribute)
    return levels is not None and (not about.levels or bool(set(levels) & set(about.levels)))


def _levels(row: Row) -> dict[str, Sequence[str]]:
    """Return the levels that a row names, of each attribute that it names any of."""
    return {**row["population"], **(row["attribute"] or {})}
