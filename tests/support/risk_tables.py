"""Small synthetic risk tables: random effects in the words of a study, and who serves in it."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.risk.draws import Draws
from model.risk.table import RiskTable, beside_prefix, named_prefix, over_time_name
from priors.study import Study
from priors.timeline import Window
from priors.vocabulary import Attribute
from tests.support.syria import SYRIA

Arrays = dict[str, NDArray[Any]]

APART = (-2.0, 0.0, -0.7, -0.5, -0.6, -0.8)
"""Log hazards of levels without an order, over and over."""


def synthetic_arrays(study: Study, *, draws: int = 40, prior_draws: int = 30, seed: int = 1) -> Arrays:
    """Return the arrays of `risk_table.npz`, with effects drawn at random about plausible ones."""
    corps, vocabulary, random = study.corps, study.vocabulary, np.random.default_rng(seed)
    arrays: Arrays = {}
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
        for name in study.claims.moving:
            moved = random.normal(0, spread, (count, len(vocabulary[name].names), periods))
            arrays[f"{prefix}{over_time_name(name)}"] = moved.astype(np.float32)
        shares = np.stack([random.dirichlet(40 * shares, count) for shares in corps.community_shares], axis=1)
        # In each draw the tables of the corps are others too.
        heads = corps.cell_heads(shares) * random.lognormal(0, spread, (count, len(vocabulary.cells)))
        arrays[f"{prefix}heads"] = heads.astype(np.float32)
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
        of_prior = {name.removeprefix("prior_"): array for name, array in drawn.items() if name.startswith("prior_")}
        found |= {f"{named_prefix(name)}{array}": numbers for array, numbers in of_prior.items()}
    return found


def beside_arrays(study: Study, *, draws: int = 30, seed: int = 1) -> Arrays:
    """Return posterior draws under every article alone, as a version that is fitted to all of them carries them."""
    found: Arrays = {}
    for at, article in enumerate(study.articles):
        drawn = synthetic_arrays(study, draws=draws, prior_draws=2, seed=1_000 * seed + at)
        of_posterior = {name: array for name, array in drawn.items() if not name.startswith("prior_")}
        found |= {f"{beside_prefix(article.name)}{array}": numbers for array, numbers in of_posterior.items()}
    return found


def packed(arrays: Arrays) -> bytes:
    """Return arrays as the bytes of an npz file."""
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def synthetic_table(
    study: Study = SYRIA,
    *,
    draws: int = 40,
    prior_draws: int = 30,
    seed: int = 1,
    named: bool = False,
    beside: bool = False,
) -> RiskTable:
    """Return a risk table read from its bytes.

    A named one carries draws of every prior set; one with others beside it carries the fits to each article alone.
    """
    arrays = synthetic_arrays(study, draws=draws, prior_draws=prior_draws, seed=seed)
    arrays |= named_arrays(study, seed=seed) if named else {}
    arrays |= beside_arrays(study, seed=seed) if beside else {}
    manifest = synthetic_manifest(study) | {
        "named_priors": list(study.claims.prior_sets) if named else [],
        "fitted_beside": [article.name for article in study.articles] if beside else [],
    }
    return RiskTable.from_bytes(packed(arrays), manifest, study)


def cell_shares(draws: Draws) -> NDArray[np.float64]:
    """Return the share of every cell in the armed forces, shape (draw, cell)."""
    heads = draws.heads.astype(float)
    return np.asarray(heads / heads.sum(axis=1, keepdims=True))


def log_hazards(draws: Draws) -> NDArray[np.float64]:
    """Return the log monthly hazard of every cell in every period, cell by cell, shape (draw, cell, period)."""
    vocabulary = draws.vocabulary
    found = draws.log_relative_hazard.astype(float)[:, :, None] + draws.baseline[:, None, :]
    for axis, attribute in enumerate(vocabulary.attributes):
        if attribute.name in draws.over_time:
            level = [attribute.names.index(cell[axis]) for cell in vocabulary.cells]
            found = found + draws.over_time[attribute.name][:, level].astype(float)
    return np.asarray(found)


def log_cumulative_hazards(draws: Draws, window: Window) -> NDArray[np.float64]:
    """Return the log cumulative hazard of every cell over a window, shape (draw, cell)."""
    return np.asarray(np.log(np.exp(log_hazards(draws)) @ draws.vocabulary.timeline.months(window)))


def _slope(attribute: Attribute) -> NDArray[np.float64]:
    levels = len(attribute.names)
    return np.linspace(0, -2.0, levels) if attribute.ordered else np.resize(APART, levels)
