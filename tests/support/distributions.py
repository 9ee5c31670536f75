"""Which distributions serving needs, by what pyproject.toml asks for and what is installed."""

from __future__ import annotations

import tomllib
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


def enough_to_serve() -> set[str]:
    """Name the distributions that come with this project when no extra is asked for."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    found: set[str] = set()
    waiting = [Requirement(requirement) for requirement in project["dependencies"]]
    while waiting:
        requirement = waiting.pop()
        wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if wanted and canonicalize_name(requirement.name) not in found:
            found.add(canonicalize_name(requirement.name))
            waiting += [Requirement(needed) for needed in distribution(requirement.name).requires or []]
    return found
