"""What an outlook may suppose beside the fit: moves that a study speaks of, each with its claims and its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from priors.vocabulary import Vocabulary

Selection = Mapping[str, Sequence[str]]
"""Words, or names of groups of levels, for some attributes: all who agree in each of them."""

BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "hazard ratio": (0.0, 100.0),
    "share": (0.0, 1.0),
    "monthly rate": (0.0, 1.0),
    "men": (0.0, 1_000_000.0),
}
"""By scale, between what a stated number lies; that of an interval lies within it, and above zero."""

NUMBERS: Final[Mapping[str, Mapping[str, str]]] = {
    "watch": {"share": "share"},
    "purge": {"rate": "monthly rate"},
    "punish": {"factor": "hazard ratio"},
    "confine": {"factor": "hazard ratio"},
    "deaths": {"rate": "monthly rate"},
    "intake": {"men": "men"},
    "militias": {"men": "men", "factor": "hazard ratio"},
    "allies": {"men": "men"},
    "offers": {"factor": "hazard ratio"},
}
"""By move, its numbers, the first the main one, each with its scale. Contagion is apart: a quantity of the claims."""

RELIABLE_BELOW: Final = 0.2
"""The predicted risk below which men are counted on, where neither a question nor a study says otherwise."""


@dataclass(frozen=True)
class Supposition:
    """A number of a move that is not known: a 90 % interval, and whose it is.

    Attributes
    ----------
    scale : str
        A key of `BOUNDS`.
    interval : tuple of float
    basis : str
        As of the intervals of claims.
    source : str
        What it rests on, in a sentence.
    """

    scale: str
    interval: tuple[float, float]
    basis: str
    source: str


@dataclass(frozen=True)
class Move:
    """What a study says of a move.

    Attributes
    ----------
    says : str
        What is done, in a sentence.
    claims : tuple of str
        Those that speak of it.
    numbers : mapping of str to Supposition
        Those that are drawn where a question does not state them.
    of : Selection
        Whom it falls on, or who comes, unless a question says otherwise; empty for everyone.
    replaced_by : mapping of str to str
        Of a purge: the levels that whoever comes in a place has instead of those of the man removed.
    above : float or None
        Of confinement: the predicted risk from which on men are kept in.
    start : date or None
        When it begins, unless a question says otherwise; None for the beginning of the window.
    """

    says: str
    claims: tuple[str, ...]
    numbers: Mapping[str, Supposition]
    of: Selection
    replaced_by: Mapping[str, str]
    above: float | None
    start: date | None

    @classmethod
    def from_data(cls, name: str, entry: Mapping[str, Any], vocabulary: Vocabulary) -> Move:
        """Return what an entry of `study.yaml` states of the move of a name."""
        return cls(
            says=entry["says"],
            claims=entry["claims"],
            numbers={
                number: Supposition(scale, **entry[number])
                for number, scale in NUMBERS[name].items()
                if number in entry
            },
            of=Vocabulary.alternatives(entry.get("of", {})),
            replaced_by=vocabulary.profile(entry.get("replaced_by", {})),
            above=entry.get("above"),
            start=entry.get("start"),
        )


UNSTATED: Final = Move(says="", claims=(), numbers={}, of={}, replaced_by={}, above=None, start=None)
"""What a study says of a move of which it does not speak."""


@dataclass(frozen=True)
class Spreading:
    """What stands behind contagion.

    Attributes
    ----------
    quantity : str or None
        The quantity that its ratio is drawn from; None where a ratio must be stated.
    services : Selection
        Those among whom defections may count more; empty where there are none.
    claims : tuple of str
        Those that bear on the quantity.
    """

    quantity: str | None = None
    services: Selection = field(default_factory=dict)
    claims: tuple[str, ...] = ()

    @classmethod
    def from_data(cls, entry: Mapping[str, Any] | None, bears_on: Mapping[str, Mapping[str, Any]]) -> Spreading:
        """Return what `study.yaml` states, if it does, with the claims that bear on the quantity.

        Parameters
        ----------
        bears_on : mapping of str to mapping
            By claim, the quantities it bears on.
        """
        if entry is None:
            return cls()
        claims = tuple(claim for claim, bears in bears_on.items() if entry["quantity"] in bears)
        return cls(entry["quantity"], Vocabulary.alternatives(entry["services"]), claims)


@dataclass(frozen=True)
class Unit:
    """A unit of which it is asked whether it breaks: so many men, who lose a share of themselves within a month.

    Attributes
    ----------
    men : int
    of : Selection
        Whom it is made up of; empty for all of the force.
    loses : float
        Share of the men who serve as a month begins.
    spread : float
        Standard deviation of the log of a unit's hazard about that of its kind; zero where units do not differ.
    source : str
        Of the spread.
    """

    men: int = 500
    of: Selection = field(default_factory=dict)
    loses: float = 0.1
    spread: float = 0.0
    source: str = ""


@dataclass(frozen=True)
class Known:
    """How many served on a day, by a source: what a simulated force is set beside, and not fitted to."""

    on: date
    men: int
    source: str


@dataclass(frozen=True)
class Strength:
    """What is left to fight with: who is counted on, the unit that may break, and what is known of numbers."""

    reliable_below: float = RELIABLE_BELOW
    unit: Unit = field(default_factory=Unit)
    known: tuple[Known, ...] = ()

    @classmethod
    def from_data(cls, entry: Mapping[str, Any]) -> Strength:
        """Return what `study.yaml` states, and for the rest what is taken where nothing is said."""
        unit = entry.get("unit", {})
        return cls(
            reliable_below=entry.get("reliable_below", RELIABLE_BELOW),
            unit=Unit(**unit | {"of": Vocabulary.alternatives(unit.get("of", {}))}),
            known=tuple(Known(**each) for each in entry.get("known", ())),
        )
