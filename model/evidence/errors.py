"""One class for each thing that can be wrong in what was observed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 20


@dataclass(frozen=True)
class FileFault:
    """One rule that a file breaks, and where: a row of data, from 1, or a line of text where rows are in doubt."""

    file: str
    rule: str
    row: int | None = None
    column: str | None = None
    nearest: tuple[str, ...] = ()
    line: int | None = None

    def __str__(self) -> str:
        """Return file, line or row, column, rule and the nearest valid values, on one line."""
        line = None if self.line is None else f"line {self.line}"
        row = None if self.row is None else f"row {self.row}"
        place = ": ".join(part for part in (self.file, line, row, self.column) if part)
        nearest = f"; nearest: {', '.join(self.nearest)}" if self.nearest else ""
        return f"{place}: {self.rule}{nearest}"


class EvidenceError(Exception):
    """Something observed cannot be used.

    Parameters
    ----------
    problems : sequence of FileFault
        All that was found; the first 20 are kept.
    """

    def __init__(self, problems: Sequence[FileFault]) -> None:
        self.problems = tuple(problems[:SHOWN])
        more = ["more problems were found; these are the first"] if len(problems) > SHOWN else []
        super().__init__("\n".join([*map(str, self.problems), *more]))


class UnreadableFileError(EvidenceError):
    """A file is missing, empty, damaged, or not what its name says."""


class InvalidFileError(EvidenceError):
    """Columns or rows of a file break a rule."""


class ConflictingRowsError(EvidenceError):
    """Evidence rows that are each valid cannot stand in one fit together."""


class BrokenRuleError(Exception):
    """A single field breaks a rule; whoever reads the file adds the place.

    Parameters
    ----------
    rule : str
        The rule, without the value that breaks it.
    nearest : tuple of str
        The nearest valid values, best first.
    """

    def __init__(self, rule: str, *nearest: str) -> None:
        self.rule = rule
        self.nearest = nearest
        super().__init__(rule)
