"""Rows of a file that cannot be used: where each is and why, and how many there are."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from typing import BinaryIO, Final

SHOWN: Final = 20
"""Bad rows that are told in full where they are not written aside."""

ASIDE: Final = ("bad_at", "bad_reason")
"""The columns that a bad row is given where it is written aside: where it was, and why it cannot be used."""


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be used.

    Attributes
    ----------
    file : str
        The file's name.
    place : str
        The line that it begins in, or in Parquet the row; the first is 1.
    column : str or None
        The column, where it is one column's fault.
    rule : str
        What is demanded, and the nearest that would do.
    """

    file: str
    place: str
    column: str | None
    rule: str

    @property
    def reason(self) -> str:
        """Column and rule."""
        return f"{self.column}: {self.rule}" if self.column else self.rule

    def __str__(self) -> str:
        """Return all of it on one line."""
        return f"{self.file}: {self.place}: {self.reason}"


class BadRows:
    """Counts the bad rows of a file, and keeps what is told of the first.

    Parameters
    ----------
    aside : binary stream, optional
        Where all of them are to be written.

    Attributes
    ----------
    aside : binary stream
        Where those are written that are told in full; it goes nowhere unless it was stated.
    """

    def __init__(self, aside: BinaryIO | None = None) -> None:
        self.aside = io.BytesIO() if aside is None else aside
        self.first: list[BadRow] = []
        self.count = 0
        self._most = SHOWN if aside is None else sys.maxsize

    @property
    def left(self) -> int:
        """How many more are to be told in full: finding the nearest words takes as long as scoring hundreds of rows."""
        return max(self._most - self.count, 0)

    def note(self, row: BadRow) -> None:
        """Count a row, and keep what is told of it if it is among the first."""
        if self.count < SHOWN:
            self.first.append(row)
        self.count += 1

    def pass_over(self, rows: int) -> None:
        """Count rows that are not told in full."""
        self.count += rows
