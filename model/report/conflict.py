"""Prior-data conflict: whether the evidence moved a quantity further than the claims on it lead to expect."""

from __future__ import annotations

from typing import Any

from model.fit.row_checks import ALARM, MEASURED
from model.report.material import Material
from model.report.section import Section
from model.report.words import counted, listed, number, percent

NONE = "none"


def conflict(material: Material) -> Section:
    """Return the section on prior-data conflict."""
    entries = material.manifest["conflicts"]
    tested = sum(entry["p"] is not None for entry in entries)
    return Section(
        "conflict",
        "Do claims and evidence conflict?",
        content={
            "summary": _summary(material, entries),
            "entries": [_entry(material, entry) for entry in entries],
            "alarm": percent(ALARM),
            "measured": MEASURED,
            "limit": number(ALARM / tested) if tested else NONE,
            "tested": counted(tested, "quantity"),
        },
    )


def _entry(material: Material, entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "quantity": entry["quantity"],
        "label": material.label(entry["quantity"]),
        "z": NONE if entry["z"] is None else f"{entry['z']:+.1f}",
        "p": NONE if entry["p"] is None else percent(entry["p"]),
        "flagged": entry["flagged"],
    }


def _summary(material: Material, entries: list[dict[str, Any]]) -> str:
    found = [f"“{material.label(entry['quantity'])}”" for entry in entries if entry["flagged"]]
    told = f"Claims and evidence conflict about {len(found) or 'none'} of {counted(len(entries), 'quantity')}"
    return f"{told}: {listed(found)}." if found else f"{told}."
