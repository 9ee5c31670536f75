"""The risk table: draws of prior and posterior as the archive keeps them, checked once when they are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.risk.cache import Cache
from model.risk.contributions import CoalitionValues, coalition_values
from model.risk.draws import Draws
from model.risk.errors import RiskTableError
from model.risk.packed import Header, headers, opened, unpacked
from priors.study import Study
from priors.timeline import Window
from priors.vocabulary import Profile, Vocabulary

ANSWERS_KEPT = 2048
"""Answers a table remembers: all 1,260 profiles with any attributes missing, for one window, and some to spare."""

RISKS_KEPT = 128
"""Risks of profiles, draw by draw, and pictures no larger, that a table remembers: 4 MB at 4,000 draws."""

FEWEST_DRAWS = 2
"""What a variance needs."""

LARGEST: Final = 512 << 20
"""Bytes of all arrays together: what a worker can hold."""

MOST_DRAWS: Final = 100_000
"""Of the posterior: a quarter of a gigabyte, beside which those of the priors find room."""

LOG_HAZARD: Final = (-100.0, 100.0)
"""For each part of a log monthly hazard: far beyond what any claim means, since the universe is e^26 months old."""

SHARE: Final = (0.0, 1.0)
BOUNDS: Final = {"baseline": LOG_HAZARD, "log_relative_hazard": LOG_HAZARD, "community_shares": SHARE}
"""What draws consist of, and between what every number of it lies."""

SMALLEST_SHARE: Final = 1e-100
"""Of a cell in the armed forces; an average over cells divides by their shares."""

FLOAT32: Final = np.dtype(np.float32)
FLOAT64: Final = np.dtype(np.float64)

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
    study : Study
        What it was fitted to, in whose words it is asked and answers.
    named_priors : mapping of str to Draws
        Draws from each prior set with all its claims, whichever it was fitted under; empty in a version without them.
    """

    posterior: Draws
    prior: Draws
    claims_by_level: ClaimsByLevel
    version: str
    prior_set: str
    study: Study
    named_priors: Mapping[str, Draws] = field(default_factory=dict)
    cache: Cache = field(init=False, default_factory=lambda: Cache(size=ANSWERS_KEPT))
    risks: Cache = field(init=False, default_factory=lambda: Cache(size=RISKS_KEPT))

    @classmethod
    def from_bytes(cls, data: bytes, manifest: Mapping[str, Any], study: Study) -> RiskTable:
        """Read a risk table.

        Parameters
        ----------
        data : bytes
            The contents of `risk_table.npz`.
        manifest : mapping
            The version's manifest: `version`, `prior_set`, `claims_by_level` and, if it is there, `named_priors` are
            used.
        study : Study

        Raises
        ------
        RiskTableError
            If an array is missing, of the wrong type or shape, or out of bounds; if there are others, or they are too
            large; or if the manifest lacks an entry.
        """
        vocabulary = study.vocabulary
        with opened(data) as file:
            named = {name: named_prefix(name) for name in manifest.get("named_priors", ())}
            found = headers(file)
            _check_headers(found, _expected(found, ("", "prior_", *named.values()), vocabulary))
            arrays = {name: unpacked(file, name) for name in found}
        _check_bounds("within_community", arrays["within_community"], *SHARE)
        posterior, prior = (_draws(arrays, prefix, vocabulary) for prefix in ("", "prior_"))
        named_priors = {name: _draws(arrays, prefix, vocabulary) for name, prefix in named.items()}
        missing = [name for name in ("version", "prior_set", "claims_by_level") if name not in manifest]
        if missing:
            raise RiskTableError(f"manifest.json: {missing[0]}: must be there")
        claims = {
            attribute: {level: tuple(ids) for level, ids in levels.items()}
            for attribute, levels in manifest["claims_by_level"].items()
        }
        return cls(posterior, prior, claims, str(manifest["version"]), str(manifest["prior_set"]), study, named_priors)

    @property
    def vocabulary(self) -> Vocabulary:
        """The words and the days that the table is laid out by."""
        return self.study.vocabulary

    @cached_property
    def coalition_values(self) -> CoalitionValues:
        """What contributions are worked out from, made at the first question that needs them."""
        return coalition_values(self.posterior)

    def risk(self, cell: int, window: Window) -> NDArray[np.float64]:
        """Return the posterior risk of a cell, by its index, in a window, shape (draw,)."""
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


