"""What can stand in the way of a report."""


class ReportError(Exception):
    """A version cannot be reported on."""


class BareVersionError(ReportError):
    """A version was published without something that its report needs.

    Parameters
    ----------
    version : str
        Its name.
    part : str
        What is missing from its manifest or its files.
    """

    def __init__(self, version: str, part: str) -> None:
        super().__init__(
            f"version {version} was published without {part}; `defection-risk refit` makes one that has it"
        )
