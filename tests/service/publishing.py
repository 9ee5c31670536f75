"""Publishing small synthetic versions for the service to serve."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Any

from model.archive import Archive
from model.risk.table import beside_prefix
from model.stored import TABLE, TERMS
from priors.moves import Supposition
from priors.study import Study
from tests.support.risk_tables import beside_arrays, named_arrays, packed, synthetic_arrays, synthetic_manifest
from tests.support.syria import SYRIA
from tests.support.terms import term_arrays, term_manifest

CHECKS = [{"name": "rhat", "value": 1.002, "limit": 1.01, "passed": True}]


def ledger_entry(name: str, **said: Any) -> dict[str, Any]:
    """Return an entry of the ledger of claims, as a manifest keeps it."""
    probability = {"own_prior": 0.8, "pooled_prior": 0.6, "prior": 0.6, "posterior": 0.7}
    link = {"interval": [0.1, 0.9], "basis": "wording", "horizon": "the whole study"}
    without = {
        "term": "E03's bound at 300", "probability": 0.4, "bayes_factor": 0.3, "verdict": "untouched", "pareto_k": 0.2,
        "known": True,
    }  # fmt: skip
    return {
        "id": name, "source": "al-kattan", "quote": "a claim", "says": "What it says.", "strength": "strong",
        "quantities": ["rank_ratio"], "links": {"rank_ratio": link}, "used": True, "not_testable": None,
        "bayes_factor": 3.5, "verdict": "supported", "largest_move": 0.3, "without": [without],
        "hangs_on": ["E03's bound at 300"], "probability": probability,
    } | said  # fmt: skip


CLAIMS = [
    ledger_entry("K06"),
    ledger_entry("K07", verdict="not testable", bayes_factor=None, largest_move=None, without=[], hangs_on=[]),
]


def contagion(study: Study) -> dict[str, Any]:
    """Return the prior of what contagion draws its ratio from, as a manifest keeps it."""
    spreading = study.spreading
    return {"quantity": spreading.quantity, "parameters": [0.156, 0.195], "claims": list(spreading.claims)}


def priors(study: Study) -> dict[str, Any]:
    """Return the entries of a manifest that keep the priors: of contagion, and of the numbers of moves."""
    kept = [] if study.spreading.quantity is None else [contagion(study)]
    moves = {
        name: {number: _elicited(said) for number, said in move.numbers.items()} for name, move in study.moves.items()
    }
    return {"priors": kept, "prior_sets": dict.fromkeys(study.claims.prior_sets, kept), "moves": moves}


def _elicited(said: Supposition) -> dict[str, Any]:
    lower, upper = said.interval
    kept: dict[str, Any] = {"scale": said.scale, "interval_90": [lower, upper]}
    if said.scale == "share":
        middle = (lower + upper) / 2
        return kept | {"family": "Beta", "parameters": [8 * middle, 8 * (1 - middle)]}
    middle, spread = (log(lower) + log(upper)) / 2, (log(upper) - log(lower)) / 3.29
    return kept | {"family": "Normal", "parameters": [middle, spread]}


def publish(
    archive: Archive,
    *,
    study: Study = SYRIA,
    seed: int = 1,
    named: bool = False,
    beside: bool = False,
    terms: bool = True,
    files: dict[str, bytes] | None = None,
    promote: bool = True,
    **fields: Any,
) -> str:
    """Publish a synthetic version, make it current unless told not to, and return its name.

    A named one carries draws of every prior set; one with others beside it those of the fits to each article alone.
    """
    manifest = synthetic_manifest(study) | {"checks": CHECKS, "claims": CLAIMS} | priors(study)
    manifest |= (term_manifest(study) if terms else {}) | fields
    manifest.pop("version")
    manifest = {name: value for name, value in manifest.items() if value is not None}
    manifest |= {"named_priors": list(study.claims.prior_sets)} if named else {}
    others = [article.name for article in study.articles if beside and article.name != manifest["prior_set"]]
    manifest |= {"fitted_beside": others} if beside else {}
    arrays = synthetic_arrays(study, seed=seed)
    arrays |= named_arrays(study, seed=seed) if named else {}
    if others:
        prefixes = tuple(map(beside_prefix, others))
        arrays |= {name: each for name, each in beside_arrays(study, seed=seed).items() if name.startswith(prefixes)}
    kept = (
        {TABLE: packed(arrays)}
        | ({TERMS: _terms(study, manifest.get("fitted_beside", ()), seed)} if terms else {})
        | dict(study.files)
    )
    with archive.draft() as draft:
        for name, content in (kept | (files or {})).items():
            (draft.path / name).write_bytes(content)
        version = draft.publish(manifest)
    if promote:
        archive.promote(version)
    return version


def _terms(study: Study, others: Sequence[str], seed: int) -> bytes:
    """Return terms of as many draws as the risk table has."""
    arrays = term_arrays(study, draws=40, seed=seed)
    for at, name in enumerate(others):
        arrays |= term_arrays(study, prefix=beside_prefix(name), draws=30, seed=1_000 * seed + at)
    return packed(arrays)
