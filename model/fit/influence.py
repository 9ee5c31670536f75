"""What verdicts hang on: how far each claim moves when a row is left out, or a compiler's bound is moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.special import expit, logit

from model.evidence.points import log_interval
from model.evidence.rows import COMPILER, EvidenceRow
from model.fit.draws import flattened
from model.fit.verdicts import Share, judged
from model.reweighting import Weights, joined, moved

FACTORS: Final = (1 / 3, 3.0, 10.0)
"""What a compiler's upper bound is multiplied by, to see what would follow."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Change:
    """Something of the evidence that might have been otherwise.

    Attributes
    ----------
    term : str
        Of the evidence: the id of a row, or those of a list.
    factor : float or None
        What its upper bound is multiplied by; None where the term is left out.
    bound : float or None
        The upper bound that this makes, in men or as a share.
    """

    term: str
    factor: float | None = None
    bound: float | None = None

    def __str__(self) -> str:
        """Return it as a report names it."""
        return self.term if self.bound is None else f"{self.term}'s bound at {bound_in_words(self.bound)}"


@dataclass(frozen=True, eq=False)
class Changes:
    """Changes of the evidence, and the weights of the draws under each."""

    cases: tuple[Change, ...]
    weights: Weights


def bound_in_words(bound: float) -> str:
    """Return a bound to two digits: men, or a share.

    Examples
    --------
    >>> bound_in_words(100 / 3), bound_in_words(1000), bound_in_words(0.3)
    ('33', '1,000', '30 %')
    """
    return f"{float(f'{100 * bound:.2g}'):g} %" if bound < 1 else f"{float(f'{bound:.2g}'):,.15g}"


def changes(terms: Sequence[str], without: Weights, bounds: Changes) -> Changes:
    """Return every change that claims are tried on: each term left out, and each compiler's bound moved."""
    return Changes((*map(Change, terms), *bounds.cases), joined(without, bounds.weights))


def moved_bounds(by_row: xr.Dataset, rows: Sequence[EvidenceRow], *, count: int) -> Changes:
    """Return what moving the upper bound of each row that its compiler bounded would do to the draws.

    Parameters
    ----------
    by_row : xarray.Dataset
        With `location` (chain, draw, bounded), and `lower`, `upper` and `softness` (bounded): on the log of a number of
        men, or the logit of a share.
    count : int
        Of all draws.

    Notes
    -----
    A bound that would fall to the lower one, or beyond all men, is left out.
    """
    bounded = set(by_row["bounded"].to_numpy().tolist()) if "bounded" in by_row.coords else set()
    cases, ratios = [], []
    for row in rows:
        if row.bound_by != COMPILER or row.id not in bounded:
            continue
        own = by_row[["location", "lower", "upper", "softness"]].sel(bounded=row.id)
        location = flattened(own["location"].transpose("chain", "draw")).astype(float)
        lower, upper, softness = (float(own[name]) for name in ("lower", "upper", "softness"))
        stated = log_interval(location, lower, upper, softness)
        for factor in FACTORS:
            other = _times(upper, factor, row)
            if other is not None and other > lower:
                cases.append(Change(row.id, factor, factor * row.count_high / _whole(row)))
                ratios.append(log_interval(location, lower, other, softness) - stated)
    return Changes(tuple(cases), moved(np.array(ratios).reshape(-1, count).T))


def influence(holds: NDArray[np.bool_], before: Share, effective: float, found: Changes) -> dict[str, Any]:
    """Return what a claim's verdict hangs on.

    Parameters
    ----------
    holds : ndarray of bool, shape (draw,)
        Whether the claim's prediction is true of each draw of the posterior.
    before : tuple of float
        Its probability under the prior, and the number of draws behind it.
    effective : float
        How many independent draws its share of those of the posterior is worth.
    found : Changes
        Of the evidence.

    Returns
    -------
    dict
        `largest_move`: by how much its probability changes at most. `without`: the change that moves it furthest and
        all that flip the verdict. `hangs_on`: those of them which the draws can tell.

    Notes
    -----
    A share of weighted draws counts as worth as many, so that a verdict flips where the probability moves, and
    not where the weights leave fewer draws to be sure by.
    """
    posterior = float(holds.mean())
    _, own = judged(before, (posterior, effective))
    entries: list[dict[str, Any]] = []
    for case, weights, k, known in zip(
        found.cases, found.weights.weights, found.weights.pareto_k, found.weights.known, strict=True
    ):
        probability = min(float(weights @ holds), 1.0)
        factor, verdict = judged(before, (probability, effective))
        entries.append({
            "term": str(case), "probability": probability, "bayes_factor": factor, "verdict": verdict,
            "pareto_k": float(k), "known": bool(known),
        })  # fmt: skip
    entries.sort(key=lambda entry: -abs(entry["probability"] - posterior))
    flips = [entry for entry in entries if entry["verdict"] != own]
    return {
        "largest_move": abs(entries[0]["probability"] - posterior) if entries else None,
        "without": [entry for place, entry in enumerate(entries) if place == 0 or entry in flips],
        "hangs_on": [entry["term"] for entry in flips if entry["known"]],
    }


def _whole(row: EvidenceRow) -> float:
    """Return what a row's bound is out of, where the report tells it as a share."""
    return row.total[0] if row.total is not None and not row.counts_shares else 1.0


def _times(upper: float, factor: float, row: EvidenceRow) -> float | None:
    """Return an upper bound multiplied by a factor, on its own scale; None where it would be all men or more."""
    if row.total is None:
        return upper + float(np.log(factor))
    share = factor * float(expit(upper))
    return float(logit(share)) if share < 1 else None
