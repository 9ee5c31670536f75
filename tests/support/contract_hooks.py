"""What Schemathesis cannot read in the contract: which days lie in the study, what there is to name."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode

from model.evidence.reading import bundled_evidence
from priors.study import DEFAULT, load_study

FUZZED = load_study(os.environ.get("FUZZED_STUDY", DEFAULT))
STUDY = FUZZED.timeline.window
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
    if good and case.path == "/v1/what-if" and isinstance(case.body, dict):
        _name_what_there_is(case.body)
    return case


def _name_what_there_is(body: dict[str, Any]) -> None:
    """Have what is supposed be of claims, articles and rows that there are."""
    rows = bundled_evidence(FUZZED)
    for member, known in (("without_claims", FUZZED.claims.claims), ("without_rows", rows)):
        if member in body:
            body[member] = [each.id for each in known[: len(body[member])]]
    if "weights" in body:
        articles = (article.name for article in FUZZED.articles)
        body["weights"] = dict(zip(articles, body["weights"].values(), strict=False))
    if body.get("bounds"):
        body["bounds"] = {rows[0].id: {"low": rows[0].count_low, "high": rows[0].count_high}}


def _put_right(window: dict[str, Any]) -> None:
    first, last = sorted((window.get("from", str(STUDY.start)), window.get("to", str(STUDY.end))))
    if "from" in window:
        window["from"] = first
    if "to" in window:
        window["to"] = last
    if first == last:
        for name in ("from", "to"):
            window.pop(name, None)
