"""What Schemathesis cannot read in the contract: that days lie in the study, and that a window ends after it begins."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode

from priors.study import DEFAULT, load_study

STUDY = load_study(os.environ.get("FUZZED_STUDY", DEFAULT)).timeline.window
WHOLE = {"from": str(STUDY.start), "to": str(STUDY.end)}
SHORT = {"from": str(STUDY.end - timedelta(days=50)), "to": str(STUDY.end)}
"""Enough to simulate an outlook over, where a request was not drawn for its window."""

schemathesis.openapi.format("date", st.dates(STUDY.start, STUDY.end).map(str))


@schemathesis.hook
def map_case(context: Any, case: Any) -> Any:  # noqa: ARG001 - Schemathesis's signature
    """Turn round the windows of good requests that were drawn the wrong way, and open those of no days."""
    good = case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE
    in_body = case.body.get("window") if good and isinstance(case.body, dict) else None
    for window in (in_body, case.query if good else None):
        if isinstance(window, dict) and {"from", "to"} & window.keys():
            _put_right(window)
    if good and case.path == "/v1/outlooks" and in_body == WHOLE:
        case.body["window"] = SHORT
    if good and case.path == "/v1/surprises" and isinstance(case.body, dict):
        for each in case.body["cases"]:
            # The study ends before the day that its window ends with.
            each["by"] = min(each["by"], str(STUDY.end - timedelta(days=1)))
    return case


def _put_right(window: dict[str, Any]) -> None:
    first, last = sorted((window.get("from", str(STUDY.start)), window.get("to", str(STUDY.end))))
    if "from" in window:
        window["from"] = first
    if "to" in window:
        window["to"] = last
    if first == last:
        for name in ("from", "to"):
            window.pop(name, None)
