"""The graph of the model: PyMC's own account of it, in an order in which it can be read."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from model.fit.graph import model_graph
from model.fit.problem import Problem
from model.report.graph import write_graph

DRAWN = Path(__file__).parents[2] / "docs" / "model-graph.svg"


def test_every_variable_stands_below_what_it_depends_on(bundled_problem: Problem) -> None:
    """The graph has each variable of the model once, its parents before it, and the evidence observed at its end."""
    nodes, model = model_graph(bundled_problem), bundled_problem.model
    seen: set[str] = set()
    for node in nodes:
        assert set(node["parents"]) <= seen
        seen.add(node["name"])
    assert sorted(node["name"] for node in nodes) == sorted(
        each.name for each in (*model.basic_RVs, *model.deterministics)
    )
    parents = {node["name"]: node["parents"] for node in nodes}
    assert parents["men"] == ["expected_men"]
    assert parents["hazard_ratio"] == ["log_hazard_ratio"]


def test_the_picture_in_the_docs_is_of_this_model(bundled_problem: Problem, tmp_path: Path) -> None:
    """`docs/model-graph.svg` names every variable as drawn today: `make model-graph` draws it anew."""
    nodes = model_graph(bundled_problem)
    write_graph(nodes, tmp_path / "graph.svg")
    drawn, kept = (_texts(path) for path in (tmp_path / "graph.svg", DRAWN))
    assert drawn == kept
    assert all(any(node["name"] in text for text in kept) for node in nodes)


def _texts(path: Path) -> set[str]:
    """Return all that a picture says."""
    return {each.text for each in ET.parse(path).iter() if each.text}  # noqa: S314 - our own drawing
