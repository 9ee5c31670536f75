"""Examples in the study's own words: what a profile may hold, and the parts of bodies that can be sent."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import Any, Final

from priors.study import Study
from priors.vocabulary import UNIT, Attribute, Vocabulary

INTERVALS: Final = (0.5, 0.9)
HALF_A_YEAR: Final = timedelta(days=182)


def words(vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """Return the words of every member of a profile: the names of the levels, or units, first, then the synonyms."""
    found = {
        attribute.name: (*attribute.names, *(word for level in attribute.levels for word in level.synonyms))
        for attribute in vocabulary.attributes
    }
    names = (unit.name for unit in vocabulary.units)
    units = {UNIT: (*names, *(word for unit in vocabulary.units for word in unit.synonyms))}
    return found if vocabulary.unit_attribute is None else found | units


def whole(study: Study) -> dict[str, str]:
    """Return a profile that states every attribute by the name of a level."""
    return {attribute.name: _high(attribute) for attribute in study.vocabulary.attributes}


def spoken(study: Study) -> dict[str, str]:
    """Return a profile of part of the attributes, with a synonym and a unit where the study has any."""
    vocabulary, community = study.vocabulary, study.vocabulary.community
    others = (each for each in vocabulary.attributes[1:] if each.name != vocabulary.unit_attribute)
    synonyms = ((each.name, word) for each in others if (word := _synonym(each)) is not None)
    units = ((UNIT, unit.name) for unit in vocabulary.units)
    return {community.name: community.reference} | dict([*islice(synonyms, 1), *islice(units, 1)])


def terms(study: Study) -> dict[str, Any]:
    """Return the window of the study, and intervals."""
    window = study.timeline.window
    return {"window": window.as_dict(), "intervals": list(INTERVALS)}


def first_half_year(study: Study) -> str:
    """Return the day of the study half a year after its first, or its last where it is shorter."""
    window = study.timeline.window
    return str(min(window.start + HALF_A_YEAR, window.end - timedelta(days=1)))


def _high(attribute: Attribute) -> str:
    """Return a level near the top of a scale, or the first of what is none."""
    return attribute.names[-2:][0] if attribute.ordered else attribute.names[0]


def _synonym(attribute: Attribute) -> str | None:
    """Return another name of a level in the upper half of a scale, if one has any."""
    upper = attribute.levels[len(attribute.levels) // 2 :]
    return next((word for level in upper for word in level.synonyms), None)
