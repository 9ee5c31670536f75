"""One blueprint for each resource; how the application's parts are reached from a request."""

from __future__ import annotations

from typing import cast

from flask import current_app

from priors.vocabulary import Vocabulary
from service.prior_sets import PriorSets
from service.registry import Registry


def registry() -> Registry:
    """Return the registry of the application answering."""
    return cast("Registry", current_app.extensions["registry"])


def prior_sets() -> PriorSets:
    """Return what hands out versions by their prior set, for the application answering."""
    return cast("PriorSets", current_app.extensions["prior_sets"])


def words() -> Vocabulary:
    """Return the vocabulary of the application answering."""
    return cast("Vocabulary", current_app.extensions["vocabulary"])
