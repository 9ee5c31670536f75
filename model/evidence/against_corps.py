"""Where a row of evidence and what a study says of who serves cannot both be right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.evidence.rows import CORPS_COMPOSITION, HEADS, EvidenceRow
from priors.corps import Corps
from priors.study import Study

DRAWS: Final = 4_000
SEED: Final = 20110315
TAILS: Final = (0.005, 0.995)
NORMAL_90: Final = 1.6448536269514722


@dataclass(frozen=True)
class Contradiction:
    """A row whose bounds lie outside what the forces allow.

    Attributes
    ----------
    row : EvidenceRow
    column : str
        The bound of the row that is out of reach.
    states : float
        What it states: men, or a share.
    lower, upper : float
        The central 99 % of what the forces have, in the same unit.
    """

    row: EvidenceRow
    column: str
    states: float
    lower: float
    upper: float

    def __str__(self) -> str:
        """Return it as a sentence."""
        has = " to ".join(_number(bound) for bound in (self.lower, self.upper))
        return f"{self.row.id}: {self.column} {_number(self.states)}, where corps.yaml has {has} (99 %)"


def contradictions(rows: Sequence[EvidenceRow], study: Study) -> tuple[Contradiction, ...]:
    """Return where rows and who serves contradict each other.

    A row of heads, or of a composition, contradicts where its bounds and the central 99 % do not meet; a rate where
    it counts, or follows up, more men of a kind than serve.

    Parameters
    ----------
    rows : sequence of EvidenceRow
    study : Study
        Whose `corps.yaml` is meant, before any evidence.
    """
    heads, found = corps_draws(study.corps, np.random.default_rng(SEED)), []
    for row in rows:
        part, whole = (heads[:, mask].sum(axis=1) for mask in _masks(row, study))
        composed = row.kind == CORPS_COMPOSITION
        has = np.quantile(part / whole if composed else whole, TAILS)
        low, high = _stated(row, composed=composed)
        if low > has[1]:
            found.append(Contradiction(row, _column(row, "low", composed=composed), low, *map(float, has)))
        elif high < has[0] and (composed or row.kind == HEADS):
            found.append(Contradiction(row, "count_high", high, *map(float, has)))
    return tuple(found)


def corps_draws(corps: Corps, generator: np.random.Generator) -> NDArray[np.float64]:
    """Return men by cell as `corps.yaml` has them, uncertain as it says, shape (draw, cell).

    The shares of communities are drawn about the expected ones, as firm as `rest_concentration` says.
    """
    low, high = np.log(corps.heads).T
    of_class = np.exp(generator.normal((low + high) / 2, (high - low) / 2 / NORMAL_90, (DRAWS, len(corps.classes))))
    shares = [generator.dirichlet(corps.rest_concentration * each, DRAWS) for each in corps.community_shares]
    shape = (corps.community_shares.shape[1], *(table.shares.shape[1] for table in corps.tables))
    community, *levels = np.unravel_index(np.arange(len(corps.class_of)), shape)
    heads = of_class[:, corps.class_of] * np.stack(shares, axis=1)[:, corps.class_of, community]
    for table, level in zip(corps.tables, levels, strict=True):
        weight = table.shares * np.exp(generator.normal(size=(DRAWS, *table.shares.shape)) / np.sqrt(table.strength))
        heads *= (weight / weight.sum(axis=2, keepdims=True))[:, table.row, level]
    return np.asarray(heads)


def _masks(row: EvidenceRow, study: Study) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    return row.attribute_mask(study.vocabulary), row.population_mask(study.vocabulary)


def _stated(row: EvidenceRow, *, composed: bool) -> tuple[float, float]:
    """Return the bounds of what the row states of the forces: a share, the men followed up, or the men counted."""
    if composed and row.total is not None:
        return row.count_low / row.total[1], row.count_high / row.total[0]
    return (row.count_low, row.count_high) if row.total is None else row.total


def _column(row: EvidenceRow, end: str, *, composed: bool) -> str:
    return f"{'count' if composed or row.total is None else 'total'}_{end}"


def _number(value: float) -> str:
    return f"{value:.2g}" if value < 1 else f"{value:,.0f}"
