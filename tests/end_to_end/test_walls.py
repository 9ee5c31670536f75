"""The walls between the rooms, tried in a fresh interpreter: what serves loads nothing of what fits."""

import json
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests.support.distributions import enough_to_serve

PROJECT = Path(__file__).parents[2]
OURS = {"cli", "defection_risk", "model", "priors", "service"}

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


@pytest.fixture(scope="module")
def serving() -> set[str]:
    """All that is installed where no extra is asked for."""
    return enough_to_serve()


@pytest.mark.parametrize("room", ["service", "model.risk", "model.outlook", "model.what_if", "model.archive"])
def test_what_serves_loads_only_what_a_serving_host_installs(room: str, serving: set[str]) -> None:
    """No module of a serving room loads a distribution that only an extra brings."""
    assert third_parties_loaded_by(room, whole=True) <= serving


@pytest.mark.parametrize("room", ["cli", "defection_risk"])
def test_the_command_and_the_library_start_without_the_fitting_stack(room: str, serving: set[str]) -> None:
    """What a fit needs, and what a frame or a picture needs, is loaded by what makes one, not before."""
    assert third_parties_loaded_by(room, whole=False) <= serving


def test_the_serving_list_leaves_the_fitting_stack_out(serving: set[str]) -> None:
    """What serving needs does not itself bring in what the walls are there to keep out."""
    fitting = {"arviz", "jax", "numba", "numpyro", "nutpie", "pandas", "preliz", "pyarrow", "pymc", "pytensor", "scipy"}
    assert not serving & {*fitting, "xarray"}
