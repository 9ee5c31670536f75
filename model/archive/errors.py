"""One class for each thing that can go wrong with the versions on disk."""

from pathlib import Path


class ArchiveError(Exception):
    """Something is wrong with the archive."""


class NoCurrentVersionError(ArchiveError):
    """No version has been made current yet."""

    def __init__(self, home: Path) -> None:
        self.home = home
        super().__init__(
            f"{home}: no version is current; run `defection-risk refit`, or choose one with `defection-risk models use`"
        )


class UnknownVersionError(ArchiveError):
    """A version is asked for that the archive does not hold.

    Parameters
    ----------
    version : str
        The name asked for, already known to look like a version.
    newest : tuple of str
        The newest versions there are, newest first; empty when there is none.
    """

    def __init__(self, version: str, newest: tuple[str, ...]) -> None:
        self.version = version
        self.newest = newest
        known = f"the newest are {', '.join(newest)}" if newest else "it holds none yet"
        super().__init__(f"version {version}: not in the archive; {known}")


class VersionNameError(ArchiveError):
    """A name means no version that is kept, or more than one.

    Parameters
    ----------
    rule : str
        What must hold of it.
    nearest : tuple of str
        Names that would do, best first.
    """

    def __init__(self, rule: str, *, nearest: tuple[str, ...]) -> None:
        self.rule = rule
        self.nearest = nearest
        super().__init__(f"version: {rule}" + (f"; nearest: {', '.join(nearest)}" if nearest else "; none is kept yet"))


class DamagedVersionError(ArchiveError):
    """A file is not what was published: missing, cut short, changed, or not listed as it should be.

    Parameters
    ----------
    file : str
        The file, as a path below the home of the archive.
    problem : str
        What is wrong with it.
    """

    def __init__(self, file: str, problem: str) -> None:
        self.file = file
        self.problem = problem
        super().__init__(f"{file}: {problem}")


class NewerFormatError(ArchiveError):
    """A version was written by a newer release than this one, in a format that it cannot know."""


class OlderFormatError(ArchiveError):
    """A version was written by an older release than this one, which says less than this one must know."""


class UnsafeNameError(ArchiveError):
    """A name is not that of a version, or not that of a file a version holds, and could lead elsewhere."""


class ArchiveUnreadableError(ArchiveError):
    """The system refuses to read a path of the archive, which says nothing about what stands there."""

    def __init__(self, path: Path, error: OSError) -> None:
        self.path = path
        reason = error.strerror or type(error).__name__
        super().__init__(f"{path}: cannot be read ({reason}); check its permissions and the disk")


class ArchiveUnwritableError(ArchiveError):
    """The archive cannot be written: the disk is full or read-only, or permission is missing."""

    def __init__(self, path: Path, remedy: str) -> None:
        self.path = path
        super().__init__(f"{path}: cannot be written: {remedy}, or set DEFECTION_RISK_HOME to another folder")
