"""A version in memory: read from verified bytes, tried before anyone is answered from it; or why it was refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any, Final

from model.archive import Archive
from model.outlook.levers import Contagion
from model.risk.assessment import assess
from model.risk.errors import LeverError
from model.risk.table import RiskTable
from priors.cases import Facts, load_facts
from priors.vocabulary import Vocabulary

TABLE: Final = "risk_table.npz"


@dataclass(frozen=True, eq=False)
class Served:
    """A version in memory: its risk table, its manifest, and the facts of the case."""

    table: RiskTable
    manifest: Mapping[str, Any]
    facts: Facts

    @property
    def summary(self) -> dict[str, str]:
        """How every answer names the model it comes from."""
        return {"version": self.table.version, "priors": self.table.prior_set}

    @property
    def created(self) -> datetime:
        """When it was published."""
        return datetime.fromisoformat(self.manifest["created"])


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


def load(archive: Archive, version: str, vocabulary: Vocabulary) -> Served:
    """Return a version, read from verified bytes and known to answer.

    Raises
    ------
    ArchiveError
        If a file is not what was published.
    RiskError
        If the arrays are not a risk table, or a ratio of contagion is none.
    ValueError
        If it answers with something that is no number, or was created at no time.
    """
    manifest = archive.manifest(version)
    table = RiskTable.from_bytes(archive.read(version, TABLE), manifest, vocabulary)
    served = Served(table, manifest, load_facts(vocabulary))
    for prior_set in (None, *manifest.get("prior_sets", ())):
        with suppress(LeverError):  # the version keeps no ratio, and says so to whoever asks for it
            Contagion.from_prior(manifest, prior_set)
    # Asking also works out what the first caller would have to wait for. One of each level, so that all cells are read.
    levels = ({attribute.name: level} for attribute in vocabulary.attributes for level in attribute.names)
    asked = [assess(served.table, profile, window=vocabulary.study.window).as_dict() for profile in ({}, *levels)]
    json.dumps([served.created.timestamp(), asked], allow_nan=False)
    return served
