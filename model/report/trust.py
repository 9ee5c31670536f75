"""What to trust in a fit, and what in it rests on priors: what stands at the top of the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from model.report.material import Material
from model.report.words import whole_percent
from model.reweighting import LARGEST_K

HALF = 0.5
"""Posterior contraction below which a profile or a quantity rests mostly on the claims."""


def trust(material: Material) -> dict[str, Any]:
    """Return what the box at the top of the report says: by checks, contraction, verdicts and flags."""
    manifest = material.manifest
    claims, rows, lists = manifest["claims"], manifest["evidence"]["rows"], manifest["lists"]
    contraction = {entry["name"]: entry["posterior_contraction"] for entry in manifest["panel"]}
    least = min(contraction, key=contraction.__getitem__, default=None)
    return {
        "failed": [check for check in manifest["checks"] if check["gates"] and not check["passed"]],
        "panel": len(contraction),
        "leaning": leaning(manifest["panel"]),
        "least": least,
        "least_contraction": least and whole_percent(contraction[least]),
        "fitted": len(material.fitted),
        "from_claims": [name for name in material.fitted if 1 - width_left(material, name) ** 2 < HALF],
        "hanging": [claim["id"] for claim in claims if claim["hangs_on"]],
        "hang_on": sorted({_row(each) for claim in claims for each in claim["hangs_on"]}),
        "contradicted": [claim["id"] for claim in claims if claim["verdict"] == "contradicted"],
        "flagged": _rows_of([row for row in rows if row["flagged"]], [each for each in lists if each["flagged"]]),
        "untold": len(
            _rows_of(
                [row for row in rows if row["p"] is not None and row["pareto_k"] > LARGEST_K],
                [each for each in lists if each["pareto_k"] > LARGEST_K],
            )
        ),
        "conflicts": [entry["quantity"] for entry in manifest["conflicts"] if entry["flagged"]],
    }


def leaning(panel: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the profiles whose risk rests mostly on the claims."""
    return [entry["name"] for entry in panel if entry["posterior_contraction"] < HALF]


def width_left(material: Material, quantity: str) -> float:
    """Return the standard deviation of a quantity after the evidence, over that before."""
    after, before = (np.asarray(material.draws(group, quantity)) for group in ("posterior", "prior"))
    return float(after.std() / before.std())


def _row(named: str) -> str:
    """Return the row, or the first of the list, that a verdict hangs on, or on whose bound it hangs."""
    return named.partition("'s bound at ")[0].partition("+")[0]


def _rows_of(rows: Iterable[Mapping[str, Any]], lists: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the ids of rows and of all the rows of lists."""
    return [*(row["id"] for row in rows), *(row for each in lists for row in each["rows"])]
