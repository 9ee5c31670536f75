"""A force: how many serve of each profile; and selections of those in it whose leaving would matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.risk.errors import ForceError
from priors.moves import Selection
from priors.vocabulary import Described, Profile, Vocabulary

LARGEST: Final = 100_000_000
"""Heads in a force, at most."""


@dataclass(frozen=True)
class Group:
    """So many who share what is known of them; what is not known of each is as likely as in the armed forces."""

    described: Described
    count: int

    @property
    def profile(self) -> Profile:
        """What is known of each, in the names of the levels."""
        return self.described.profile

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        return {**self.described.as_dict(), "count": self.count}


@dataclass(frozen=True)
class Force:
    """Groups of distinct profiles, in the names of the levels.

    All the armed forces are one group of which nothing is known: `Force.of([({}, 10_000)], vocabulary)`.
    """

    groups: tuple[Group, ...]

    @classmethod
    def of(cls, heads: Iterable[tuple[Mapping[str, str], int]], vocabulary: Vocabulary) -> Force:
        """Return a force.

        Parameters
        ----------
        heads : iterable of (mapping of str to str, int)
            Words of a profile, and how many; equal profiles are added up.
        vocabulary : Vocabulary

        Raises
        ------
        UnknownWordError, ContradictoryProfileError
            If a word is not in the vocabulary, or a unit contradicts the level it stands for.
        ForceError
            If a head count is less than one, there is none, or there are more than a hundred million heads.
        """
        counts: dict[tuple[tuple[str, str], ...], int] = {}
        for words, count in heads:
            if count < 1:
                raise ForceError("count: must be at least 1; nearest: 1")
            profile = tuple(vocabulary.profile(words).items())
            counts[profile] = counts.get(profile, 0) + count
        if not 0 < sum(counts.values()) <= LARGEST:
            raise ForceError(f"force: must be of 1 to {LARGEST:,} heads")
        return cls(tuple(Group(vocabulary.described(dict(profile)), count) for profile, count in counts.items()))

    @property
    def total(self) -> int:
        """How many serve in it."""
        return sum(group.count for group in self.groups)

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many serve in each group, shape (group,)."""
        return np.array([group.count for group in self.groups], dtype=np.int64)

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        return {"total": self.total, "groups": [group.as_dict() for group in self.groups]}


def selected(selections: Iterable[Selection], vocabulary: Vocabulary) -> NDArray[np.bool_]:
    """Return which cells are in any of several selections, shape (cell,).

    Raises
    ------
    UnknownWordError
        If a word stands for no level and no group.
    """
    found = np.zeros(len(vocabulary.cells), dtype=bool)
    for selection in selections:
        found |= vocabulary.agreeing(selection)
    return found


def levels_of(vocabulary: Vocabulary) -> dict[tuple[str, str], NDArray[np.bool_]]:
    """Return which cells are at each level of each attribute, by attribute and level, each of shape (cell,)."""
    levels = [(each.name, level) for each in vocabulary.attributes for level in each.names]
    return {(name, level): selected([{name: (level,)}], vocabulary) for name, level in levels}