def _expected(found: Mapping[str, Header], prefixes: Iterable[str], vocabulary: Vocabulary) -> dict[str, Header]:
    """Return the headers of all arrays, for as many draws of each prefix as its baseline has."""
    cells, periods, communities = (
        len(vocabulary.cells),
        len(vocabulary.timeline.periods),
        len(vocabulary.community.levels),
    )
    within = found.get("within_community")
    classes = within.shape[0] if within is not None and within.shape else 0
    expected = {"within_community": Header(FLOAT64, (classes, cells))}
    for prefix in prefixes:
        baseline = found.get(f"{prefix}baseline")
        draws = baseline.shape[0] if baseline is not None and baseline.shape else 0
        expected |= {
            f"{prefix}baseline": Header(FLOAT64, (draws, periods)),
            f"{prefix}log_relative_hazard": Header(FLOAT32, (draws, cells)),
            f"{prefix}community_shares": Header(FLOAT64, (draws, classes, communities)),
        }
    return expected


def _check_headers(found: Mapping[str, Header], expected: Mapping[str, Header]) -> None:
    for name, header in expected.items():
        if name not in found:
            raise RiskTableError(f"risk_table.npz: {name}: must be there")
        if found[name].shape != header.shape:
            raise RiskTableError(f"risk_table.npz: {name}: must have shape {header.shape}, not {found[name].shape}")
        if found[name].dtype != header.dtype:
            raise RiskTableError(f"risk_table.npz: {name}: must be of type {header.dtype}")
    if len(found) > len(expected):
        raise RiskTableError(
            f"risk_table.npz: must hold {len(expected)} arrays, as its manifest says, not {len(found)}"
        )
    if sum(header.size for header in expected.values()) > LARGEST:
        raise RiskTableError(f"risk_table.npz: its arrays must take at most {LARGEST >> 20} MiB together")


def _draws(arrays: Mapping[str, NDArray[Any]], prefix: str, vocabulary: Vocabulary) -> Draws:
    drawn = {name: arrays[f"{prefix}{name}"] for name in BOUNDS}
    for name, array in drawn.items():
        _check_bounds(f"{prefix}{name}", array, *BOUNDS[name])
    draws = Draws(**drawn, within_community=arrays["within_community"], vocabulary=vocabulary)
    if draws.count < FEWEST_DRAWS:
        raise RiskTableError(f"risk_table.npz: {prefix}baseline: must hold at least {FEWEST_DRAWS} draws")
    _check_shares(prefix, draws)
    return draws


def _check_bounds(name: str, array: NDArray[Any], least: float, most: float) -> None:
    if not ((array >= least) & (array <= most)).all():  # a comparison that NaN fails
        raise RiskTableError(
            f"risk_table.npz: {name}: every number must be finite and lie between {least:g} and {most:g}"
        )


def _check_shares(prefix: str, draws: Draws) -> None:
    if not np.allclose(draws.community_shares.sum(axis=2), 1, atol=1e-6):
        raise RiskTableError(f"risk_table.npz: {prefix}community_shares: each class must be shares that sum to 1")
    cells = tuple(range(len(draws.vocabulary.shape)))
    for part in draws.parts():
        shares = draws.shares(draws.selection({}), part)
        if shares.min() < SMALLEST_SHARE or not np.allclose(shares.sum(axis=cells), 1, atol=1e-6):
            raise RiskTableError(
                f"risk_table.npz: within_community: with {prefix}community_shares it must give every cell a share of "
                "the forces, and shares that sum to 1"
            )
