"""What every fit starts from, as the project bundles it."""

from model.inference.refit import Knowledge
from priors.claims import load_claims
from priors.corps import load_corps
from priors.vocabulary import load_vocabulary


def load_knowledge() -> Knowledge:
    """Return the vocabulary, the claims and the corps."""
    vocabulary = load_vocabulary()
    return Knowledge(vocabulary, load_claims(), load_corps(vocabulary))
