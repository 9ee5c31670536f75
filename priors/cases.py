"""What is asked of a study besides risks: the cases by which articles are weighed, and what stands behind levers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from priors.vocabulary import Vocabulary

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


@dataclass(frozen=True)
class Behind:
    """What stands behind the levers of an outlook.

    Attributes
    ----------
    contagion : str or None
        The quantity that its ratio is drawn from; None where a ratio must be stated.
    services : mapping of str to sequence of str
        Words by attribute for those among whom defections may count more; empty where there are none.
    claims : mapping of str to tuple of str
        By lever.
    """

    contagion: str | None
    services: Mapping[str, list[str]]
    claims: Mapping[str, tuple[str, ...]]

    @classmethod
    def from_data(cls, levers: Mapping[str, Any], bears_on: Mapping[str, Mapping[str, Any]]) -> Behind:
        """Return what `study.yaml` states, with the claims that bear on the quantity of contagion.

        Parameters
        ----------
        bears_on : mapping of str to mapping
            By claim, the quantities it bears on.
        """
        contagion = levers.get("contagion", {"quantity": None, "services": {}})
        services = Vocabulary.alternatives(contagion["services"])
        claims = {name: tuple(levers[name]["claims"]) if name in levers else () for name in ("reprisal", "incentive")}
        of_ratio = tuple(claim for claim, bears in bears_on.items() if contagion["quantity"] in bears)
        return cls(contagion["quantity"], services, {"contagion": of_ratio} | claims)
