"""The words of the field: attributes, levels, synonyms and units, and how a word is matched."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from priors.errors import ContradictoryProfileError, UnknownWordError
from priors.timeline import Timeline

UNIT = "unit"
"""What a profile may state in place of a level of one attribute."""

Profile = Mapping[str, str]
"""The attributes that are known of an officer, each at one level; those left out are unknown."""


@dataclass(frozen=True)
class Level:
    """One step of an attribute.

    Attributes
    ----------
    name, definition, source : str
        What it is called and means, and who says so.
    synonyms : tuple of str
    called, plural : str
        How a sentence calls it, and, of a noun, several.
    """

    name: str
    definition: str
    source: str
    synonyms: tuple[str, ...]
    called: str
    plural: str


@dataclass(frozen=True)
class Group:
    """Levels of an attribute that have a name together, and how a sentence calls those at any of them."""

    name: str
    called: str
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Attribute:
    """One of the things a profile says, with its levels in order and its named groups of levels.

    Attributes
    ----------
    reads : str
        Where it stands in a sentence: `adjective` (before the noun), `noun`, or words with {} in place of its level.
    """

    name: str
    definition: str
    ordered: bool
    reference: str
    levels: tuple[Level, ...]
    groups: tuple[Group, ...]
    reads: str

    @classmethod
    def from_data(cls, name: str, entry: Mapping[str, Any]) -> Attribute:
        """Return the attribute that `vocabulary.yaml` states."""
        levels = tuple(
            Level(
                level,
                data["definition"],
                data["source"],
                data["synonyms"],
                called := data.get("called", level),
                data.get("plural", f"{called}s"),
            )
            for level, data in entry["levels"].items()
        )
        groups = tuple(Group(group, data["called"], data["levels"]) for group, data in entry["groups"].items())
        reads = entry.get("reads", f"({{}} by {name})")
        return cls(name, entry["definition"], entry["ordered"], entry["reference"], levels, groups, reads)

    def __getitem__(self, level: str) -> Level:
        """Return the level of that name."""
        return self.levels[self.names.index(level)]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the levels, lowest first where they are ordered."""
        return tuple(level.name for level in self.levels)

    @cached_property
    def words(self) -> dict[str, str]:
        """Every accepted word, folded, and the level it stands for."""
        return _index((level.name, (level.name, *level.synonyms)) for level in self.levels)


@dataclass(frozen=True)
class Unit:
    """A named unit, which may stand in a profile in place of a level of one attribute."""

    name: str
    level: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True)
class Described:
    """What is known of those whom a question is about: the levels stated, and the attributes left open."""

    profile: Profile
    averaged_over: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        return {"profile": dict(self.profile), "averaged_over": list(self.averaged_over)}


