"""What each author would have forecast on earlier days, where the study keeps a back-test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from model.report.material import Material
from model.report.section import Section
from model.report.words import counted, day, listed

Line = Mapping[str, Any]


def backtest(material: Material) -> Section:
    """Return the section on the back-test that the study keeps, if any."""
    kept = material.study.backtest
    if kept is None:
        return Section("backtest", "Forecasts of earlier days", content={"days": []})
    days = [list(lines) for _, lines in groupby(kept["table"], key=lambda line: line["at"])]
    return Section(
        "backtest",
        "Forecasts of earlier days",
        content={
            "days": [_day(lines, kept["naive"]) for lines in days],
            "naive": kept["naive"],
            "made_on": day(str(kept["made_on"])),
            "stale": kept["evidence"] != material.manifest["evidence"]["digest"],
            "hindsight": any(line["hindsight"] for line in kept["table"]),
        },
    )


def _day(lines: Sequence[Line], naive: Iterable[str]) -> dict[str, Any]:
    first = lines[0]
    return {
        "at": day(str(first["at"])),
        "known": counted(first["known"], "row"),
        "asked": f"{counted(first['rows'], 'row')}, in {counted(first['terms'], 'term')}",
        "outcome": _outcome(lines, set(naive)),
        "lines": [_line(line) for line in lines],
    }


def _outcome(lines: Sequence[Line], naive: set[str]) -> str:
    """Return who foresaw best, and which authors did no better than one who knows no article."""
    best = max(lines, key=lambda line: float(line["log_score"]))
    by_naive = max((line for line in lines if line["by"] in naive), key=lambda line: float(line["log_score"]))
    beaten = [line["by"] for line in lines if line["by"] not in naive and line["log_score"] <= by_naive["log_score"]]
    failed = f"{listed(beaten)} did no better than {by_naive['by']}" if beaten else "no naive forecast did as well"
    return f"Best by its log score is {best['by']}; {failed}."


def _line(line: Line) -> dict[str, Any]:
    notes = [*(f"hindsight: {name}" for name in line["hindsight"])]
    notes += [f"not to be relied on: {listed(line['failed'])}"] if line["failed"] else []
    return {
        "by": line["by"],
        "log_score": f"{line['log_score']:.1f}",
        "error": f"{line['log_score_error']:.2f}",
        "held": f"{line['covered']} of {line['rows']}",
        "men": _told(line["crps_log_men"], ".2f"),
        "share": _told(line["crps_share"], ".3f"),
        "notes": "; ".join(notes),
    }


def _told(value: float | None, digits: str) -> str:
    return "" if value is None else format(value, digits)
