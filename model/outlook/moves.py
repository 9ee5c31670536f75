"""What an outlook supposes beside the fit: contagion, what the regime does, and offers; all off by default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from model.outlook.contagion import Contagion
from model.outlook.force import selected
from model.outlook.numbers import Number, check, check_against
from model.outlook.timing import MOST_MONTHS, months_later
from model.risk.errors import MoveError, OutlookError
from priors.moves import RELIABLE_BELOW, UNSTATED, Selection
from priors.study import Study
from priors.vocabulary import Profile, Vocabulary

Values = NDArray[np.float64]

AGAINST: Final = ("none", "fit")
"""What a watch is set against, the first unless a question says otherwise."""

MOST_STOPPED: Final = 0.99
"""Share of attempts that a watch stops, at most, where the fit is of the others: else attempts were without number."""

PUNISHED_MONTHS: Final = 6
"""For how long those alike pay for a defection, unless a question says otherwise."""

SAID_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "watch": ("of", "against", "from", "months"),
    "purge": ("of", "replaced_by", "from", "months"),
    "punish": ("same", "months"),
    "confine": ("above", "from", "months"),
    "deaths": ("of", "from", "months"),
    "intake": ("of", "from", "months"),
    "militias": ("of", "from", "months"),
    "allies": ("from", "months"),
    "offers": ("of", "from", "months"),
}
"""By move, what an answer says of it beside its numbers."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """What somebody does while an outlook runs: the regime, or those who make offers.

    watch
        A `share` of the attempts of some to leave is stopped, and the men with it. Against "none" the fitted hazard is
        taken for that of attempts, so that the watch comes on top of what the fit holds; against "fit" it is that of
        attempts which were not stopped.
    purge
        Some leave the service at a monthly `rate`; into each place comes a man of other levels, or nobody.
    punish
        After a defection the hazard of those alike is multiplied by a `factor` for some months: once, however many.
    confine
        Those of a predicted risk of at least `above` are not deployed, and their hazard is multiplied by a `factor`.
    deaths
        Some die at a monthly `rate`.
    intake
        So many `men` a month are called up.
    militias
        So many `men` join beside the army, whose hazard is a `factor` of that of such men in the army.
    allies
        So many `men` join who do not defect.
    offers
        The hazard of some is multiplied by a `factor`.

    Attributes
    ----------
    name : str
    numbers : mapping of str to Number
    says : str
    claims : tuple of str
    of : Selection
        Whom it falls on, or who comes; empty for everyone.
    start : date or None
        None for the beginning of the window.
    months : int or None
        None for good.
    against : str
        Of a watch.
    same : tuple of str
        Of punishment: the attributes in which one is alike.
    above : float
        Of confinement.
    replaced_by : mapping of str to str
        Of a purge: the levels in which a newcomer is not as the man whose place he takes; empty for no newcomers.
    """

    name: str
    numbers: Mapping[str, Number]
    says: str = ""
    claims: tuple[str, ...] = ()
    of: Selection = field(default_factory=dict)
    start: date | None = None
    months: int | None = None
    against: str = AGAINST[0]
    same: tuple[str, ...] = ()
    above: float = 1.0
    replaced_by: Profile = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.months is not None:
            check("months", self.months, 0 if self.name == "punish" else 1, MOST_MONTHS)
        check("above", self.above, 0, 1)
        check_against(self.against, AGAINST)
        if self.against == "fit" and (share := self.numbers["share"].value) is not None:
            check("share", share, 0, MOST_STOPPED)

    @classmethod
    def of_study(cls, name: str, study: Study, numbers: Mapping[str, Number], opens: date) -> Move:
        """Return a move as a study has it, or as it is where a study says nothing of it.

        Parameters
        ----------
        opens : date
            First day of the window: what the study has begin earlier is in force as it opens.
        """
        said = study.moves.get(name, UNSTATED)
        return cls(
            name=name,
            numbers=numbers,
            says=said.says,
            claims=tuple(said.claims),
            of=said.of,
            start=said.start if said.start is not None and said.start > opens else None,
            months=PUNISHED_MONTHS if name == "punish" else None,
            same=study.vocabulary.names,
            above=RELIABLE_BELOW if said.above is None else said.above,
            replaced_by=said.replaced_by,
        )

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which it changes something: the first, and the one after the last if there is one."""
        if self.start is None:
            return ()
        return (self.start,) if self.months is None else (self.start, months_later(self.start, self.months))

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return not self.days or (self.days[0] <= day and (self.months is None or day < self.days[-1]))

    def among(self, vocabulary: Vocabulary) -> NDArray[np.bool_]:
        """Return which cells it falls on, shape (cell,)."""
        return selected([self.of], vocabulary)

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        said: dict[str, Any] = {
            "of": {name: list(words) for name, words in self.of.items()},
            "from": None if self.start is None else str(self.start),
            "months": self.months,
            "against": self.against,
            "same": list(self.same),
            "above": self.above,
            "replaced_by": dict(self.replaced_by),
        }
        return {
            "name": self.name,
            "says": self.says,
            "numbers": {name: number.as_dict() for name, number in self.numbers.items()},
            **{name: said[name] for name in SAID_OF[self.name]},
            "claims": list(self.claims),
        }


