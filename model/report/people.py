"""Parts of the forces, and what a claim predicts of them, in the words of the study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from model.report.words import day, length, listed
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
    each = (attribute[level].plural if noun else attribute[level].called for level in levels)
    groups = (group.called for group in attribute.groups if set(group.levels) == set(levels))
    told = next(groups, listed(each, last="or"))
    return told if noun or attribute.reads == ADJECTIVE else attribute.reads.replace("{}", told)


def prediction_in_words(prediction: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    """Return the statement about the model that a claim amounts to."""
    told = f"{_measured(prediction, vocabulary)} is"
    limits = [f"{word} {prediction[word]:g}" for word in ("above", "below") if word in prediction]
    return f"{told} {' and '.join(limits)}"


def _measured(prediction: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    measure, of = prediction["measure"], prediction["of"]
    if measure == "quantity":
        return str(of).replace("_", " ")
    if measure == "hazard over time":
        return f"the hazard in {listed(_periods(of))}, over that in {listed(_periods(prediction['to']), last='or')},"
    people = _people(of, vocabulary)
    if measure == "risk":
        return f"the {length(vocabulary.timeline.window)} risk of {people}"
    if measure == "risk ratio":
        return f"the risk of {people}, over that of {_people(prediction['to'], vocabulary)},"
    if measure == "number of defections":
        return f"the number of {people} who leave between {_ends(prediction, vocabulary)}"
    among = prediction.get("among", {})
    whole = "leave" if measure == "share of defections" else "serve"
    return f"among the {_people(among, vocabulary)} who {whole}, the share of {_people({**among, **of}, vocabulary)}"


def _ends(prediction: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    """Return the first and the last day of what a prediction counts, by default those of the study."""
    window = vocabulary.timeline.window
    return " and ".join(
        day(str(end)) for end in (prediction.get("from", window.start), prediction.get("to", window.end))
    )


def _periods(stated: str | Sequence[str]) -> Sequence[str]:
    return [stated] if isinstance(stated, str) else stated


def _people(words: Mapping[str, str], vocabulary: Vocabulary) -> str:
    """Return the part of the forces that a prediction's words, of which some are alternatives, stand for."""
    levels = {
        name: [level for word in alternatives for level in vocabulary.levels(name, word)]
        for name, alternatives in vocabulary.alternatives(words).items()
    }
    return people_in_words(levels, vocabulary)
