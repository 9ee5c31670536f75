"""Whether the rest of the evidence foresees each row, and each list of defectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from model.evidence.rows import RowGroup
from model.fit.draws import flattened
from model.reweighting import Weights

ALARM: Final = 0.05
"""What a check may come to by chance, of all that it looks at taken together."""

SEED: Final = 20120803
"""Of the replicates of lists, so that the same fit gives the same probabilities."""

MEASURED: Final = (
    "How often these checks flag what is as it should be, and what is not, is measured on simulated fits: "
    "docs/validation.md of the project has the figures."
)
"""What a reader is told of the checks' false alarms and power."""

SMALLEST_SHARE: Final = 1e-12

Array = NDArray[np.float64]


def foreseen_rows(by_row: xr.Dataset, terms: Sequence[str], without: Weights) -> dict[str, dict[str, Any]]:
    """Return, by id, how probable each row that stands alone is to a fit without it, and how far to trust that.

    Parameters
    ----------
    by_row : xarray.Dataset
        With `at_least` and `at_most` (chain, draw, counted).
    terms : sequence of str
        Of the evidence.
    without : Weights
        Of the draws with each term left out.
    """
    if "counted" not in by_row.coords:
        return {}
    ids = by_row["counted"].to_numpy().tolist()
    own = [list(terms).index(row) for row in ids]
    by_draw = by_row[["at_least", "at_most"]].transpose("chain", "draw", "counted")
    p = two_sided(flattened(by_draw["at_least"]), flattened(by_draw["at_most"]), without.weights[own])
    beyond = flagged(p.tolist())
    return {
        row: {"p": float(value), "pareto_k": float(without.pareto_k[at]), "flagged": each}
        for row, at, value, each in zip(ids, own, p, beyond, strict=True)
    }


def foreseen_lists(
    by_row: xr.Dataset, posterior: xr.Dataset, lists: Sequence[RowGroup], without: Weights,
    terms: Sequence[str],
) -> list[dict[str, Any]]:  # fmt: skip
    """Return how probable the division of each list among its places is to a fit without it.

    Parameters
    ----------
    by_row : xarray.Dataset
        With `listed_share` (chain, draw, listed).
    posterior : xarray.Dataset
        With `list_concentration` (chain, draw, list).
    lists : sequence of RowGroup
    """
    entries: list[dict[str, Any]] = []
    generator = np.random.default_rng(SEED)
    for group in lists:
        name, counts = group.ids, middle_counts(group)
        at = list(terms).index(name)
        share = flattened(by_row["listed_share"].sel(listed=places(group)).transpose("chain", "draw", "listed"))
        of_list = flattened(posterior["list_concentration"].sel(list=name))
        p = division(share, of_list, counts, without.weights[at], generator)
        entries.append({
            "list": name,
            "rows": [row.id for row in group.rows],
            "p": p,
            "pareto_k": float(without.pareto_k[at]),
        })  # fmt: skip
    beyond = flagged([entry["p"] for entry in entries])
    return [entry | {"flagged": each} for entry, each in zip(entries, beyond, strict=True)]


def two_sided(at_least: Array, at_most: Array, weights: Array) -> Array:
    """Return the two-sided predictive probability of each row, shape (row,).

    Parameters
    ----------
    at_least, at_most : ndarray, shape (draw, row)
        Probability, given a draw, that a new report would be at least the lower bound, and at most the upper one.
    weights : ndarray, shape (row, draw)
        Of the draws, with the row left out.
    """
    tails = np.minimum((weights.T * at_least).sum(axis=0), (weights.T * at_most).sum(axis=0))
    return np.asarray(np.minimum(1.0, 2 * tails))


def division(
    share: Array, concentration: Array, counts: Array, weights: Array, generator: np.random.Generator
) -> float:
    """Return how often a replicate of a list is at least as far from what is expected as the list itself.

    Parameters
    ----------
    share : ndarray, shape (draw, place)
        Expected of each place.
    concentration : ndarray, shape (draw,)
    counts : ndarray, shape (place,)
        Reported.
    weights : ndarray, shape (draw,)
        With the list left out.

    Notes
    -----
    A posterior predictive comparison of Pearson's discrepancy in the same draw (Gelman, Meng & Stern 1996), the
    replicate Dirichlet-multinomial.
    """
    share = np.maximum(share.astype(float), SMALLEST_SHARE)
    share /= share.sum(axis=1, keepdims=True)
    gamma = np.maximum(generator.standard_gamma(concentration[:, None] * share), np.finfo(float).tiny)
    replicate = generator.multinomial(round(counts.sum()), gamma / gamma.sum(axis=1, keepdims=True))
    return min(float(weights @ (_discrepancy(replicate, share) >= _discrepancy(counts, share))), 1.0)


def flagged(p: Sequence[float | None]) -> list[bool]:
    """Return which of several probabilities are less than chance allows the least of them (Bonferroni)."""
    tested = sum(each is not None for each in p)
    return [each is not None and each < ALARM / tested for each in p]


def middle_counts(group: RowGroup) -> Array:
    """Return the counts of the places of a list in the middle of their bounds, that of the remainder last."""
    counts = [(row.count_low + row.count_high) / 2 for row in group.rows]
    rest = [max(sum(group.total) / 2 - sum(counts), 0.0)] if group.has_remainder else []
    return np.array(counts + rest)


def places(group: RowGroup) -> list[str]:
    """Return what the places of a list are called along the dimension of all lists."""
    ids = [row.id for row in group.rows]
    return ids + [f"the rest of {'+'.join(ids)}"] * group.has_remainder


def _discrepancy(counts: Array | NDArray[np.int64], share: Array) -> Array:
    """Return Pearson's discrepancy of counts from expected shares, shape (draw,)."""
    expected = counts.sum(axis=-1, keepdims=True) * share
    return np.asarray(((counts - expected) ** 2 / expected).sum(axis=1))
