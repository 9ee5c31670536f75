"""One class for each thing that can be wrong with a file to be scored."""

from __future__ import annotations

from collections.abc import Sequence

from model.scoring.bad_rows import BadRow


class ScoringError(Exception):
    """A file cannot be scored; nothing was written."""


class FileFormatError(ScoringError):
    """A file is not there, is not what its name says, or breaks off."""


class ColumnError(ScoringError):
    """The columns of a file do not say what is asked, or stand in the way of the columns to be written."""


class BadRowsError(ScoringError):
    """Rows cannot be used.

    Parameters
    ----------
    first : sequence of BadRow
        Those that are told in full.
    count : int
        How many there are.
    """

    def __init__(self, first: Sequence[BadRow], count: int) -> None:
        self.first = tuple(first)
        self.count = count
        super().__init__(self.first, count)  # which is how it is made again, where another process is told of it

    def __str__(self) -> str:
        """Return a line for each row, and how many more there are."""
        more = self.count - len(self.first)
        return "\n".join([*map(str, self.first), *([f"and {more:,} more bad rows"] if more else [])])


class TargetError(ScoringError):
    """The scored file cannot be written where it is asked for."""
