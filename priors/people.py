"""Parts of the forces in the words of a study, as they stand in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from priors.vocabulary import Attribute, Vocabulary

ADJECTIVE, NOUN, AFTER = "adjective", "noun", "after"
"""Where in a sentence an attribute may stand; one with words around its level comes after the noun."""


def people_in_words(population: Mapping[str, Sequence[str]], vocabulary: Vocabulary) -> str:
    """Return a part of the forces as a noun: adjectives, the noun itself, then what is said of them besides.

    Parameters
    ----------
    population : mapping of str to sequence of str
        Levels by attribute; one that is left out is open.
    """
    told: dict[str, list[str]] = {ADJECTIVE: [], NOUN: [], AFTER: []}
    for attribute in vocabulary.attributes:
        if attribute.name in population:
            place = attribute.reads if attribute.reads in told else AFTER
            told[place].append(_told(attribute, population[attribute.name]))
    return " ".join([*told[ADJECTIVE], *(told[NOUN] or [vocabulary.everyone]), *told[AFTER]])


def level_in_words(attribute: str, levels: Sequence[str], vocabulary: Vocabulary) -> str:
    """Return what those at some levels of an attribute are."""
    told = _told(vocabulary[attribute], levels)
    return told[1:-1] if told.startswith("(") and told.endswith(")") else told


def _told(attribute: Attribute, levels: Sequence[str]) -> str:
    """Return levels of an attribute, or the name of the group they make up, as they stand in a sentence."""
    noun = attribute.reads == NOUN
    *first, last = (attribute[level].plural if noun else attribute[level].called for level in levels)
    groups = (group.called for group in attribute.groups if set(group.levels) == set(levels))
    told = next(groups, f"{', '.join(first)} or {last}" if first else last)
    return told if noun or attribute.reads == ADJECTIVE else attribute.reads.replace("{}", told)
