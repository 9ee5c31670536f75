"""Publishing small synthetic versions for the service to serve."""

from __future__ import annotations

from typing import Any

from model.archive import Archive
from priors.study import Study
from tests.support.risk_tables import named_arrays, packed, synthetic_arrays, synthetic_manifest
from tests.support.syria import SYRIA

CHECKS = [{"name": "rhat", "value": 1.002, "limit": 1.01, "passed": True}]
CLAIMS = [{"id": "K06", "quote": "a claim", "probability": {"prior": 0.6, "posterior": 0.7}}]


def contagion(study: Study) -> dict[str, Any]:
    """Return the prior of what contagion draws its ratio from, as a manifest keeps it."""
    behind = study.behind
    return {"quantity": behind.contagion, "parameters": [0.156, 0.195], "claims": list(behind.claims["contagion"])}


def priors(study: Study) -> dict[str, Any]:
    """Return the entries of a manifest that keep the priors, of which only that of contagion is looked at."""
    kept = [] if study.behind.contagion is None else [contagion(study)]
    return {"priors": kept, "prior_sets": dict.fromkeys(study.claims.prior_sets, kept)}


def publish(
    archive: Archive,
    *,
    study: Study = SYRIA,
    seed: int = 1,
    named: bool = False,
    files: dict[str, bytes] | None = None,
    promote: bool = True,
    **fields: Any,
) -> str:
    """Publish a synthetic version, make it current unless told not to, and return its name.

    A named one carries draws of every prior set.
    """
    manifest = synthetic_manifest(study) | {"checks": CHECKS, "claims": CLAIMS} | priors(study) | fields
    manifest.pop("version")
    manifest = {name: value for name, value in manifest.items() if value is not None}
    manifest |= {"named_priors": list(study.claims.prior_sets)} if named else {}
    table = packed(synthetic_arrays(study, seed=seed) | (named_arrays(study, seed=seed) if named else {}))
    with archive.draft() as draft:
        for name, content in ({"risk_table.npz": table} | dict(study.files) | (files or {})).items():
            (draft.path / name).write_bytes(content)
        version = draft.publish(manifest)
    if promote:
        archive.promote(version)
    return version
