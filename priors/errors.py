"""One class for each thing that can be wrong in what is known beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class PriorsError(Exception):
    """Something in the vocabulary, the claims or the armed forces cannot be used."""


class UnknownWordError(PriorsError):
    """A word is not in the vocabulary.

    Parameters
    ----------
    field : str
        The attribute, or `unit`, that was asked for.
    nearest : tuple of str
        The allowed words nearest to the one given, best first; all levels when none is near.
    """

    def __init__(self, field: str, nearest: tuple[str, ...]) -> None:
        self.field = field
        self.nearest = nearest
        super().__init__(f"{field}: not a word of the vocabulary; nearest: {', '.join(nearest)}")


class ContradictoryProfileError(PriorsError):
    """A profile states an attribute twice, by level and by unit, and the two differ."""


class WindowError(PriorsError):
    """A window is empty, turned round, or reaches beyond the study."""


class UnknownClaimError(PriorsError):
    """A claim id is not among the claims."""


class UnknownPriorSetError(PriorsError):
    """A prior set is asked for by a name that none has."""


class UnknownStudyError(PriorsError):
    """A study is asked for by a name that none has, or a folder that there is not."""


@dataclass(frozen=True)
class Fault:
    """A mistake in a study.

    Attributes
    ----------
    file : str
    line : int
        From 1.
    where : str
        The keys that lead to the entry, with colons between.
    rule : str
        What it breaks, as a sentence without subject.
    nearest : tuple of str
        Allowed values near what stands there; none where there are none to name.
    """

    file: str
    line: int
    where: str
    rule: str
    nearest: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return it as a line."""
        where = f"{self.where}: " if self.where else ""
        nearest = f"; nearest: {', '.join(self.nearest)}" if self.nearest else ""
        return f"{self.file}, line {self.line}: {where}{self.rule}{nearest}"


class StudyError(PriorsError):
    """A study cannot be used; it carries every mistake that was found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))
