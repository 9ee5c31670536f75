"""A version in memory: read from verified bytes, tried before anyone is answered from it; or why it was refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from typing import Any

import numpy as np

from model.archive import Archive
from model.outlook.contagion import Contagion
from model.outlook.moves import elicited
from model.outlook.numbers import Number
from model.risk.assessment import assess
from model.risk.table import RiskTable
from model.stored import read_table, read_terms
from model.what_if.answer import what_if
from model.what_if.changes import Changes
from model.what_if.terms import Terms
from priors.study import Study


@dataclass(frozen=True, eq=False)
class Served:
    """A version in memory: its risk table, with the study it was fitted to, its manifest, and its terms, if any."""

    table: RiskTable
    manifest: Mapping[str, Any]
    terms: Terms | None = None
    _made: dict[Hashable, Any] = field(init=False, default_factory=dict)

    @property
    def study(self) -> Study:
        """The study it was fitted to."""
        return self.table.study

    @property
    def summary(self) -> dict[str, str]:
        """How every answer names the model it comes from."""
        return {"version": self.table.version, "priors": self.table.prior_set, "study": self.study.name}

    @property
    def created(self) -> datetime:
        """When it was published."""
        return datetime.fromisoformat(self.manifest["created"])

    @property
    def elicited(self) -> Mapping[str, Mapping[str, Number]]:
        """By move, the numbers that the study has intervals for."""
        return elicited(self.manifest, self.study)

    def once[Made](self, name: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is made of the version once and kept with it; two threads may both make it at first."""
        if name not in self._made:
            self._made[name] = make()
        made: Made = self._made[name]
        return made


@dataclass(frozen=True)
class Refusal:
    """Why a version is not served: its name, None where it is not even known which is current, and what is wrong."""

    version: str | None
    reason: str


@dataclass(frozen=True, eq=False)
class Refused:
    """A refusal, the class of the error behind it, and until when the version is left alone."""

    refusal: Refusal
    error: str
    until: float


@dataclass(frozen=True)
class State:
    """What is known at one moment of what was asked for; replaced whole, so that no reader sees half of a change.

    Attributes
    ----------
    served : Served or None
    refused : Refused or None
        What is current in the archive, where it could not be used.
    look : float
        When to look at the archive again, on the store's clock.
    """

    served: Served | None = None
    refused: Refused | None = None
    look: float = -inf

    @property
    def refusal(self) -> Refusal | None:
        """Why what is current in the archive is not what is served."""
        return None if self.refused is None else self.refused.refusal


def load(archive: Archive, version: str) -> Served:
    """Return a version, read from verified bytes and known to answer.

    Raises
    ------
    ArchiveError
        If a file is not what was published.
    StudyError
        If its files make no study.
    RiskError
        If the arrays are not a risk table, or no terms, or a number of a move is not kept, or none.
    ValueError
        If it answers with something that is no number, or was created at no time.
    """
    manifest = archive.manifest(version)
    table = read_table(archive, version)
    served = Served(table, manifest, read_terms(archive, version, table.study))
    vocabulary = served.study.vocabulary
    if served.study.spreading.quantity is not None:
        for prior_set in (None, *served.study.claims.prior_sets):
            Contagion.from_prior(manifest, served.study.spreading, prior_set)
    for numbers in served.elicited.values():
        for number in numbers.values():
            number.drawn(1, np.random.default_rng(0))
    # Asking also works out what the first caller would have to wait for. One of each level, so that all cells are read.
    levels = ({attribute.name: level} for attribute in vocabulary.attributes for level in attribute.names)
    asked = [assess(served.table, profile, window=vocabulary.timeline.window).as_dict() for profile in ({}, *levels)]
    if served.terms is not None:
        unchanged, window = _as_it_is(served.terms), vocabulary.timeline.window
        asked.append(what_if(table, served.terms, [{}], unchanged, window=window).as_dict())
    json.dumps([served.created.timestamp(), asked], allow_nan=False)
    return served


def _as_it_is(terms: Terms) -> Changes:
    """Return changes that change nothing, and still have the draws of every prior set weighed."""
    return Changes(authors={each.name: terms.authors.get(each.name, 1.0) for each in terms.study.articles})
