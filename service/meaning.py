"""What words and windows of a body mean, and what is wrong with them where they mean nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from priors.errors import PriorsError, UnknownWordError, WindowError
from priors.study import Study
from priors.vocabulary import ATTRIBUTES, Vocabulary
from service.errors import Fault
from service.fields import LONGEST_WORD
from service.rules import MOST_NEAREST

WORDS: Final = (*ATTRIBUTES, "unit")


def words_of(stated: Any) -> dict[str, str]:
    """Return the words of what may be a profile; whatever is no word is for the schema to complain of."""
    if not isinstance(stated, Mapping):
        return {}
    words = {name: stated[name] for name in WORDS if name in stated}
    return {name: word for name, word in words.items() if isinstance(word, str) and len(word) <= LONGEST_WORD}


def word_faults(profiles: Iterable[tuple[str, Any]], vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield a fault for every word that the vocabulary lacks, and for every unit that contradicts its eliteness.

    Parameters
    ----------
    profiles : iterable of (str, object)
        Where each stands in the body, and what stands there.
    vocabulary : Vocabulary
    """
    sound: set[tuple[tuple[str, str], ...]] = set()
    for pointer, stated in profiles:
        words = words_of(stated)
        if (said := tuple(words.items())) in sound:
            continue
        try:
            vocabulary.profile(words)
            sound.add(said)
        except PriorsError:
            yield from _faults_of_one(pointer, words, vocabulary)


def window_faults(start: date, end: date, study: Study, *, at: str = "/window") -> Iterator[Fault]:
    """Yield the faults of a window, at a JSON pointer, that is empty, turned round or outside the study."""
    try:
        study.checked(start, end)
    except WindowError:
        first, last = study.window.start, study.window.end
        outside = {name: day for name, day in (("from", start), ("to", end)) if not first <= day <= last}
        for name, day in outside.items():
            nearest = str(min(max(day, first), last))
            yield Fault(f"{at}/{name}", f"must lie in the study, {study.window}", (nearest,))
        if not outside:
            yield Fault(f"{at}/to", "must come after `from`", (str(last),) if start < last else ())


def _faults_of_one(pointer: str, words: Mapping[str, str], vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield a fault for each word that is wrong, not only for the first; else for what two say together."""
    unknown = False
    for name, word in words.items():
        try:
            vocabulary.profile({name: word})
        except UnknownWordError as error:
            unknown = True
            yield Fault(f"{pointer}/{name}", "must be a word of the vocabulary", error.nearest[:MOST_NEAREST])
    if not unknown:
        eliteness = vocabulary.unit_eliteness(words["unit"])
        yield Fault(f"{pointer}/eliteness", "must be what `unit` stands for, or be left out", (eliteness,))
