"""What the bounds that a compiler set do to the answer: risks and verdicts, were such a bound lower or higher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.evidence.rows import EvidenceRow
from model.fit.influence import Change, Changes
from model.fit.ledger import Held
from model.fit.verdicts import judged
from model.reweighting import weighted_quantiles

Array = NDArray[np.float64]


def compilers_bounds(
    found: Changes, rows: Sequence[EvidenceRow], risks: Mapping[str, Array], claims: Mapping[str, Held]
) -> list[dict[str, Any]]:
    """Return, for each row whose upper bound is its compiler's, what follows from this bound and from others.

    Parameters
    ----------
    found : Changes
        Bounds moved.
    risks : mapping of str to ndarray, shape (draw,)
        By profile, over the study.
    claims : mapping of str to Held
        What the fit says of each testable claim.

    Returns
    -------
    list of dict
        With `row` and `bounds`, the lowest first; each with its `factor` on the bound as it is, the `bound`, `pareto_k`
        (None for the bound as it is), whether its consequences are `known`, the `medians` of the risks and the
        `verdicts` on the claims.
    """
    count = found.weights.weights.shape[1]
    even = np.full(count, 1 / count)
    entries: list[dict[str, Any]] = []
    for row in rows:
        places = [place for place, case in enumerate(found.cases) if case.term == row.id]
        asked: list[dict[str, Any]] = [
            _under(found.cases[at], found.weights.weights[at], risks, claims)
            | {"pareto_k": float(found.weights.pareto_k[at]), "known": bool(found.weights.known[at])}
            for at in places
        ]
        if places:
            own = _under(as_it_is(found.cases[places[0]]), even, risks, claims) | {"pareto_k": None, "known": True}
            entries.append({"row": row.id, "bounds": sorted([*asked, own], key=lambda each: float(each["factor"]))})
    return entries


def as_it_is(case: Change) -> Change:
    """Return the bound that was fitted, given what it was moved to."""
    return Change(case.term, 1.0, (case.bound or 0.0) / (case.factor or 1.0))


def _under(case: Change, weights: Array, risks: Mapping[str, Array], claims: Mapping[str, Held]) -> dict[str, Any]:
    return {
        "factor": case.factor,
        "bound": case.bound,
        "medians": {name: float(weighted_quantiles(risk, weights, [0.5])[0]) for name, risk in risks.items()},
        "verdicts": {
            name: judged(claim.before, (min(float(weights @ claim.holds), 1.0), len(claim.holds)))[1]
            for name, claim in claims.items()
        },
    }
