"""What every fit starts from: the words, the claims and who serves."""

from __future__ import annotations

from dataclasses import dataclass

from priors.claims import Claims, load_claims
from priors.corps import Corps, load_corps
from priors.elicitation import PriorSet, elicit_prior_set
from priors.vocabulary import Vocabulary, load_vocabulary


@dataclass(frozen=True)
class Knowledge:
    """What is known before evidence."""

    vocabulary: Vocabulary
    claims: Claims
    corps: Corps

    def prior_set(self, name: str, *, without: tuple[str, ...] = ()) -> PriorSet:
        """Return a prior set, less the claims dropped from it."""
        return elicit_prior_set(self.claims, self.corps, self.vocabulary, name, without=without)


def load_knowledge() -> Knowledge:
    """Return what the project bundles."""
    vocabulary = load_vocabulary()
    return Knowledge(vocabulary, load_claims(), load_corps(vocabulary))
