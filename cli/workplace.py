"""What a command works on: the archive, the study that is named, and the version that answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import click

from cli.output import say
from defection_risk.fitted import Fitted
from defection_risk.home import Home
from priors.study import DEFAULT, Study, load_study

version_option = click.option(
    "--version",
    metavar="NAME",
    help="Who answers: `current`, a version or its beginning, or a prior set, for its newest version that passed.",
)


@dataclass(frozen=True)
class Workplace(Home):
    """Where a command finds what it works on."""

    tell: Callable[[str], None] = say

    def study(self) -> Study:
        """Return the study as its folder states it today: what is made is made of that.

        Raises
        ------
        UnknownStudyError, StudyError
            If there is none, or it breaks a rule.
        """
        return load_study(self.named or DEFAULT)

    def fitted(self, name: str | None = None) -> Fitted:
        """Return the version that answers, by any name of it, as `version` does."""
        return Fitted(self.archive, self.version(name))
