"""Who serves: the expected share of every cell, and the tables it is built from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from priors.vocabulary import Vocabulary

Cells = NDArray[np.bool_]
"""Which cells, shape (cell,)."""

LARGEST_ARMY: Final = 1_000_000
"""Men whom evidence, a list of officers or a force may count, at most."""


@dataclass(frozen=True)
class Heads:
    """How many served when the study begins: in all, and of those classes of which it is stated."""

    all: int
    by_class: Mapping[str, int]


@dataclass(frozen=True)
class Corps:
    """The composition of the armed forces, with the shares of the communities in each class left open.

    Attributes
    ----------
    classes : tuple of str
        The names of the classes of service.
    community_shares : ndarray, shape (class, community)
        Expected share of each community within each class; rows sum to one.
    within_community : ndarray, shape (class, cell)
        Share of all the armed forces in a cell, divided by the share of the cell's community in its class; zero where
        the cell is not of the class.
    rest_concentration : float
        Dirichlet concentration, in all, of how the communities that no claim speaks of split what is left of a class.
    of : mapping of str to mapping
        By class, the words by attribute for those who are of it; none for a class of all.
    """

    classes: tuple[str, ...]
    community_shares: NDArray[np.float64]
    within_community: NDArray[np.float64]
    rest_concentration: float
    of: Mapping[str, Mapping[str, list[str]]] = field(default_factory=dict)

    @classmethod
    def from_data(cls, data: Mapping[str, Any], vocabulary: Vocabulary) -> Corps:
        """Return who serves, as `corps.yaml` states it."""
        classes, communities = data["classes"], data["communities"]
        of_class = class_cells(classes, vocabulary)
        within = np.array([entry["share"] * of_class[name] for name, entry in classes.items()], dtype=float)
        for axis, attribute in enumerate(vocabulary.attributes[1:], start=1):
            table = data["tables"][attribute.name]
            shares = [row_shares(table, row) for row in table["rows"]]
            rows = fitting_rows(table, of_class, vocabulary)
            within *= [shares[row].get(cell[axis], 0.0) for row, cell in zip(rows, vocabulary.cells, strict=True)]
        by_class = [[communities["by_class"][name][level] for level in vocabulary.community.names] for name in classes]
        of = {name: vocabulary.alternatives(entry["of"]) for name, entry in classes.items()}
        return cls(tuple(classes), np.array(by_class), within, communities["rest_concentration"], of)

    def cell_shares(self, community_shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the share of each cell in the armed forces.

        Parameters
        ----------
        community_shares : ndarray, shape (..., class, community)
            Shares of the communities within each class.

        Returns
        -------
        ndarray, shape (..., cell)
            Shares; they sum to one over cells.
        """
        cells_of_each = self.within_community.shape[1] // community_shares.shape[-1]
        spread = np.repeat(community_shares, cells_of_each, axis=-1)
        shares: NDArray[np.float64] = np.einsum("...kc,kc->...c", spread, self.within_community)
        return shares


def class_cells(classes: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Cells]:
    """Return which cells are of each class of service, as `corps.yaml` describes it."""
    return {name: described(entry["of"], vocabulary) for name, entry in classes.items()}


def described(where: Mapping[str, str], vocabulary: Vocabulary) -> Cells:
    """Return which cells the words of some attributes describe, shape (cell,)."""
    return vocabulary.agreeing(vocabulary.alternatives(where))


def fitting_rows(table: Mapping[str, Any], of_class: Mapping[str, Cells], vocabulary: Vocabulary) -> NDArray[np.int64]:
    """Return the place of the first row of a table that describes each cell, or -1 where none does, shape (cell,)."""
    found = np.full(len(vocabulary.cells), -1)
    for place, row in enumerate(table["rows"]):
        where = dict(row["where"])
        own = of_class[where.pop("class")] if "class" in where else np.ones(len(found), dtype=bool)
        found[own & described(where, vocabulary) & (found < 0)] = place
    return found


def row_shares(table: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, float]:
    """Return the shares of a row by level, whichever way it states them."""
    shares = row["shares"]
    return dict(shares) if isinstance(shares, Mapping) else dict(zip(table["levels"], shares, strict=True))
