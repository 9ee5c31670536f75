"""One class for each thing that can be wrong with a file, whatever it is to hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


def reason_of(error: OSError) -> str:
    """Return what the system says was wrong, to stand after a colon."""
    return (error.strerror or str(error) or "input or output error").lower()


class FilesError(Exception):
    """A file cannot be read or written.

    Parameters
    ----------
    place : str
        The file, as it was named.
    rule : str
        What is demanded of it, or why the system refuses it.
    """

    def __init__(self, place: str, rule: str) -> None:
        self.place = place
        self.rule = rule
        super().__init__(place, rule)

    def __str__(self) -> str:
        """Return place and rule on one line."""
        return f"{self.place}: {self.rule}"


class NotReadableError(FilesError):
    """A file is not there, is no plain file, or cannot be opened."""


class NotWritableError(FilesError):
    """A file cannot be written where it is asked for."""


@dataclass(frozen=True)
class LineFault:
    """A rule that a line of text breaks; lines are counted from 1, as editors do."""

    line: int
    rule: str

    def __str__(self) -> str:
        """Return line and rule."""
        return f"line {self.line}: {self.rule}"


class CSVError(FilesError):
    """Lines of a CSV file break its rules, so that it is not certain what its rows are.

    Parameters
    ----------
    place : str
        The file, as it was named.
    faults : sequence of LineFault
        The first that were found.
    """

    def __init__(self, place: str, faults: Sequence[LineFault]) -> None:
        super().__init__(place, "; ".join(map(str, faults)))
        self.args = (place, faults)
        self.faults = tuple(faults)

    def __str__(self) -> str:
        """Return each fault on a line of its own, with the file."""
        return "\n".join(f"{self.place}: {fault}" for fault in self.faults)