@dataclass(frozen=True)
class Vocabulary:
    """The attributes, the units and the timeline of a study."""

    attributes: tuple[Attribute, ...]
    units: tuple[Unit, ...]
    timeline: Timeline
    everyone: str
    """What those who serve are called together."""

    unit_attribute: str | None = None
    """The attribute of which each unit stands for a level; None where no unit is named."""

    @classmethod
    def from_data(cls, data: Mapping[str, Any], timeline: Timeline) -> Vocabulary:
        """Return the vocabulary that `vocabulary.yaml` states."""
        attributes = tuple(Attribute.from_data(name, entry) for name, entry in data["attributes"].items())
        units = data["units"] or {"named": {}, "attribute": None}
        named = tuple(Unit(name, unit["level"], unit["synonyms"]) for name, unit in units["named"].items())
        return cls(attributes, named, timeline, data["everyone"], units["attribute"])

    def __getitem__(self, attribute: str) -> Attribute:
        """Return the attribute of that name."""
        return self.attributes[self.names.index(attribute)]

    @property
    def community(self) -> Attribute:
        """The first attribute, by whose levels the forces are divided: how many each has in them is uncertain."""
        return self.attributes[0]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the attributes."""
        return tuple(attribute.name for attribute in self.attributes)

    @property
    def members(self) -> tuple[str, ...]:
        """What a profile may be stated by: the attributes, and `unit` where units are named."""
        return self.names if self.unit_attribute is None else (*self.names, "unit")

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of levels of each attribute, in their order."""
        return tuple(len(attribute.levels) for attribute in self.attributes)

    @cached_property
    def cells(self) -> tuple[tuple[str, ...], ...]:
        """All complete profiles, the last attribute varying fastest: the order of every array over cells."""
        return tuple(product(*(attribute.names for attribute in self.attributes)))

    @cached_property
    def unit_names(self) -> dict[str, str]:
        """Every accepted name of a unit, folded, and the unit it stands for."""
        return _index((unit.name, (unit.name, *unit.synonyms)) for unit in self.units)

    @cached_property
    def unit_words(self) -> dict[str, str]:
        """Every accepted name of a unit, folded, and the level it stands for."""
        level = {unit.name: unit.level for unit in self.units}
        return {word: level[name] for word, name in self.unit_names.items()}

    @cached_property
    def meanings(self) -> dict[str, tuple[str, str]]:
        """Every accepted word, folded: its attribute, or `unit`, and the name of the level or unit it stands for."""
        kinds = {attribute.name: attribute.words for attribute in self.attributes} | {"unit": self.unit_names}
        return {word: (kind, name) for kind, words in kinds.items() for word, name in words.items()}

    def level(self, attribute: str, word: str) -> str:
        """Return the level of `attribute` that `word` stands for.

        Raises
        ------
        UnknownWordError
            If no level is called so; it carries the nearest levels.
        """
        words = self[attribute].words
        folded = fold(word)
        if folded in words:
            return words[folded]
        raise UnknownWordError(attribute, nearest(folded, words, self[attribute].names))

    def levels(self, attribute: str, word: str) -> tuple[str, ...]:
        """Return the levels that a word or the name of a group of levels stands for."""
        groups = {group.name: group.levels for group in self[attribute].groups}
        words = self[attribute].words | {fold(group): group for group in groups}
        folded = fold(word)
        if folded not in words:
            raise UnknownWordError(attribute, nearest(folded, words, (*self[attribute].names, *groups)))
        return groups.get(words[folded], (words[folded],))

    def agreeing(self, words: Mapping[str, Iterable[str]]) -> NDArray[np.bool_]:
        """Return which cells agree in each attribute named with one of its words, shape (cell,).

        Parameters
        ----------
        words : mapping of str to iterable of str
            By attribute, words for levels, or names of groups of levels.

        Raises
        ------
        UnknownWordError
            If a word is not in the vocabulary; it carries the nearest.
        """
        agree = np.ones(self.shape, dtype=bool)
        for axis, attribute in enumerate(self.attributes):
            if attribute.name in words:
                levels = {level for word in words[attribute.name] for level in self.levels(attribute.name, word)}
                named = np.isin(attribute.names, list(levels))
                agree &= named.reshape([-1 if axis == other else 1 for other in range(agree.ndim)])
        return agree.ravel()

    @staticmethod
    def alternatives(words: Mapping[str, str]) -> dict[str, list[str]]:
        """Return the words of a file for each attribute, in which alternatives are joined by a stroke."""
        return {attribute: [each.strip() for each in word.split("|")] for attribute, word in words.items()}

    def unit_level(self, word: str) -> str:
        """Return the level that a named unit stands for.

        Raises
        ------
        UnknownWordError
            If no unit is called so; it carries the nearest units.
        """
        folded = fold(word)
        if folded in self.unit_words:
            return self.unit_words[folded]
        raise UnknownWordError("unit", nearest(folded, self.unit_names, tuple(unit.name for unit in self.units)))

    def profile(self, words: Mapping[str, str]) -> dict[str, str]:
        """Return a profile in the names of the levels, from any accepted words.

        Parameters
        ----------
        words : mapping of str to str
            Any of the attributes, and `unit`.

        Raises
        ------
        UnknownWordError
            If a word is not in the vocabulary.
        ContradictoryProfileError
            If `unit` and the attribute it stands for are both stated and differ.
        """
        profile = {name: self.level(name, words[name]) for name in self.names if name in words}
        if "unit" not in words or self.unit_attribute is None:
            return profile
        level = self.unit_level(words["unit"])
        if profile.setdefault(self.unit_attribute, level) != level:
            raise ContradictoryProfileError(f"unit: stands for {self.unit_attribute} {level}, and another is stated")
        return {name: profile[name] for name in self.names if name in profile}

    def described(self, words: Mapping[str, str]) -> Described:
        """Return what is known, and what is not, of those whom words describe; raises as `profile` does."""
        profile = self.profile(words)
        return Described(MappingProxyType(profile), tuple(name for name in self.names if name not in profile))

    def cell(self, profile: Profile) -> int:
        """Return the index of a complete profile given in the names of the levels."""
        index = 0
        for attribute in self.attributes:
            index = index * len(attribute.levels) + attribute.names.index(profile[attribute.name])
        return index


def fold(word: str) -> str:
    """Return a word without case, spaces, hyphens, stops or apostrophes: what matching compares."""
    return re.sub(r"[\s\-_.'’‘]+", "", word).casefold()


def nearest(folded: str, words: Mapping[str, str], otherwise: tuple[str, ...]) -> tuple[str, ...]:
    """Return what the words nearest to a folded one stand for, best first; `otherwise` where none is near."""
    close = difflib.get_close_matches(folded[:64], words, n=6, cutoff=0.6)
    return tuple(dict.fromkeys(words[word] for word in close))[:3] or otherwise


def _index(entries: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Return what each word stands for, by the word folded."""
    return {fold(word): name for name, words in entries for word in words}
