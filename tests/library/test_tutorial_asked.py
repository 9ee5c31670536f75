"""The tutorial's promises: under forty lines of code, and what it asks has the same answers here and over HTTP."""

from __future__ import annotations

import ast
from typing import Any

import pandas as pd
import pytest

import defection_risk as dr
from defection_risk.answers import Answers
from model.archive import Archive
from tests.support.notebooks import read
from tests.support.serving import serving


def sources(*, tag: str = "") -> list[str]:
    """Return what stands in the cells of code, in those alone that have a tag if one is given."""
    cells = [cell for cell in read().cells if cell.cell_type == "code"]
    return [cell.source for cell in cells if not tag or tag in cell.metadata.get("tags", ())]


def asked(model: Answers) -> dict[str, Any]:
    """Return whatever the asking cells come to: their names, and the value that each ends with."""
    names: dict[str, Any] = {"dr": dr, "model": model}
    for number, source in enumerate(sources(tag="asks")):
        *body, last = ast.parse(source).body
        ends = isinstance(last, ast.Expr)
        exec(compile(ast.Module(body if ends else [*body, last], []), "cell", "exec"), names)  # noqa: S102 - our own
        if isinstance(last, ast.Expr):
            names[f"value {number}"] = eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307
    return {name: found for name, found in names.items() if name not in {"dr", "model", "__builtins__"}}


def test_it_is_short() -> None:
    """All that it does takes fewer than forty lines of code, comments and blank lines aside."""
    lines = [line.strip() for source in sources() for line in source.splitlines()]
    assert len([line for line in lines if line and not line.startswith("#")]) < 40


def test_it_has_the_same_answers_over_http(archive: Archive, model: dr.Fitted) -> None:
    """Each cell that asks gives the same, to the last digit, of a version here and of a service that serves it."""
    here = asked(model)
    with serving(archive.home) as port:
        there = asked(dr.Client(f"http://127.0.0.1:{port}"))
    assert {"answer", "before", "outlook"} <= here.keys()
    assert here.keys() == there.keys()
    for name, found in here.items():
        if isinstance(found, pd.DataFrame):
            pd.testing.assert_frame_equal(found, there[name], check_exact=True)
        elif isinstance(found, pd.Series):
            pd.testing.assert_series_equal(found, there[name], check_exact=True)
        else:
            assert found == there[name]


@pytest.mark.parametrize("method", ["assess", "ask", "outlook"])
def test_what_it_asks_is_looked_at(method: str) -> None:
    """The cells that are compared are those that ask."""
    asking = [source for source in sources() if f"model.{method}(" in source]
    assert asking
    assert set(asking) <= set(sources(tag="asks"))
