"""A fixed panel of profiles, so that any two fits can be compared on the same men."""

from __future__ import annotations

from typing import Any

from model.risk.assessment import assess
from model.risk.table import RiskTable

PANEL: tuple[tuple[str, dict[str, str]], ...] = tuple(
    (name, dict(zip(("sect", "rank", "eliteness", "proximity"), levels, strict=True)))
    for name, levels in (
        ("Sunni conscript, ordinary, outside", ("sunni", "conscript", "ordinary", "outside")),
        ("Sunni lieutenant, ordinary, outside", ("sunni", "lieutenant", "ordinary", "outside")),
        ("Sunni colonel, ordinary, outside", ("sunni", "colonel", "ordinary", "outside")),
        ("Sunni brigadier, elite, connected", ("sunni", "brigadier", "elite", "connected")),
        ("Druze lieutenant, ordinary, outside", ("druze", "lieutenant", "ordinary", "outside")),
        ("Alawite conscript, ordinary, outside", ("alawite", "conscript", "ordinary", "outside")),
        ("Alawite colonel, ordinary, outside", ("alawite", "colonel", "ordinary", "outside")),
        ("Alawite colonel, elite, trusted", ("alawite", "colonel", "elite", "trusted")),
        ("Alawite brigadier, elite, trusted", ("alawite", "brigadier", "elite", "trusted")),
        ("Alawite general, elite, core", ("alawite", "general", "elite", "core")),
    )
)


def assessed_panel(table: RiskTable) -> list[dict[str, Any]]:
    """Return the panel with the risk of each profile over the study."""
    window = table.vocabulary.study.window
    return [
        {"name": name} | assess(table, profile, window=window, intervals=(0.5, 0.9)).as_dict()
        for name, profile in PANEL
    ]
