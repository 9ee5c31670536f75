"""Small synthetic risk tables: random effects, the real vocabulary and the real corps."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.risk.draws import Draws
from model.risk.table import RiskTable, named_prefix
from priors.corps import load_corps
from priors.prior_sets import PRIOR_SETS
from priors.vocabulary import Vocabulary, load_vocabulary
from tests.support.syria import ATTRIBUTES

Arrays = dict[str, NDArray[Any]]


def synthetic_arrays(vocabulary: Vocabulary, *, draws: int = 40, prior_draws: int = 30, seed: int = 1) -> Arrays:
    """Return the arrays of `risk_table.npz`, with effects drawn at random about plausible ones."""
    corps, random = load_corps(vocabulary), np.random.default_rng(seed)
    arrays: Arrays = {"within_community": corps.within_community}
    for prefix, count, spread in (("", draws, 0.3), ("prior_", prior_draws, 0.9)):
        slopes = (np.array([-2.0, 0.0, -0.7, -0.5, -0.6, -0.8]), *(np.linspace(0, -2.0, n) for n in (8, 3, 4)))
        hazard = np.zeros((count, *vocabulary.shape))
        for axis, slope in enumerate(slopes):
            effect = slope + spread * random.normal(size=(count, len(slope)))
            hazard += effect.reshape(count, *(len(slope) if axis == other else 1 for other in range(4)))
        # Without an interaction an attribute's contribution would not depend on the others.
        hazard[:, 1, 5:, 2, 2:] += random.normal(size=(count, 1, 1))
        arrays[f"{prefix}log_relative_hazard"] = hazard.reshape(count, -1).astype(np.float32)
        arrays[f"{prefix}baseline"] = random.normal((-5.5, -4.5, -4.0, -5.0, -6.0), spread, (count, 5))
        arrays[f"{prefix}community_shares"] = np.stack(
            [random.dirichlet(40 * shares, count) for shares in corps.community_shares], axis=1
        )
    return arrays


def synthetic_manifest(vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the entries of a manifest that a risk table needs, with an invented claim for every level."""
    claims = {
        name: {level: [f"{name[0].upper()}{index}"] for index, level in enumerate(vocabulary[name].names)}
        for name in ATTRIBUTES
    }
    return {"version": "20261121T093000Z-3f9a1c", "prior_set": "pooled", "claims_by_level": claims}


def named_arrays(vocabulary: Vocabulary, *, draws: int = 30, seed: int = 1) -> Arrays:
    """Return draws of every prior set by name, as a version carries them."""
    found: Arrays = {}
    for at, name in enumerate(PRIOR_SETS):
        drawn = synthetic_arrays(vocabulary, draws=2, prior_draws=draws, seed=100 * seed + at)
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


def synthetic_table(*, draws: int = 40, prior_draws: int = 30, seed: int = 1, named: bool = False) -> RiskTable:
    """Return a risk table read from its bytes; a named one carries draws of every prior set."""
    vocabulary = load_vocabulary()
    arrays = synthetic_arrays(vocabulary, draws=draws, prior_draws=prior_draws, seed=seed)
    arrays |= named_arrays(vocabulary, seed=seed) if named else {}
    manifest = synthetic_manifest(vocabulary) | {"named_priors": list(PRIOR_SETS) if named else []}
    return RiskTable.from_bytes(packed(arrays), manifest, vocabulary)


def cell_shares(draws: Draws) -> NDArray[np.float64]:
    """Return the share of every cell in the armed forces as `priors` computes it, shape (draw, cell)."""
    return load_corps(draws.vocabulary).cell_shares(draws.community_shares)
