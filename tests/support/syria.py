"""What tests of the bundled study call by name."""

from __future__ import annotations

from priors.study import load_study

SYRIA = load_study()
ATTRIBUTES = SYRIA.vocabulary.names
CLASSES = SYRIA.corps.classes
PRIOR_SETS = tuple(SYRIA.claims.prior_sets)
