"""Promises of the docstrings: their examples run, on a made-up version in a folder of their own."""

from __future__ import annotations

import doctest
from importlib import import_module
from pkgutil import iter_modules

import matplotlib as mpl
import pytest

import defection_risk as dr

MODULES = [dr.__name__, *(f"{dr.__name__}.{module.name}" for module in iter_modules(dr.__path__))]
PUBLIC = ("Client", "Fitted", "Model", "load", "load_example")


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    """Every example gives what it says that it gives."""
    mpl.use("agg")
    known = {"dr": dr, "model": dr.load("current", home="var")}
    assert doctest.testmod(import_module(name), extraglobs=known).failed == 0


def test_what_is_public_has_examples() -> None:
    """Each name of the package is documented, and so is every public method, most of them by an example."""
    assert sorted(dr.__all__) == sorted(PUBLIC)
    finder = doctest.DocTestFinder(exclude_empty=False)
    found = {test.name: test for name in MODULES for test in finder.find(import_module(name))}
    asked = [f"defection_risk.answers.Answers.{name}" for name in ("ask", "assess", "compare", "outlook", "surprise")]
    asked += [f"defection_risk.answers.Answers.{name}" for name in ("what_if", "plot_risk", "plot_why")]
    asked += ["defection_risk.fitted.Fitted.save", "defection_risk.fitted.load", "defection_risk.model.Model.fit"]
    assert [name for name in asked if not found[name].examples] == []
