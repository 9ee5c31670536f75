"""What rules say of a mistake, and what several of them look for: words that there are not, shares of a whole."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import chain
from typing import Any, Final

from priors.errors import ContradictoryProfileError, UnknownWordError
from priors.timeline import Timeline, Window
from priors.vocabulary import UNIT, Vocabulary
from priors.yaml_files import Path

Broken = Iterator[tuple[Path, str, tuple[str, ...]]]

Data = Mapping[str, Any]

NEVER: Final = Timeline(Window(date.min, date.min), ())
"""For a vocabulary whose words alone are looked up."""

ROUNDING: Final = 1e-6


def unknown(path: Path, what: str, word: Any, known: Iterable[str]) -> Broken:
    """Yield a mistake if a word is not one of those known, with the nearest of them, or all."""
    known = tuple(known)
    if word not in known:
        near = difflib.get_close_matches(str(word), known) or known
        yield path, f"there is no {what} {word}", tuple(near[:8])


def in_words_of(attributes: Data, units: Data | None) -> Vocabulary:
    """Return a vocabulary to look words up in."""
    return Vocabulary.from_data({"attributes": attributes, "everyone": "", "units": units}, NEVER)


def sums_to_one(path: Path, shares: Collection[float]) -> Broken:
    """Yield a mistake unless shares sum to one."""
    if abs(sum(shares) - 1) > ROUNDING:
        yield path, f"shares must sum to one, not {sum(shares):.6g}", ()


def named_once(section: str, entries: tuple[Data, ...]) -> Broken:
    """Yield a mistake for each entry whose name was given before."""
    seen: set[str] = set()
    for place, each in enumerate(entries):
        if each["name"] in seen:
            yield (section, place, "name"), "must be given once", ()
        seen.add(each["name"])


def words_known(path: Path, words: Data, vocabulary: Vocabulary, *, also: tuple[str, ...] = ()) -> Broken:
    """Yield a mistake for each attribute, level or group of levels that there is not."""
    for name, told in words.items():
        if name not in also:
            yield from unknown((*path, name), "attribute", name, vocabulary.names)
        if name in vocabulary.names:
            for word in vocabulary.alternatives({name: told})[name]:
                try:
                    vocabulary.levels(name, word)
                except UnknownWordError as error:
                    yield (*path, name), f"there is no level {word}", error.nearest[:8]


def profile_known(path: Path, words: Data, vocabulary: Vocabulary) -> Broken:
    """Yield a mistake where words are no profile."""
    strangers = [*chain.from_iterable(
        unknown((*path, name), "attribute", name, vocabulary.members) for name in words
    )]  # fmt: skip
    if strangers:
        yield from strangers
        return
    try:
        vocabulary.profile(words)
    except UnknownWordError as error:
        yield (
            (*path, error.field),
            f"there is no {'unit' if error.field == UNIT else 'level'} of this name",
            error.nearest[:8],
        )
    except ContradictoryProfileError as error:
        yield path, str(error), ()


def levels_known(path: Path, shares: Data, levels: Iterable[str]) -> Broken:
    """Yield a mistake for each share of a level that there is not."""
    for level in shares:
        yield from unknown((*path, level), "level", level, levels)
