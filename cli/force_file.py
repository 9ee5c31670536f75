"""A question about a force, from a file: head counts in CSV, or the whole question in JSON."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from model.files.csv_text import CSVText
from model.files.plain import name_of, opened
from model.risk.errors import ForceError
from priors.corps import LARGEST_ARMY
from priors.vocabulary import Vocabulary

if TYPE_CHECKING:
    from service.errors import Fault

LONGEST: Final = 1 << 20
"""Bytes of a file, at most; a question has a hundred groups."""


@dataclass(frozen=True)
class ForceFile:
    """What a file asks; of CSV that is known once it is known by what words its columns are named.

    Attributes
    ----------
    name : str
        How errors call the file.
    content : bytes
    """

    name: str
    content: bytes

    @classmethod
    def read(cls, file: Path) -> ForceFile:
        """Read a file.

        Raises
        ------
        ForceError, FilesError
            If it is too large, or no plain file.
        """
        name = name_of(file)
        with opened(file) as stream:
            content = stream.read(LONGEST + 1)
        if len(content) > LONGEST:
            rule = f"must have at most {LONGEST:,} bytes; put those alike into one group, with a count"
            raise ForceError(f"{name}: {rule}")
        return cls(name, content)

    @property
    def is_json(self) -> bool:
        """Whether it begins as JSON does; else it is CSV."""
        return self.content.lstrip()[:1] == b"{"

    def question(self) -> dict[str, Any]:
        """Return the question that JSON states.

        Raises
        ------
        ForceError
            If it is none.
        """
        from service.api.strict_json import loads  # noqa: PLC0415
        from service.errors import StrictJSONError  # noqa: PLC0415 - not needed for --help

        try:
            return dict(loads(self.content))
        except StrictJSONError as error:
            raise ForceError(f"{self.name}: {error}") from error

    def told(self, fault: Fault) -> str:
        """Return a fault of the question by its place in the file: of CSV the row, of JSON the member."""
        group = re.fullmatch(r"/force/([0-9]+)(/.*)?", fault.pointer)
        if self.is_json or group is None:
            return f"{self.name}: {fault}"
        return f"{self.name}: row {int(group[1]) + 1}: {replace(fault, pointer=group[2] or '')}"

    def groups(self, vocabulary: Vocabulary) -> list[dict[str, Any]]:
        """Return the groups that CSV states, in its own words.

        Raises
        ------
        ForceError, FilesError
            If it is no CSV of attributes, with a whole number of heads in each row.
        """
        text, known = CSVText(self.name, io.BytesIO(self.content)), (*vocabulary.members, "count")
        if any(column not in known for column in text.names) or len(set(text.names)) < len(text.names):
            rule = f"columns must be of {', '.join(known)}, each once; nearest: leave out the rest"
            raise ForceError(f"{self.name}: line 1: {rule}")
        return [
            _group(f"{self.name}: row {number}", text.names, row) for number, row in enumerate(text.rows(), start=1)
        ]


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
