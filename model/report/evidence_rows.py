"""The evidence, row by row: what the source says, what the fit would have it say, and whether the rest foresees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from model.evidence.rows import COMPILER, HEADS, RATE, TIMING
from model.fit.row_checks import ALARM, MEASURED
from model.report.evidence_figures import counts_men, predictions
from model.report.material import Material
from model.report.section import Section
from model.report.threads import quantities_of_row
from model.report.words import anchor, bounds, day, number, percent
from model.reweighting import LARGEST_K
from priors.people import level_in_words, people_in_words

Row = Mapping[str, Any]

NONE = "none"


def evidence_rows(material: Material) -> Section:
    """Return the section on the evidence."""
    rows, lists = material.manifest["evidence"]["rows"], material.manifest["lists"]
    tested = sum(row["p"] is not None for row in rows)
    return Section(
        "evidence",
        "The evidence, row by row",
        {figure.name: figure for figure in predictions(material)},
        {
            "rows": [_entry(material, row) for row in rows],
            "lists": [_list(each) for each in lists],
            "alarm": percent(ALARM),
            "measured": MEASURED,
            "limit": number(ALARM / tested) if tested else NONE,
            "limit_of_lists": number(ALARM / len(lists)) if lists else NONE,
            "largest_k": f"{LARGEST_K:g}",
            "individuals": material.manifest["officers"],
        },
    )


def _entry(material: Material, row: Row) -> dict[str, Any]:
    terms = (material.manifest["loo"] or {"pareto_k": {}})["pareto_k"]
    predicted = row["predicted"]
    return {
        "id": row["id"],
        "kind": row["kind"].replace("_", " "),
        "says": row_in_words(row, material),
        "bound_by": "the compiler’s" if row["bound_by"] == COMPILER else "the source’s",
        "note": row["note"],
        "published": day(row["published_on"]) if row["published_on"] else None,
        "source": row["source"],
        "url": row["url"] if urlsplit(row["url"]).scheme in {"http", "https"} else None,
        "unit": "men" if counts_men(row) else "share",
        "observed": _range(row, row["observed"]["lower"], row["observed"]["upper"]),
        "expected": _told(row, row["expected"]["median"]),
        "predicted": _range(row, predicted["lower_99"], predicted["upper_99"]),
        "p": None if row["p"] is None else percent(row["p"]),
        "k": f"{row['pareto_k']:.2f}",
        "known": row["pareto_k"] <= LARGEST_K,
        "flagged": row["flagged"],
        "quantities": quantities_of_row(material, row),
        "terms": [term for term in terms if row["id"] in term.split("+")],
    }


def _list(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "anchor": anchor("list", entry["list"]),
        "rows": entry["rows"],
        "p": percent(entry["p"]),
        "k": f"{entry['pareto_k']:.2f}",
        "known": entry["pareto_k"] <= LARGEST_K,
        "flagged": entry["flagged"],
    }


def _range(row: Row, low: float, high: float) -> str:
    return " to ".join(dict.fromkeys((_told(row, low), _told(row, high))))


def _told(row: Row, value: float) -> str:
    """Return a number of men, or a share of a count, which may be none or all of it."""
    if counts_men(row):
        return number(value)
    return f"{100 * value:.0f} %" if value in {0.0, 1.0} else percent(value)


def row_in_words(row: Row, material: Material) -> str:
    """Return an evidence row as a sentence."""
    vocabulary = material.vocabulary
    people = people_in_words(row["population"], vocabulary)
    window, counted = row["window"], bounds(*row["count"])
    start, when = day(window["from"]), f"between {day(window['from'])} and {day(window['to'])}"
    if row["kind"] == HEADS:
        return f"On {start} there served {counted} {people}."
    if row["kind"] == RATE:
        whole = f"Of {bounds(*row['total'])} {people}" if row["total"] else f"Of all {people}"
        return f"{whole}, {counted} left {when}."
    if row["kind"] == TIMING:
        return f"Of {bounds(*row['total'])} {people} whose leaving is dated, {counted} left {when}."
    return _composition(row, people, when if row["kind"] == "defector_composition" else None, material)


def _composition(row: Row, people: str, when: str | None, material: Material) -> str:
    """Return a row on what some of those who left, or of those who serve, were."""
    ((attribute, levels),) = row["attribute"].items()
    were = f"were {level_in_words(attribute, levels, material.vocabulary)}"
    if when is not None:
        return f"Of {bounds(*row['total'])} {people} who left {when}, {bounds(*row['count'])} {were}."
    whole, part = people, _range(row, *row["count"])
    if row["total"] != [1, 1]:
        whole, part = f"{bounds(*row['total'])} {people}", bounds(*row["count"])
    return f"Of the {whole} serving on {day(row['window']['from'])}, {part} {were}."
