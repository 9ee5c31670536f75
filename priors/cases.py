"""What is asked of a study besides risks: the cases by which articles are weighed, and roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

ROLES: Final = ("span of rank", "out-group to in-group", "favoured to ordinary unit")
"""What quantities of different studies may stand for alike."""


@dataclass(frozen=True)
class Case:
    """A kind of man of whom at least one left by a day, or none did, and what is to be said of it.

    Attributes
    ----------
    profile : mapping of str to str
        Words of the vocabulary; a unit may stand in place of a level.
    claims : tuple of str
        Those that speak of it.
    """

    title: str
    profile: Mapping[str, str]
    by: date
    happened: bool
    rests: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Role:
    """The quantity that stands for a role, or of which one over it does."""

    quantity: str
    inverse: bool
