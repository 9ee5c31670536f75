"""One class for each thing that can be wrong with a file to be scored."""

from __future__ import annotations


class ScoringError(Exception):
    """A file cannot be scored; nothing was written."""


class FileFormatError(ScoringError):
    """A file is not there, is not what its name says, or breaks off."""


class ColumnError(ScoringError):
    """The columns of a file do not say what is asked, or stand in the way of the columns to be written."""


class RowError(ScoringError):
    """A row cannot be used.

    Parameters
    ----------
    file : str
        The file's name.
    row : int
        The row of data, the first being 1; of JSON lines, the line.
    column : str or None
        The column, where it is one column's fault.
    rule : str
        What is demanded, and the nearest that would do.
    """

    def __init__(self, file: str, row: int, column: str | None, rule: str) -> None:
        self.file = file
        self.row = row
        self.column = column
        self.rule = rule
        super().__init__(": ".join([file, f"row {row}", *([column] if column else []), rule]))

    def __reduce__(self) -> tuple[type[RowError], tuple[str, int, str | None, str]]:
        """Return how to make it again, where another process is told of it."""
        return type(self), (self.file, self.row, self.column, self.rule)


class TargetError(ScoringError):
    """The scored file cannot be written where it is asked for."""
