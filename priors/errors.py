"""One class for each thing that can be wrong in what is known beforehand."""


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
    """A profile states its eliteness twice, by level and by unit, and the two differ."""


class WindowError(PriorsError):
    """A window is empty, turned round, or reaches beyond the study."""


class UnknownClaimError(PriorsError):
    """A claim id is not among the claims."""


class UnknownPriorSetError(PriorsError):
    """A prior set is asked for by a name that none has."""


class DataFileError(PriorsError):
    """A YAML file of the project does not say what it must."""
