"""Two versions side by side: the rows of the tables that the page and the command have in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from model.report.words import number
from model.risk.words import Scale

SIDES: Final = ("first", "second")
NINE_TENTHS: Final = 0.9

Found = Mapping[str, Any]
"""What `compare_versions` returns of two versions of a study, or `side_by_side` of those of two studies."""


def risk_rows(found: Found) -> list[tuple[str, ...]]:
    """Return for each profile its name, its expected share under both versions, and the one over the other."""
    risks = [entry[side] for entry in found["panel"] for side in SIDES]
    if not risks:
        return []
    scale = Scale.beside(risks)
    return [
        (entry["name"], *(_risk(entry[side], scale) for side in SIDES), number(entry["risk_ratio"]))
        for entry in found["panel"]
    ]


def role_rows(found: Found, *, called: str) -> Iterator[tuple[str, ...]]:
    """Yield for each role and study both names, the ratio under prior and posterior, and what it is of.

    Parameters
    ----------
    called : str
        The entry of a study that names it: `name` or `title`.
    """
    for entry in found["roles"]:
        for side, version in zip(SIDES, found["versions"], strict=True):
            told = entry[side]
            what = f"{'one over ' if told['inverse'] else ''}{told['quantity']}: {told['definition']}"
            yield entry["role"], version["study"][called], _ratio(told["prior"]), _ratio(told["posterior"]), what


def _risk(risk: Mapping[str, Any], scale: Scale) -> str:
    lower, upper = _ninety(risk)
    return f"{scale.told(risk['mean'])} ({scale.between(lower, upper)})"


def _ratio(summary: Mapping[str, Any]) -> str:
    lower, upper = _ninety(summary)
    return f"{number(summary['median'])} ({number(lower)} to {number(upper)})"


def _ninety(summary: Mapping[str, Any]) -> tuple[float, float]:
    (interval,) = (each for each in summary["intervals"] if each["probability"] == NINE_TENTHS)
    return interval["lower"], interval["upper"]
