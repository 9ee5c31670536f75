"""Who serves: how many men of each cell are expected, and the intervals and tables that this is built from."""

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
    """How many are expected to serve when the study begins, in all and by class: middles of the stated intervals."""

    all: int
    by_class: Mapping[str, int]


@dataclass(frozen=True)
class Table:
    """How those who serve divide over the levels of an attribute.

    Attributes
    ----------
    attribute : str
    strength : float
        How sure it is: as if so many men of each level had been counted. The log of a share's odds has a standard
        deviation of one over its root.
    shares : ndarray, shape (row, level)
        Expected shares; zero where a row gives a level none.
    row : ndarray of int, shape (cell,)
        The row that fits each cell.
    """

    attribute: str
    strength: float
    shares: NDArray[np.float64]
    row: NDArray[np.int64]


@dataclass(frozen=True)
class Corps:
    """The composition of the armed forces.

    Attributes
    ----------
    classes : tuple of str
        The names of the classes of service.
    heads : ndarray, shape (class, 2)
        The 90 % interval of how many men each class has.
    class_of : ndarray of int, shape (cell,)
        The class of each cell.
    community_shares : ndarray, shape (class, community)
        Expected share of each community within each class; rows sum to one.
    rest_concentration : float
        Dirichlet concentration, in all, of how the communities that no claim speaks of split what is left of a class.
    tables : tuple of Table
        One for each attribute but the first, in their order.
    of : mapping of str to mapping
        By class, the words by attribute for those who are of it; none for a class of all.
    """

    classes: tuple[str, ...]
    heads: NDArray[np.float64]
    class_of: NDArray[np.int64]
    community_shares: NDArray[np.float64]
    rest_concentration: float
    tables: tuple[Table, ...]
    of: Mapping[str, Mapping[str, list[str]]] = field(default_factory=dict)

    @classmethod
    def from_data(cls, data: Mapping[str, Any], vocabulary: Vocabulary) -> Corps:
        """Return who serves, as `corps.yaml` states it."""
        classes, communities = data["classes"], data["communities"]
        of_class = class_cells(classes, vocabulary)
        by_class = [[communities["by_class"][name][level] for level in vocabulary.community.names] for name in classes]
        return cls(
            classes=tuple(classes),
            heads=np.array([entry["heads"]["interval"] for entry in classes.values()], dtype=float),
            class_of=np.argmax([of_class[name] for name in classes], axis=0),
            community_shares=np.array(by_class),
            rest_concentration=communities["rest_concentration"],
            tables=tuple(
                _table(attribute.name, data["tables"][attribute.name], of_class, vocabulary)
                for attribute in vocabulary.attributes[1:]
            ),
            of={name: vocabulary.alternatives(entry["of"]) for name, entry in classes.items()},
        )

    @property
    def middle(self) -> NDArray[np.float64]:
        """The geometric middle of the interval of each class, shape (class,)."""
        return np.asarray(np.sqrt(self.heads.prod(axis=1)))

    @property
    def expected(self) -> Heads:
        """How many are expected to serve, in whole men."""
        by_class = {name: round(count) for name, count in zip(self.classes, self.middle.tolist(), strict=True)}
        return Heads(sum(by_class.values()), by_class)

    def cell_heads(self, community_shares: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Return the men of each cell at the middle of the intervals and by the expected tables.

        Parameters
        ----------
        community_shares : ndarray, shape (..., class, community), optional
            Shares of the communities within each class; the expected ones where it is left out.

        Returns
        -------
        ndarray, shape (..., cell)
        """
        shares = self.community_shares if community_shares is None else community_shares
        shape = (shares.shape[-1], *(table.shares.shape[1] for table in self.tables))
        community, *levels = np.unravel_index(np.arange(len(self.class_of)), shape)
        heads = self.middle[self.class_of] * shares[..., self.class_of, community]
        for table, level in zip(self.tables, levels, strict=True):
            heads = heads * table.shares[table.row, level]
        return np.asarray(heads)


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


def _table(attribute: str, table: Mapping[str, Any], of_class: Mapping[str, Cells], vocabulary: Vocabulary) -> Table:
    levels = vocabulary[attribute].names
    by_row = [row_shares(table, row) for row in table["rows"]]
    shares = np.array([[row.get(level, 0.0) for level in levels] for row in by_row])
    return Table(attribute, table["strength"], shares, fitting_rows(table, of_class, vocabulary))
