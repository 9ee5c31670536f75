"""The model's graph, as PyMC reads it off the model itself: every variable, and what it is computed or drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model.fit.in_jax import dims_of
from model.fit.problem import Problem


def model_graph(problem: Problem) -> list[dict[str, Any]]:
    """Return the variables of a model, parents before children, as values of JSON.

    Each has its name, its kind (`prior`, `computed` or `observed`), its dimensions and the names of its parents. Data
    are left out: each is the parameters, or the observed values, of the variable that is named after it.
    """
    from pymc.model_graph import ModelGraph  # noqa: PLC0415 - heavy

    model = problem.model
    kinds = {each.name: "prior" for each in model.free_RVs} | {each.name: "observed" for each in model.observed_RVs}
    kinds |= {each.name: "computed" for each in model.deterministics}
    parents = {
        str(name): sorted(str(each) for each in found if each in kinds)
        for name, found in ModelGraph(model).make_compute_graph().items()
        if name in kinds
    }
    order: dict[str, None] = {}
    for name in (*(each.name for each in model.observed_RVs), *kinds):
        _place(name, parents, order)
    return [
        {"name": name, "kind": kinds[name], "dims": list(dims_of(model, name)), "parents": parents[name]}
        for name in order
    ]


def _place(name: str, parents: Mapping[str, list[str]], order: dict[str, None]) -> None:
    """Add a variable to the order, just below those of its parents that are not in it yet."""
    for parent in parents[name]:
        if parent not in order:
            _place(parent, parents, order)
    order.setdefault(name)
