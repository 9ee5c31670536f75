"""Numbers and lists as a reader takes them in."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from priors.vocabulary import Vocabulary

SMALLEST_DECIMAL = 0.01


def number(value: float) -> str:
    """Return a number to two significant digits, without an exponent.

    Examples
    --------
    >>> number(0.0312), number(1.849), number(12345.0)
    ('0.031', '1.8', '12,000')
    """
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    decimals = 1 - math.floor(math.log10(abs(value)))
    shown = round(value, decimals)
    return f"{shown:,.{max(0, 1 - math.floor(math.log10(abs(shown))))}f}"


def percent(share: float) -> str:
    """Return a share as a percentage, to two digits, and at the ends no closer than a thousandth.

    Examples
    --------
    >>> percent(0.0), percent(0.034), percent(0.9987)
    ('under 0.1 %', '3.4 %', '99.9 %')
    """
    if not 0.0005 <= share < 0.9995:  # noqa: PLR2004 - half of the last digit shown
        return "under 0.1 %" if share < 0.5 else "over 99.9 %"  # noqa: PLR2004
    near_end = min(share, 1 - share) < 0.0995  # noqa: PLR2004
    return f"{100 * share:.{1 if near_end else 0}f} %"


def whole_percent(ratio: float) -> str:
    """Return a ratio, which may be above 1, as a whole percentage."""
    return f"{100 * ratio:.0f} %"


def ratio(value: float) -> str:
    """Return a ratio, as a fraction of one where it is very small.

    Examples
    --------
    >>> ratio(1.77), ratio(0.00053)
    ('1.8', '1/1,900')
    """
    return number(value) if value >= SMALLEST_DECIMAL else f"1/{number(1 / value)}"


def counted(count: int, thing: str) -> str:
    """Return a number of things, in the plural where it is not one."""
    plural = thing[:-1] + "ies" if thing.endswith("y") else thing + "s"
    return f"{count:,} {thing if count == 1 else plural}"


def listed(words: Iterable[str], *, last: str = "and") -> str:
    """Return words as a list in a sentence."""
    *first, final = list(words) or ["none"]
    return f"{', '.join(first)} {last} {final}" if first else final


def bounds(low: float, high: float) -> str:
    """Return the bounds of a count."""
    return f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"


def day(text: str) -> str:
    """Return an ISO date as a reader writes it."""
    when = date.fromisoformat(text)
    return f"{when.day} {when:%B %Y}"


def anchor(kind: str, name: str) -> str:
    """Return the id, in the page, of a claim, row, check, quantity or term."""
    return f"{kind}-{name.replace('+', '-')}"


def levels_in_words(attribute: str, levels: Sequence[str], vocabulary: Vocabulary) -> str:
    """Return levels of an attribute, or the name of the group they make up."""
    for group, members in vocabulary[attribute].groups.items():
        if tuple(levels) == members:
            return group
    names = [level.title() if attribute == "sect" else level for level in levels]
    return listed(names, last="or")


def people_in_words(population: Mapping[str, Sequence[str]], vocabulary: Vocabulary) -> str:
    """Return a part of the forces as a noun.

    Examples
    --------
    >>> from priors.vocabulary import load_vocabulary
    >>> people_in_words({"sect": ["sunni"], "rank": ["major", "colonel"], "eliteness": ["elite"]}, load_vocabulary())
    'Sunni majors or colonels of elite units'
    """
    told = levels_in_words("sect", population["sect"], vocabulary) + " " if "sect" in population else ""
    told += _rank_in_words(population["rank"], vocabulary) if "rank" in population else "members of the forces"
    if "eliteness" in population:
        told += f" of {levels_in_words('eliteness', population['eliteness'], vocabulary)} units"
    if "proximity" in population:
        told += f" ({levels_in_words('proximity', population['proximity'], vocabulary)} by proximity)"
    return told


def level_in_words(attribute: str, levels: Sequence[str], vocabulary: Vocabulary) -> str:
    """Return what men of some levels of an attribute were."""
    if attribute == "rank":
        return _rank_in_words(levels, vocabulary)
    words = levels_in_words(attribute, levels, vocabulary)
    return words if attribute == "sect" else f"{words} by {attribute}"


def _rank_in_words(levels: Sequence[str], vocabulary: Vocabulary) -> str:
    words = levels_in_words("rank", levels, vocabulary)
    if words in vocabulary["rank"].groups:
        return words if words.endswith("s") else f"{words} men"
    return listed((f"{level}s" for level in levels), last="or")


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
        return f"the hazard in {listed(of)}, over that in {listed(prediction['to'], last='or')},"
    people = _people(of, vocabulary)
    if measure == "risk":
        return f"the five-year risk of {people}"
    if measure == "risk ratio":
        return f"the risk of {people}, over that of {_people(prediction['to'], vocabulary)},"
    among = prediction.get("among", {})
    whole = "leave" if measure == "share of defections" else "serve"
    return f"among the {_people(among, vocabulary)} who {whole}, the share of {_people({**among, **of}, vocabulary)}"


def _people(words: Mapping[str, str], vocabulary: Vocabulary) -> str:
    """Return the part of the forces that a prediction's words, of which some are alternatives, stand for."""
    levels = {
        name: [level for word in str(value).split("|") for level in vocabulary.levels(name, word)]
        for name, value in words.items()
    }
    return people_in_words(levels, vocabulary)
