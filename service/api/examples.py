"""Examples in the vocabulary's own words: what a profile may hold, and the parts of bodies that can be sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from priors.vocabulary import Attribute, Vocabulary

INTERVALS: Final = (0.5, 0.9)
HALF_A_YEAR: Final = timedelta(days=182)


def words(vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """Return the words of every member of a profile: the names of the levels, or units, first, then the synonyms."""
    found = {
        attribute.name: (*attribute.names, *(word for level in attribute.levels for word in level.synonyms))
        for attribute in vocabulary.attributes
    }
    names = (unit.name for unit in vocabulary.units)
    return found | {"unit": (*names, *(word for unit in vocabulary.units for word in unit.synonyms))}


def whole(vocabulary: Vocabulary) -> dict[str, str]:
    """Return a profile that states every attribute by the name of a level."""
    return {attribute.name: _high(attribute) for attribute in vocabulary.attributes}


def spoken(vocabulary: Vocabulary) -> dict[str, str]:
    """Return a profile with a synonym and a unit."""
    return {
        "sect": vocabulary["sect"].reference,
        "rank": _synonym(vocabulary["rank"]),
        "unit": vocabulary.units[0].name,
    }


def terms(vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the window of the study, and intervals."""
    window = vocabulary.study.window
    return {"window": {"from": str(window.start), "to": str(window.end)}, "intervals": list(INTERVALS)}


def first_half_year(vocabulary: Vocabulary) -> str:
    """Return the day of the study half a year after its first."""
    return str(vocabulary.study.window.start + HALF_A_YEAR)


def _high(attribute: Attribute) -> str:
    """Return a level near the top of a scale, or the first of what is none."""
    return attribute.names[-2 if attribute.ordered else 0]


def _synonym(attribute: Attribute) -> str:
    """Return another name of a level in the upper half of a scale."""
    upper = attribute.levels[len(attribute.levels) // 2 :]
    return next((word for level in upper for word in level.synonyms), attribute.names[0])
