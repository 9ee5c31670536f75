"""What tests of the bundled study call by name."""

from __future__ import annotations

from priors.corps import load_corps
from priors.vocabulary import load_vocabulary

ATTRIBUTES = load_vocabulary().names
CLASSES = load_corps(load_vocabulary()).classes
