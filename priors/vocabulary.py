"""The words of the field: attributes, levels, synonyms and units, and how a word is matched."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from priors.errors import ContradictoryProfileError, DataFileError, UnknownWordError
from priors.study import Study

FOLDER = Path(__file__).parent

Profile = Mapping[str, str]
"""The attributes that are known of an officer, each at one level; those left out are unknown."""


@dataclass(frozen=True)
class Level:
    """One step of an attribute: its name, what it means, who says so, its synonyms, and how a sentence calls it."""

    name: str
    definition: str
    source: str
    synonyms: tuple[str, ...]
    called: str


@dataclass(frozen=True)
class Attribute:
    """One of the things a profile says, with its levels in order and its named groups of levels."""

    name: str
    definition: str
    ordered: bool
    reference: str
    levels: tuple[Level, ...]
    groups: Mapping[str, tuple[str, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the levels, lowest first where they are ordered."""
        return tuple(level.name for level in self.levels)

    @cached_property
    def words(self) -> dict[str, str]:
        """Every accepted word, folded, and the level it stands for."""
        return _index(self.name, ((level.name, (level.name, *level.synonyms)) for level in self.levels))


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
    """The attributes, the units and the study window of one regime."""

    attributes: tuple[Attribute, ...]
    units: tuple[Unit, ...]
    study: Study
    unit_attribute: str | None = None
    """The attribute of which each unit stands for a level; None where no unit is named."""

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
        return _index("unit", ((unit.name, (unit.name, *unit.synonyms)) for unit in self.units))

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
        groups = self[attribute].groups
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
        return {attribute: str(word).split("|") for attribute, word in words.items()}

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


def load_vocabulary(folder: Path = FOLDER) -> Vocabulary:
    """Read `vocabulary.yaml` of a regime's folder.

    Raises
    ------
    DataFileError
        If the first attribute is ordered, or one word stands for two levels.
    """
    data = yaml.safe_load((folder / "vocabulary.yaml").read_text(encoding="utf-8"))
    if not data["attributes"] or next(iter(data["attributes"].values()))["ordered"]:
        raise DataFileError("vocabulary.yaml: attributes: the first must be unordered; its levels divide the forces")
    named = data.get("units", {})
    of_units = {member for unit in named.values() for member in unit} - {"synonyms"}
    if len(of_units) > 1 or not of_units <= set(data["attributes"]):
        raise DataFileError("vocabulary.yaml: units: each must stand for a level of one and the same attribute")
    unit_attribute = next(iter(of_units), None)
    units = tuple(Unit(name, unit[unit_attribute], tuple(unit["synonyms"])) for name, unit in named.items())
    attributes = tuple(_attribute(name, entry) for name, entry in data["attributes"].items())
    vocabulary = Vocabulary(attributes, units, Study.from_data(data["study"], data["periods"]), unit_attribute)
    for attribute in attributes:
        len(attribute.words)
    len(vocabulary.unit_words)
    return vocabulary


def fold(word: str) -> str:
    """Return a word without case, spaces, hyphens, stops or apostrophes: what matching compares."""
    return re.sub(r"[\s\-_.'’‘]+", "", word).casefold()


def nearest(folded: str, words: Mapping[str, str], otherwise: tuple[str, ...]) -> tuple[str, ...]:
    """Return what the words nearest to a folded one stand for, best first; `otherwise` where none is near."""
    close = difflib.get_close_matches(folded[:64], words, n=6, cutoff=0.6)
    return tuple(dict.fromkeys(words[word] for word in close))[:3] or otherwise


def _attribute(name: str, entry: Mapping[str, Any]) -> Attribute:
    levels = tuple(
        Level(level, data["definition"], data["source"], tuple(data["synonyms"]), data.get("called", level))
        for level, data in entry["levels"].items()
    )
    groups = {group: tuple(members) for group, members in entry.get("groups", {}).items()}
    return Attribute(name, entry["definition"], entry["ordered"], entry["reference"], levels, groups)


def _index(field: str, entries: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    index: dict[str, str] = {}
    for name, words in entries:
        for word in words:
            if index.setdefault(fold(word), name) != name:
                raise DataFileError(f"vocabulary.yaml: {field}: {word!r} stands for two levels")
    return index
