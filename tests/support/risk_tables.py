"""Small synthetic risk tables: random effects in the words of a study, and who serves in it."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.risk.draws import Draws
from model.risk.table import RiskTable, named_prefix
from priors.study import Study
from priors.vocabulary import Attribute
from tests.support.syria import SYRIA

Arrays = dict[str, NDArray[Any]]

APART = (-2.0, 0.0, -0.7, -0.5, -0.6, -0.8)
"""Log hazards of levels without an order, over and over."""


def synthetic_arrays(study: Study, *, draws: int = 40, prior_draws: int = 30, seed: int = 1) -> Arrays:
    """Return the arrays of `risk_table.npz`, with effects drawn at random about plausible ones."""
    corps, vocabulary, random = study.corps, study.vocabulary, np.random.default_rng(seed)
    arrays: Arrays = {"within_community": corps.within_community}
    for prefix, count, spread in (("", draws, 0.3), ("prior_", prior_draws, 0.9)):
        hazard = np.zeros((count, *vocabulary.shape))
        for axis, slope in enumerate(map(_slope, vocabulary.attributes)):
            effect = slope + spread * random.normal(size=(count, len(slope)))
            places = (len(slope) if axis == other else 1 for other in range(len(vocabulary.shape)))
            hazard += effect.reshape(count, *places)
        # Without an interaction an attribute's contribution would not depend on the others.
        within = tuple(slice(levels // 2, None) for levels in vocabulary.shape[1:])
        hazard[:, 1:2, *within] += random.normal(size=(count, *(1 for _ in vocabulary.shape)))
        arrays[f"{prefix}log_relative_hazard"] = hazard.reshape(count, -1).astype(np.float32)
        periods = len(vocabulary.timeline.periods)
        course = np.resize((-5.5, -4.5, -4.0, -5.0, -6.0), periods)
        arrays[f"{prefix}baseline"] = random.normal(course, spread, (count, periods))
        arrays[f"{prefix}community_shares"] = np.stack(
            [random.dirichlet(40 * shares, count) for shares in corps.community_shares], axis=1
        )
    return arrays


def synthetic_manifest(study: Study) -> dict[str, Any]:
    """Return the entries of a manifest that a risk table needs, with an invented claim for every level."""
    claims = {
        attribute.name: {level: [f"{attribute.name[0].upper()}{at}"] for at, level in enumerate(attribute.names)}
        for attribute in study.vocabulary.attributes
    }
    name = study.claims.all_together
    return {
        "version": "20261121T093000Z-3f9a1c", "study": study.summary, "prior_set": name, "claims_by_level": claims,
    }  # fmt: skip


def named_arrays(study: Study, *, draws: int = 30, seed: int = 1) -> Arrays:
    """Return draws of every prior set by name, as a version carries them."""
    found: Arrays = {}
    for at, name in enumerate(study.claims.prior_sets):
        drawn = synthetic_arrays(study, draws=2, prior_draws=draws, seed=100 * seed + at)
        found |= {
            f"{named_prefix(name)}{array}": drawn[f"prior_{array}"]
            for array in ("log_relative_hazard", "baseline", "community_shares")
        }
    return found


def packed(arrays: Arrays) -> bytes:
    """Return arrays as the bytes of an npz file."""
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def synthetic_table(
    study: Study = SYRIA, *, draws: int = 40, prior_draws: int = 30, seed: int = 1, named: bool = False
) -> RiskTable:
    """Return a risk table read from its bytes; a named one carries draws of every prior set."""
    arrays = synthetic_arrays(study, draws=draws, prior_draws=prior_draws, seed=seed)
    arrays |= named_arrays(study, seed=seed) if named else {}
    manifest = synthetic_manifest(study) | {"named_priors": list(study.claims.prior_sets) if named else []}
    return RiskTable.from_bytes(packed(arrays), manifest, study)


def cell_shares(draws: Draws) -> NDArray[np.float64]:
    """Return the share of every cell in the armed forces as `priors` computes it, shape (draw, cell)."""
    return SYRIA.corps.cell_shares(draws.community_shares)


def _slope(attribute: Attribute) -> NDArray[np.float64]:
    levels = len(attribute.names)
    return np.linspace(0, -2.0, levels) if attribute.ordered else np.resize(APART, levels)
