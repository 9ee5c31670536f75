"""Every mistake in a study: what is misshapen in its files, and the rules that they break together.

A rule takes sections of the files by their names, and yields the path, the words and the nearest allowed values of each
mistake. One whose sections are misshapen is left out: what it would say follows from that.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from marshmallow import ValidationError, missing
from marshmallow.exceptions import SCHEMA

from priors.checks.claims import (
    articles_by_name,
    baseline_moves,
    claims_bear,
    drifts_declared,
    effects_move,
    lists_select,
    predictions_can_be_judged,
    quantities_declared,
    quantities_suffice,
    shares_of_classes,
    topics_and_roles,
)
from priors.checks.fields import MOST_ENTRIES
from priors.checks.moves import moves_bounded, moves_in_words, strength_in_words
from priors.checks.shapes import SHAPES, file_of
from priors.checks.telling import Broken, Data
from priors.checks.who_serves import classes_divide, communities_divide, tables_divide
from priors.checks.words import (
    cases_in_words,
    days_in_order,
    few_enough,
    levels_and_words,
    profiles_in_words,
    units_stand_for_levels,
)
from priors.errors import Fault
from priors.strict import OnlyMembers, StrictSchema
from priors.yaml_files import Document, Path

OF_WORDS: Final = (few_enough, units_stand_for_levels)
"""Without which no word can be looked up."""

RULES: Final[tuple[Callable[..., Broken], ...]] = (
    *OF_WORDS,
    levels_and_words,
    days_in_order,
    articles_by_name,
    quantities_declared,
    drifts_declared,
    quantities_suffice,
    shares_of_classes,
    baseline_moves,
    effects_move,
    lists_select,
    claims_bear,
    predictions_can_be_judged,
    profiles_in_words,
    cases_in_words,
    moves_in_words,
    moves_bounded,
    strength_in_words,
    topics_and_roles,
    classes_divide,
    communities_divide,
    tables_divide,
)


def broken_shapes(documents: Mapping[str, Document]) -> tuple[dict[str, Any], list[Fault]]:
    """Return the sections of files that are well-formed, by name, and every mistake in the others.

    Parameters
    ----------
    documents : mapping of str to Document
        By file; a file that could not be read is left out.
    """
    sections: dict[str, Any] = {}
    found: list[Fault] = []
    for file, document in documents.items():
        schema = SHAPES[file]()
        try:
            sections |= schema.load(document.data)
        except ValidationError as error:
            found += islice(_told(document, error.messages, ()), MOST_ENTRIES)
            if isinstance(error.valid_data, dict):
                sections |= {name: data for name, data in error.valid_data.items() if name not in error.messages}
                sections |= {
                    name: field.load_default
                    for name, field in schema.fields.items()
                    if name not in sections and name not in error.messages and field.load_default is not missing
                }
    return {name: data() if callable(data) else data for name, data in sections.items()}, found


def _told(document: Document, messages: Any, path: Path) -> Iterator[Fault]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _told(document, inner, path if key == SCHEMA else (*path, key))
        return
    for message in messages if isinstance(messages, list) else [messages]:
        if isinstance(message, OnlyMembers):
            near = difflib.get_close_matches(str(path[-1]), message.nearest) or message.nearest
            yield document.fault(path, "there is no entry of this name", tuple(near))
        else:
            rule = "must be names with an entry each" if message == StrictSchema().error_messages["type"] else message
            yield document.fault(path, str(rule), getattr(message, "nearest", ()))


def broken_rules(documents: Mapping[str, Document], data: Data) -> list[Fault]:
    """Return every mistake in what the sections of a study say together.

    Parameters
    ----------
    documents : mapping of str to Document
        By file.
    data : mapping
        The sections that are well-formed.
    """
    found: list[Fault] = []
    for rule in RULES:
        asked = inspect.signature(rule).parameters
        if set(asked) <= set(data):
            broken = list(rule(**{name: data[name] for name in asked}))
            found += [documents[file_of(path[0])].fault(path, words, near) for path, words, near in broken]
            if broken and rule in OF_WORDS:
                data = {name: section for name, section in data.items() if name not in {"attributes", "units"}}
    return found
