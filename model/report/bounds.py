"""The compiler's bounds: what would follow, were a bound that no source states lower or higher."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model.fit.influence import bound_in_words
from model.report.evidence_rows import row_in_words
from model.report.material import Material
from model.report.section import Section
from model.report.words import listed, share
from model.reweighting import LARGEST_K

UNKNOWN = "refit to know"


def bounds(material: Material) -> Section:
    """Return the section on the bounds that the compiler of the evidence set."""
    entries = [_entry(material, entry) for entry in material.manifest["compilers_bounds"]]
    return Section(
        "bounds", "What the compiler’s bounds do", content={"entries": entries, "largest_k": f"{LARGEST_K:g}"}
    )


def _entry(material: Material, entry: Mapping[str, Any]) -> dict[str, Any]:
    cases = entry["bounds"]
    row = next(row for row in material.manifest["evidence"]["rows"] if row["id"] == entry["row"])
    return {
        "row": entry["row"],
        "says": row_in_words(row, material),
        "heads": [_head(case) for case in cases],
        "profiles": [(name, [_median(case, name) for case in cases]) for name in cases[0]["medians"]],
        "verdicts": [(claim, [_verdict(case, claim) for case in cases]) for claim in _moved(cases)],
        "k": listed(
            f"{case['pareto_k']:.2f} at {bound_in_words(case['bound'])}"
            for case in cases
            if case["pareto_k"] is not None
        ),
    }


def _head(case: Mapping[str, Any]) -> str:
    told = bound_in_words(case["bound"])
    return f"{told}, as it is" if case["factor"] == 1 else told


def _median(case: Mapping[str, Any], profile: str) -> str:
    return share(case["medians"][profile]) if case["known"] else UNKNOWN


def _verdict(case: Mapping[str, Any], claim: str) -> str:
    return str(case["verdicts"][claim]) if case["known"] else UNKNOWN


def _moved(cases: list[Mapping[str, Any]]) -> list[str]:
    """Return the claims on which the verdict is not the same under every bound that the draws can tell of."""
    known = [case["verdicts"] for case in cases if case["known"]]
    return [claim for claim in known[0] if len({verdicts[claim] for verdicts in known}) > 1]
