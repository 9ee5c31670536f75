"""What a claim predicts of parts of the forces, in the words of the study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from model.report.words import day, length, listed
from priors.people import people_in_words
from priors.vocabulary import Vocabulary


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
