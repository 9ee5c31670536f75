"""A question about a force, from a file: head counts in CSV, or the whole question in JSON."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from model.files.csv_text import CSVText
from model.files.plain import name_of, opened
from model.risk.errors import ForceError
from priors.corps import LARGEST_ARMY
from priors.vocabulary import Vocabulary

LONGEST: Final = 1 << 20
"""Bytes of a file, at most; a question has a hundred groups."""


def read_question(file: Path, vocabulary: Vocabulary) -> Any:
    """Return the body of a question about a force.

    Raises
    ------
    ForceError, FilesError
        If it is neither CSV nor JSON, or no plain file.
    """
    name = name_of(file)
    with opened(file) as stream:
        content = stream.read(LONGEST + 1)
    if len(content) > LONGEST:
        raise ForceError(f"{name}: must have at most {LONGEST:,} bytes; put those alike into one group, with a count")
    return _question(name, content) if content.lstrip()[:1] == b"{" else {"force": _groups(name, content, vocabulary)}


def _question(name: str, content: bytes) -> Any:
    from service.api.strict_json import loads  # noqa: PLC0415
    from service.errors import StrictJSONError  # noqa: PLC0415 - not needed for --help

    try:
        return loads(content)
    except StrictJSONError as error:
        raise ForceError(f"{name}: {error}") from error


def _groups(name: str, content: bytes, vocabulary: Vocabulary) -> list[dict[str, Any]]:
    text, known = CSVText(name, io.BytesIO(content)), (*vocabulary.members, "count")
    if any(column not in known for column in text.names) or len(set(text.names)) < len(text.names):
        rule = f"columns must be of {', '.join(known)}, each once; nearest: leave out the rest"
        raise ForceError(f"{name}: line 1: {rule}")
    return [_group(f"{name}: row {number}", text.names, row) for number, row in enumerate(text.rows(), start=1)]


def _group(place: str, names: Sequence[str], row: Sequence[str]) -> dict[str, Any]:
    words: dict[str, Any] = {column: cell.strip() for column, cell in zip(names, row, strict=True) if cell.strip()}
    count = words.pop("count", "")
    if not (count.isascii() and count.isdigit()):
        raise ForceError(f"{place}: count: must be a whole number; nearest: 1")
    heads = float(count)  # `int` refuses thousands of digits
    if not 1 <= heads <= LARGEST_ARMY:
        nearest = 1 if heads < 1 else LARGEST_ARMY
        raise ForceError(f"{place}: count: must be from 1 to {LARGEST_ARMY:,}; nearest: {nearest}")
    return words | {"count": int(heads)}
