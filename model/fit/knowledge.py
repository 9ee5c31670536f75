"""What every fit starts from: the words, the claims and who serves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from priors.claims import Claims, check_declared, load_claims
from priors.corps import Corps, load_corps
from priors.elicitation import PriorSet, elicit_prior_set
from priors.vocabulary import FOLDER, Vocabulary, load_vocabulary


@dataclass(frozen=True)
class Knowledge:
    """What is known before evidence."""

    vocabulary: Vocabulary
    claims: Claims
    corps: Corps

    def prior_set(self, name: str, *, without: tuple[str, ...] = ()) -> PriorSet:
        """Return a prior set, less the claims dropped from it."""
        return elicit_prior_set(self.claims, self.corps, self.vocabulary, name, without=without)


def load_knowledge(folder: Path = FOLDER) -> Knowledge:
    """Read a study's folder; by default the one that comes with the project.

    Raises
    ------
    DataFileError
        If a file breaks a rule, or two files are at odds.
    """
    vocabulary, claims = load_vocabulary(folder), load_claims(folder)
    corps = load_corps(vocabulary, folder)
    check_declared(claims, vocabulary, corps.classes)
    return Knowledge(vocabulary, claims, corps)
