"""The risk table: draws of prior and posterior as the archive keeps them, checked once when they are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.risk.cache import Cache
from model.risk.contributions import CoalitionRisks, coalition_risks
from model.risk.draws import Draws
from model.risk.errors import RiskTableError
from model.risk.packed import Header, check_headers, headers, opened, unpacked
from priors.study import Study
from priors.timeline import Window
from priors.vocabulary import Profile, Vocabulary

ANSWERS_KEPT = 2048
"""Answers a table remembers: all 1,260 profiles with any attributes missing, for one window, and some to spare."""

RISKS_KEPT = 128
"""Risks of profiles, draw by draw, and pictures no larger, that a table remembers: 4 MB at 4,000 draws."""

WINDOWS_KEPT = 4
"""Windows of which a table remembers what contributions need: 44 MB at 4,000 draws."""

FEWEST_DRAWS = 2
"""What a variance needs."""

MOST_DRAWS: Final = 50_000
"""Of the posterior: a quarter of a gigabyte, beside which those of the priors find room."""

LOG_HAZARD: Final = (-100.0, 100.0)
"""For each part of a log monthly hazard: far beyond what any claim means, since the universe is e^26 months old."""

MOST_HEADS: Final = 1e9
HEADS: Final = (float(np.finfo(np.float32).smallest_subnormal), MOST_HEADS)
"""Of a cell: more than none, since an average over cells divides by them."""

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
    beside : mapping of str to Draws
        Posterior draws under the other prior sets that were fitted in the same refit; empty where none was.
    """

    posterior: Draws
    prior: Draws
    claims_by_level: ClaimsByLevel
    version: str
    prior_set: str
    study: Study
    named_priors: Mapping[str, Draws] = field(default_factory=dict)
    beside: Mapping[str, Draws] = field(default_factory=dict)
    cache: Cache = field(init=False, default_factory=lambda: Cache(size=ANSWERS_KEPT))
    risks: Cache = field(init=False, default_factory=lambda: Cache(size=RISKS_KEPT))
    windows: Cache = field(init=False, default_factory=lambda: Cache(size=WINDOWS_KEPT))

    @classmethod
    def from_bytes(cls, data: bytes, manifest: Mapping[str, Any], study: Study) -> RiskTable:
        """Read a risk table.

        Parameters
        ----------
        data : bytes
            The contents of `risk_table.npz`.
        manifest : mapping
            The version's manifest: `version`, `prior_set`, `claims_by_level` and, if they are there, `named_priors` and
            `fitted_beside` are used.
        study : Study

        Raises
        ------
        RiskTableError
            If an array is missing, of the wrong type or shape, or out of bounds; if there are others, or they are too
            large; or if the manifest lacks an entry.
        """
        missing = [name for name in ("version", "prior_set", "claims_by_level") if name not in manifest]
        if missing:
            raise RiskTableError(f"manifest.json: {missing[0]}: must be there")
        named = {name: named_prefix(name) for name in manifest.get("named_priors", ())}
        fitted = {name: beside_prefix(name) for name in manifest.get("fitted_beside", ())}
        if manifest["prior_set"] in fitted:
            raise RiskTableError("manifest.json: fitted_beside: must name other prior sets than the version's own")
        with opened(data, "risk_table.npz") as file:
            found = headers(file)
            expected = _expected(found, ("", "prior_", *named.values(), *fitted.values()), study)
            check_headers(found, expected, "risk_table.npz")
            arrays = {name: unpacked(file, name) for name in found}
        posterior, prior = (_draws(arrays, prefix, study) for prefix in ("", "prior_"))
        named_priors = {name: _draws(arrays, prefix, study) for name, prefix in named.items()}
        beside = {name: _draws(arrays, prefix, study) for name, prefix in fitted.items()}
        claims = {
            attribute: {level: tuple(ids) for level, ids in levels.items()}
            for attribute, levels in manifest["claims_by_level"].items()
        }
        version, prior_set = str(manifest["version"]), str(manifest["prior_set"])
        return cls(posterior, prior, claims, version, prior_set, study, named_priors, beside)

    @property
    def vocabulary(self) -> Vocabulary:
        """The words and the days that the table is laid out by."""
        return self.study.vocabulary

    def coalition_risks(self, window: Window) -> CoalitionRisks:
        """Return what contributions are worked out from in a window."""
        return self.windows.get(window, lambda: coalition_risks(self.posterior, window))

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


def over_time_name(attribute: str) -> str:
    """Return the name of the array of an attribute that moves, without its prefix."""
    return f"over_time/{attribute}"


def beside_prefix(prior_set: str) -> str:
    """Return what the names of the arrays of a fit beside the version's own begin with."""
    return f"beside/{prior_set}/"


def _expected(found: Mapping[str, Header], prefixes: Iterable[str], study: Study) -> dict[str, Header]:
    """Return the headers of all arrays, for as many draws of each prefix as its baseline has."""
    vocabulary = study.vocabulary
    cells, periods = len(vocabulary.cells), len(vocabulary.timeline.periods)
    expected: dict[str, Header] = {}
    for prefix in prefixes:
        baseline = found.get(f"{prefix}baseline")
        draws = baseline.shape[0] if baseline is not None and baseline.shape else 0
        expected |= {
            f"{prefix}baseline": Header(FLOAT64, (draws, periods)),
            f"{prefix}log_relative_hazard": Header(FLOAT32, (draws, cells)),
            f"{prefix}heads": Header(FLOAT32, (draws, cells)),
        }
        expected |= {
            f"{prefix}{over_time_name(name)}": Header(FLOAT32, (draws, len(vocabulary[name].names), periods))
            for name in study.claims.moving
        }
    return expected


def _draws(arrays: Mapping[str, NDArray[Any]], prefix: str, study: Study) -> Draws:
    moving = {name: over_time_name(name) for name in study.claims.moving}
    for name in ("baseline", "log_relative_hazard", *moving.values()):
        _check_bounds(f"{prefix}{name}", arrays[f"{prefix}{name}"], *LOG_HAZARD)
    _check_bounds(f"{prefix}heads", arrays[f"{prefix}heads"], *HEADS)
    draws = Draws(
        log_relative_hazard=arrays[f"{prefix}log_relative_hazard"],
        baseline=arrays[f"{prefix}baseline"],
        over_time={attribute: arrays[f"{prefix}{name}"] for attribute, name in moving.items()},
        heads=arrays[f"{prefix}heads"],
        vocabulary=study.vocabulary,
    )
    if draws.count < FEWEST_DRAWS:
        raise RiskTableError(f"risk_table.npz: {prefix}baseline: must hold at least {FEWEST_DRAWS} draws")
    if not ((draws.total_heads >= 1) & (draws.total_heads <= MOST_HEADS)).all():
        raise RiskTableError(f"risk_table.npz: {prefix}heads: every draw must have 1 to {MOST_HEADS:,.0f} men in all")
    return draws


def _check_bounds(name: str, array: NDArray[Any], least: float, most: float) -> None:
    if not ((array >= least) & (array <= most)).all():  # a comparison that NaN fails
        raise RiskTableError(
            f"risk_table.npz: {name}: every number must be finite and lie between {least:g} and {most:g}"
        )