def elicited(manifest: Mapping[str, Any], study: Study) -> dict[str, dict[str, Number]]:
    """Return by move the numbers that a study has intervals for, with the distributions that a version keeps.

    Raises
    ------
    MoveError
        If it keeps none of one of them.
    """
    kept = manifest.get("moves", {})
    try:
        return {
            name: {number: Number.elicited(kept[name][number], said) for number, said in move.numbers.items()}
            for name, move in study.moves.items()
        }
    except (KeyError, TypeError) as error:
        raise MoveError("moves: the manifest lacks the distribution of an elicited number") from error


@dataclass(frozen=True)
class Moves:
    """The moves in force; none by default."""

    contagion: Contagion | None = None
    others: tuple[Move, ...] = ()

    def __post_init__(self) -> None:
        for name in SAID_OF:
            if name != "offers" and len(list(self.named(name))) > 1:
                raise OutlookError(f"{name}: must be stated once; only offers may be several")

    def __bool__(self) -> bool:
        """Whether any is."""
        return self.contagion is not None or bool(self.others)

    def named(self, *names: str) -> Iterator[Move]:
        """Give those of some names, in the order in which they were stated."""
        return (move for move in self.others if move.name in names)

    @property
    def ties(self) -> bool:
        """Whether what becomes of some hangs on what became of others."""
        return self.contagion is not None or any(self.named("punish", "purge"))

    @property
    def days(self) -> list[date]:
        """The days on which one of them begins or ends."""
        return [day for move in self.others for day in move.days]

    def opening(self, day: date, attributes: Sequence[str]) -> Moves:
        """Return them as of a window that opens on a day.

        Those without a beginning begin as it opens, and those whom punishment holds alike are so in the attributes
        there are, in their order.

        Raises
        ------
        OutlookError
            If punishment names an attribute that there is not.
        """
        return replace(self, others=tuple(self._opened(move, day, attributes) for move in self.others))

    def drawn(self, count: int, seed: int) -> dict[tuple[str, str], Values]:
        """Return each number for each of so many draws, by key of its move and name.

        Each has random numbers of its own, which do not depend on what else is in force.
        """
        stated = [] if self.contagion is None else [("contagion", "ratio", self.contagion.ratio)]
        stated += [(key, name, number) for key, move in self.keyed for name, number in move.numbers.items()]
        return {
            (key, name): number.drawn(count, np.random.default_rng([seed, crc32(f"{key}.{name}".encode())]))
            for key, name, number in stated
        }

    @property
    def keyed(self) -> list[tuple[str, Move]]:
        """The moves with a name for each that no other has: of several offers, the place of each."""
        others = [(move.name, move) for move in self.others if move.name != "offers"]
        return others + [(f"offers {place}", move) for place, move in enumerate(self.named("offers"))]

    def as_list(self) -> list[dict[str, Any]]:
        """Return those in force as they stand in an answer."""
        spreading = [] if self.contagion is None else [self.contagion.as_dict()]
        return [*spreading, *(move.as_dict() for move in self.others)]

    @staticmethod
    def _opened(move: Move, day: date, attributes: Sequence[str]) -> Move:
        if move.name == "punish":
            if unknown := set(move.same) - set(attributes):
                raise OutlookError(f"same: must name attributes, not {len(unknown)} others: {', '.join(attributes)}")
            return replace(move, same=tuple(name for name in attributes if name in move.same))
        return replace(move, start=day) if move.start is None else move
