"""Profiles on the command line: words for attributes, as in `ATTRIBUTE=WORD`."""

from __future__ import annotations

from collections.abc import Iterable

import click

from priors.vocabulary import Vocabulary


def stated_profile(parts: Iterable[str], vocabulary: Vocabulary) -> dict[str, str]:
    """Return the profile that words state.

    Parameters
    ----------
    parts : iterable of str
        `ATTRIBUTE=WORD` each; a unit may be named where the study has units.

    Raises
    ------
    click.UsageError
        If a part is no such pair, or an attribute is stated twice.
    UnknownWordError, ContradictoryProfileError
        As `Vocabulary.profile` does.
    """
    words: dict[str, str] = {}
    for part in parts:
        name, _, word = (each.strip() for each in part.partition("="))
        if name not in vocabulary.members or not word:
            raise click.UsageError(f"{part}: must be one of {', '.join(f'{each}=WORD' for each in vocabulary.members)}")
        if words.setdefault(name, word) != word:
            raise click.UsageError(f"{name}: must be stated once")
    return vocabulary.profile(words)
