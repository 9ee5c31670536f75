"""How the text of one field is read: numbers, dates, yes or no, and words of the vocabulary."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Sequence
from datetime import date

from model.evidence.errors import BrokenRuleError
from priors.errors import UnknownWordError
from priors.vocabulary import Vocabulary

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
TRUE = ("yes", "true", "y", "t", "1", "1.0")
FALSE = ("no", "false", "n", "f", "0", "0.0")
LONGEST = 1_000


def read_number(text: str) -> float:
    """Return a finite number that is not negative."""
    if len(text) > LONGEST or not NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        plain = text.replace(",", "").replace(" ", "")[:LONGEST]
        raise BrokenRuleError("must be a number", *((plain,) if NUMBER.fullmatch(plain) else ()))
    if float(text) < 0:
        raise BrokenRuleError("must not be negative", "0")
    return float(text)


def read_date(text: str) -> date:
    """Return a day written as year-month-day."""
    try:
        if DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BrokenRuleError("must be a day written YYYY-MM-DD")


def read_flag(text: str) -> bool:
    """Return whether a field says yes."""
    if text.casefold() in TRUE:
        return True
    if text.casefold() in FALSE:
        return False
    raise BrokenRuleError("must be yes or no (or true or false, 1 or 0)")


def read_name(text: str) -> str:
    """Return the id of a row."""
    if NAME.fullmatch(text):
        return text
    raise BrokenRuleError(
        "must be 1 to 64 letters, digits, stops, hyphens or underscores, starting with a letter or digit"
    )


def read_names(text: str) -> tuple[str, ...]:
    """Return the ids of rows, joined by `|`."""
    return tuple(read_name(name.strip()) for name in text.split("|"))


def read_level(vocabulary: Vocabulary, attribute: str, text: str) -> int:
    """Return the position of the level that a word stands for; `unit` gives that of the level it stands for."""
    try:
        if attribute == "unit":
            return vocabulary[str(vocabulary.unit_attribute)].names.index(vocabulary.unit_level(text))
        return vocabulary[attribute].names.index(vocabulary.level(attribute, text))
    except UnknownWordError as error:
        raise BrokenRuleError("not a word of the vocabulary", *error.nearest) from error


def read_levels(vocabulary: Vocabulary, attribute: str, text: str) -> tuple[str, ...]:
    """Return the levels, in order, that words or groups joined by `|` stand for."""
    levels: set[str] = set()
    for word in text[:LONGEST].split("|"):
        try:
            levels.update(vocabulary.levels(attribute, word))
        except UnknownWordError as error:
            groups = tuple(group.name for group in vocabulary[attribute].groups)
            raise BrokenRuleError("not a word of the vocabulary", *near(word, groups), *error.nearest) from error
    return tuple(level for level in vocabulary[attribute].names if level in levels)


def read_attribute(vocabulary: Vocabulary, text: str) -> tuple[str, tuple[str, ...]]:
    """Return the attribute and the levels of a field such as `attribute=level|level`."""
    name, equals, words = text.partition("=")
    if name.strip() not in vocabulary.names or not equals:
        attributes = ", ".join(vocabulary.names)
        nearest = near(name.strip(), vocabulary.names)
        raise BrokenRuleError(
            f"must be an attribute ({attributes}), an equals sign and words joined by |",
            *(f"{attribute}={words.strip()[:64]}" for attribute in nearest if words.isprintable()),
        )
    return name.strip(), read_levels(vocabulary, name.strip(), words)


def near(word: str, allowed: Sequence[str]) -> tuple[str, ...]:
    """Return the allowed words that resemble one, best first."""
    return tuple(difflib.get_close_matches(word.strip().casefold()[:64], allowed, n=3, cutoff=0.6))
