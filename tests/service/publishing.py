"""Publishing small synthetic versions for the service to serve."""

from __future__ import annotations

from typing import Any

from model.archive import Archive
from priors.prior_sets import PRIOR_SETS
from priors.vocabulary import load_vocabulary
from tests.support.risk_tables import named_arrays, packed, synthetic_arrays, synthetic_manifest

CHECKS = [{"name": "rhat", "value": 1.002, "limit": 1.01, "passed": True}]
CONTAGION = {"quantity": "contagion_ratio", "parameters": [0.156, 0.195], "claims": ["K14", "S03", "S04"]}
PRIORS = {"priors": [CONTAGION], "prior_sets": {name: [CONTAGION] for name in ("al-kattan", "stratfor", "pooled")}}
CLAIMS = [{"id": "K06", "quote": "a claim", "probability": {"prior": 0.6, "posterior": 0.7}}]


def publish(
    archive: Archive,
    *,
    seed: int = 1,
    named: bool = False,
    files: dict[str, bytes] | None = None,
    promote: bool = True,
    **fields: Any,
) -> str:
    """Publish a synthetic version, make it current unless told not to, and return its name.

    A named one carries draws of every prior set.
    """
    vocabulary = load_vocabulary()
    manifest = synthetic_manifest(vocabulary) | {"checks": CHECKS, "claims": CLAIMS} | PRIORS | fields
    manifest.pop("version")
    manifest = {name: value for name, value in manifest.items() if value is not None}
    manifest |= {"named_priors": list(PRIOR_SETS)} if named else {}
    table = packed(synthetic_arrays(vocabulary, seed=seed) | (named_arrays(vocabulary, seed=seed) if named else {}))
    with archive.draft() as draft:
        for name, content in ({"risk_table.npz": table} | (files or {})).items():
            (draft.path / name).write_bytes(content)
        version = draft.publish(manifest)
    if promote:
        archive.promote(version)
    return version
