"""The risk table: draws of prior and posterior as the archive keeps them, checked once when they are read."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from model.risk.cache import Cache
from model.risk.contributions import CoalitionValues, coalition_values
from model.risk.draws import Draws
from model.risk.errors import RiskTableError
from priors.study import Window
from priors.vocabulary import Profile, Vocabulary

ANSWERS_KEPT = 2048
"""Answers a table remembers: all 1,260 profiles with any attributes missing, for one window, and some to spare."""

RISKS_KEPT = 128
"""Risks of profiles, draw by draw, and pictures no larger, that a table remembers: 4 MB at 4,000 draws."""

CLASSES = 2
"""Officers and the enlisted."""

FEWEST_DRAWS = 2
"""What a variance needs."""

ClaimsByLevel = Mapping[str, Mapping[str, tuple[str, ...]]]
"""For each attribute and level, the ids of the claims that bear on it."""


@dataclass(frozen=True, eq=False, repr=False)
class RiskTable:
    """All that a question needs.

    Attributes
    ----------
    posterior, prior : Draws
    claims_by_level : mapping of attribute to level to claim ids
    version, prior_set : str
        The version of the archive it comes from, and the prior set it was fitted under.
    named_priors : mapping of str to Draws
        Draws from each prior set with all its claims, whichever it was fitted under; empty in a version without them.
    """

    posterior: Draws
    prior: Draws
    claims_by_level: ClaimsByLevel
    version: str
    prior_set: str
    named_priors: Mapping[str, Draws] = field(default_factory=dict)
    cache: Cache = field(init=False, default_factory=lambda: Cache(size=ANSWERS_KEPT))
    risks: Cache = field(init=False, default_factory=lambda: Cache(size=RISKS_KEPT))

    @classmethod
    def from_bytes(cls, data: bytes, manifest: Mapping[str, Any], vocabulary: Vocabulary) -> RiskTable:
        """Read a risk table.

        Parameters
        ----------
        data : bytes
            The contents of `risk_table.npz`.
        manifest : mapping
            The version's manifest: `version`, `prior_set`, `claims_by_level` and, if it is there, `named_priors` are
            used.

        Raises
        ------
        RiskTableError
            If an array is missing, of the wrong shape, not finite, or no share; or the manifest lacks an entry.
        """
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
                within_sect = _array(arrays, "within_sect", np.float64)
                posterior = _draws(arrays, "", within_sect, vocabulary)
                prior = _draws(arrays, "prior_", within_sect, vocabulary)
                named = {
                    name: _draws(arrays, named_prefix(name), within_sect, vocabulary)
                    for name in manifest.get("named_priors", ())
                }
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, TypeError) as error:
            raise RiskTableError(f"risk_table.npz: cannot be read as arrays of numbers: {error}") from error
        missing = [name for name in ("version", "prior_set", "claims_by_level") if name not in manifest]
        if missing:
            raise RiskTableError(f"manifest.json: {missing[0]}: must be there")
        claims = {
            attribute: {level: tuple(ids) for level, ids in levels.items()}
            for attribute, levels in manifest["claims_by_level"].items()
        }
        return cls(posterior, prior, claims, str(manifest["version"]), str(manifest["prior_set"]), named)

    @property
    def vocabulary(self) -> Vocabulary:
        """The words and the study that the table is laid out by."""
        return self.posterior.vocabulary

    @cached_property
    def coalition_values(self) -> CoalitionValues:
        """What contributions are worked out from, made at the first question that needs them."""
        return coalition_values(self.posterior)

    def risk(self, cell: int, window: Window) -> NDArray[np.float64]:
        """Return the posterior risk of a cell (0 to 575) in a window, shape (draw,)."""
        names = (attribute.name for attribute in self.vocabulary.attributes)
        return self.posterior.risk(dict(zip(names, self.vocabulary.cells[cell], strict=True)), window)

    def profile_risk(self, profile: Profile, window: Window) -> NDArray[np.float64]:
        """Return the posterior risk of a profile in a window, shape (draw,), read-only."""

        def compute() -> NDArray[np.float64]:
            risk = self.posterior.risk(profile, window)
            risk.flags.writeable = False
            return risk

        return self.risks.get((tuple(sorted(profile.items())), window), compute)

    def corps_risk(self, window: Window) -> NDArray[np.float64]:
        """Return the posterior risk of the whole force in a window, shape (draw,), read-only."""
        return self.profile_risk({}, window)


def named_prefix(prior_set: str) -> str:
    """Return what the names of the arrays of a prior set's own draws begin with."""
    return f"named_prior/{prior_set}/"


def _draws(arrays: Any, prefix: str, within_sect: NDArray[Any], vocabulary: Vocabulary) -> Draws:
    hazard = _array(arrays, f"{prefix}log_relative_hazard", np.float32)
    baseline = _array(arrays, f"{prefix}baseline", np.float64)
    sect_shares = _array(arrays, f"{prefix}sect_shares", np.float64)
    count, cells = len(baseline), len(vocabulary.cells)
    _check_shape(f"{prefix}log_relative_hazard", hazard, (count, cells))
    _check_shape(f"{prefix}baseline", baseline, (count, len(vocabulary.study.periods)))
    _check_shape(f"{prefix}sect_shares", sect_shares, (count, CLASSES, len(vocabulary["sect"].levels)))
    _check_shape("within_sect", within_sect, (CLASSES, cells))
    if count < FEWEST_DRAWS:
        raise RiskTableError(f"risk_table.npz: {prefix}baseline: must hold at least {FEWEST_DRAWS} draws")
    draws = Draws(hazard, baseline, sect_shares, within_sect, vocabulary)
    _check_shares(prefix, draws)
    return draws


def _array(arrays: Any, name: str, kind: DTypeLike) -> NDArray[Any]:
    if name not in arrays:
        raise RiskTableError(f"risk_table.npz: {name}: must be there")
    # Column order: a question about a cell then reads its draws in one stretch.
    array = np.array(arrays[name], dtype=kind, order="F")
    if array.ndim == 0 or not np.isfinite(array).all():
        raise RiskTableError(f"risk_table.npz: {name}: every number must be finite")
    array.flags.writeable = False
    return array


def _check_shape(name: str, array: NDArray[Any], shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise RiskTableError(f"risk_table.npz: {name}: must have shape {shape}, not {array.shape}")


def _check_shares(prefix: str, draws: Draws) -> None:
    if (draws.sect_shares < 0).any() or not np.allclose(draws.sect_shares.sum(axis=2), 1, atol=1e-6):
        raise RiskTableError(f"risk_table.npz: {prefix}sect_shares: each class must be shares that sum to 1")
    by_sect = draws.within_sect.reshape(CLASSES, len(draws.vocabulary["sect"].levels), -1).sum(axis=2)
    total = np.einsum("dks,ks->d", draws.sect_shares, by_sect)
    if (draws.within_sect < 0).any() or not np.allclose(total, 1, atol=1e-6):
        raise RiskTableError("risk_table.npz: within_sect: with sect_shares it must give shares that sum to 1")
