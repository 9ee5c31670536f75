"""Made-up terms of made-up draws, consistent with the claims and the rows of a study."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.evidence.errors import EvidenceError
from model.evidence.reading import bundled_evidence
from model.evidence.rows import EvidenceRow, RowGroup, group_rows
from model.what_if.terms import fitted_quantities, places, testable_claims
from priors.study import Study

Arrays = dict[str, NDArray[Any]]


def rows_of(study: Study) -> tuple[EvidenceRow, ...]:
    """Return the study's own rows; none where it was rewritten and they are of it no more."""
    try:
        return bundled_evidence(study)
    except EvidenceError:
        return ()


def term_manifest(study: Study) -> dict[str, Any]:
    """Return the entries of a manifest that terms need, with one belief for every claim."""
    beliefs = {
        quantity.name: [2.0, 2.0] if quantity.scale == "share" else [0.0, 1.0] for quantity in study.claims.quantities
    }
    elicited = {
        name: {
            "by_claim": {claim.id: belief for claim in study.claims.claims if name in claim.bears_on},
            "without_claims": belief,
        }
        for name, belief in beliefs.items()
    }
    rows = rows_of(study)
    evidence = {"digest": "made up", "rows": [row.as_dict() for row in rows]}
    lists = [{"list": each.ids, "rows": [row.id for row in each.rows]} for each in group_rows(rows) if each.is_list]
    return {"elicited": elicited, "evidence": evidence, "lists": lists, "without": [], "weights": {}, "refit": []}


def term_arrays(study: Study, *, prefix: str = "", draws: int, seed: int) -> Arrays:
    """Return the arrays of `terms.npz`: quantities as believed, rows about what they count."""
    random, groups = np.random.default_rng(seed), group_rows(rows_of(study))
    quantities = [
        random.beta(2, 2, draws) if quantity.scale == "share" else random.normal(size=draws)
        for quantity in fitted_quantities(study)
    ]
    lists, claims = sum(group.is_list for group in groups), len(testable_claims(study))
    return {
        f"{prefix}quantities": np.reshape(quantities, (-1, draws)).T.copy(),
        f"{prefix}expected": np.concatenate(
            [np.empty((draws, 0)), *(_expected(group, draws, random) for group in groups)], axis=1
        ),
        f"{prefix}concentration": random.lognormal(1, 0.1, (draws, lists)),
        f"{prefix}holds": random.random((draws, claims)) < 0.5,
    }


def _expected(group: RowGroup, draws: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Return what is expected of a row or a list, shape (draw, place)."""
    (first, *_), noise = group.rows, random.lognormal(0, 0.1, (draws, places(group)))
    if group.is_list:
        return noise / noise.sum(axis=1, keepdims=True)
    middle = (first.count_low + first.count_high) / 2
    if first.total is None:
        return (middle + 1) * noise
    share = np.clip(middle / first.total[1], 0.01, 0.99)
    return 1 / (1 + (1 - share) / share * noise)
