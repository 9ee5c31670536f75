"""A profile told in free text: levels, synonyms and names of units in any order, and what of it is not understood."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from priors.vocabulary import Vocabulary, fold, nearest

FILLERS: Final = frozenset(
    ("", "a", "an", "and", "the", "of", "in", "from", "with", "officer", "officers", "unit", "unknown")
)
"""Folded words that say nothing of a profile; nor do those by which a study calls all who serve."""

LONGEST_NAME: Final = 5
"""Words in a row that may be one name."""

MOST_UNKNOWN: Final = 5
"""Words of which it is told that they are none of the vocabulary's."""


@dataclass(frozen=True)
class Reading:
    """What a text says.

    Attributes
    ----------
    profile : dict of str to str
        Attributes in the names of their levels, and `unit` in place of the level it stands for; the first
        statement of each.
    not_understood : tuple of (str, str or None)
        Words, each with the name that is nearest to it, if any is near.
    stated_twice : tuple of str
        The attributes that are stated in two ways.
    """

    profile: dict[str, str]
    not_understood: tuple[tuple[str, str | None], ...]
    stated_twice: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        return {
            "profile": self.profile,
            "not_understood": [{"word": word, "nearest": near} for word, near in self.not_understood],
            "stated_twice": list(self.stated_twice),
        }


def read_profile(text: str, vocabulary: Vocabulary) -> Reading:
    """Return the profile that a text describes, as far as it is understood.

    Parameters
    ----------
    text : str
        Words of the vocabulary, apart or parted by commas, semicolons or strokes.
    """
    profile: dict[str, str] = {}
    unknown: list[str] = []
    twice: dict[str, None] = {}
    for words, meaning in _pieces(text, vocabulary):
        if meaning is None:
            unknown.append(words)
        elif profile.setdefault(*meaning) != meaning[1]:
            twice[meaning[0]] = None
    if "unit" in profile:
        attribute, level = str(vocabulary.unit_attribute), vocabulary.unit_level(profile["unit"])
        twice |= {} if profile.pop(attribute, level) == level else {attribute: None}
    told = tuple((word, _suggested(word, vocabulary)) for word in unknown[:MOST_UNKNOWN])
    return Reading(profile, told, tuple(twice))


def _suggested(word: str, vocabulary: Vocabulary) -> str | None:
    names = {folded: name for folded, (_, name) in vocabulary.meanings.items()}
    return next(iter(nearest(fold(word), names, ())), None)


def _pieces(text: str, vocabulary: Vocabulary) -> Iterator[tuple[str, tuple[str, str] | None]]:
    """Yield the names in a text, the longest at each place, with what they mean; a word that is in none means None."""
    fillers = FILLERS | {fold(word) for word in vocabulary.everyone.split()}
    for part in re.split(r"[,;/]+", text):
        words = part.split()
        while words:
            folded = [fold("".join(words[:length])) for length in range(1, LONGEST_NAME + 1)]
            length = max((at for at, name in enumerate(folded, 1) if name in vocabulary.meanings), default=1)
            meaning = vocabulary.meanings.get(folded[length - 1])
            if meaning or folded[0] not in fillers:
                yield words[0], meaning
            words = words[length:]
