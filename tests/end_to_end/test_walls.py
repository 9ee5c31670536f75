"""The walls between the rooms, tried in a fresh interpreter: what serves loads nothing of what fits."""

import json
import subprocess
import sys
import tomllib
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parents[2]
OURS = {"model", "priors", "service"}

LOADED_BY = """
import importlib, json, pkgutil, sys
before = set(sys.modules)
room, whole = importlib.import_module(sys.argv[1]), sys.argv[2] == "whole"
for module in pkgutil.walk_packages(room.__path__, room.__name__ + ".") if whole else ():
    importlib.import_module(module.name)
print(json.dumps(sorted({name.partition(".")[0] for name in set(sys.modules) - before})))
"""


def third_parties_loaded_by(room: str, *, whole: bool) -> set[str]:
    """Name the distributions that a fresh interpreter loads to import a room, or its every module."""
    command = [sys.executable, "-c", LOADED_BY, room, "whole" if whole else "door"]
    answer = subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True).stdout
    owners = packages_distributions()
    names = set(json.loads(answer)) - OURS - sys.stdlib_module_names
    return {canonicalize_name(owner) for name in names for owner in owners.get(name, [])}


def with_all_they_need(requirements: list[str]) -> set[str]:
    """Name the distributions that these requirements bring with them on this machine, themselves among them."""
    found: set[str] = set()
    waiting = [Requirement(requirement) for requirement in requirements]
    while waiting:
        requirement = waiting.pop()
        wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if wanted and canonicalize_name(requirement.name) not in found:
            found.add(canonicalize_name(requirement.name))
            waiting += [Requirement(needed) for needed in distribution(requirement.name).requires or []]
    return found


@pytest.fixture(scope="module")
def enough_to_serve() -> set[str]:
    """All that the dependency group "serve" installs."""
    groups = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    return with_all_they_need(groups["serve"])


@pytest.mark.parametrize("room", ["service", "model.risk", "model.archive"])
def test_what_serves_loads_only_what_a_serving_host_installs(room: str, enough_to_serve: set[str]) -> None:
    """No module of a serving room loads a distribution from outside the dependency group "serve"."""
    assert third_parties_loaded_by(room, whole=True) <= enough_to_serve


def test_the_command_starts_without_the_fitting_stack(enough_to_serve: set[str]) -> None:
    """The command loads what a fit needs inside the commands that fit, not before."""
    assert third_parties_loaded_by("model.cli", whole=False) <= enough_to_serve


def test_the_serving_set_leaves_the_fitting_stack_out(enough_to_serve: set[str]) -> None:
    """The dependency group "serve" does not itself bring in what the walls are there to keep out."""
    fitting = {"arviz", "numba", "nutpie", "pandas", "preliz", "pyarrow", "pymc", "pytensor", "scipy", "xarray"}
    assert not enough_to_serve & fitting
