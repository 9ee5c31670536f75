"""A back-test as a study keeps it, of numbers that a test states."""

from __future__ import annotations

import json
from typing import Any

NAIVE = {"constant rate": "everybody leaves at one rate", "no change": "the last rate goes on"}


def line(at: str, by: str, log_score: float, **other: Any) -> dict[str, Any]:
    """Return how one forecaster did on a day."""
    return {
        "at": at, "by": by, "hindsight": [], "failed": [], "known": 3, "terms": 5, "log_score": log_score,
        "log_score_error": 0.25, "rows": 8, "covered": 7, "crps_log_men": 0.5, "crps_share": None,
    } | other  # fmt: skip


def kept(*lines: dict[str, Any], evidence: str = "", made_on: str = "2026-11-22") -> bytes:
    """Return a file of a back-test."""
    said = {"study": {}, "evidence": evidence, "made_on": made_on, "sampling": {}, "naive": NAIVE, "table": lines}
    return json.dumps(said).encode()
