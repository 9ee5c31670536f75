"""Who serves: the expected share of every cell, and the tables it is built from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import yaml
from numpy.typing import NDArray

from priors.errors import DataFileError, UnknownWordError
from priors.vocabulary import FOLDER, Attribute, Vocabulary

Cells = NDArray[np.bool_]
"""Which cells, shape (cell,)."""

ROUNDING = 1e-9
SHARE_ROUNDING: Final = 0.005
"""Shares of classes are written to two digits."""

LARGEST_ARMY: Final = 1_000_000
"""Men whom evidence, a list of officers or a force may count, at most."""


@dataclass(frozen=True)
class Heads:
    """How many served when the study begins: in all, and officers."""

    corps: int
    officers: int


@dataclass(frozen=True)
class Corps:
    """The composition of the armed forces, with the shares of the communities in each class left open.

    Attributes
    ----------
    classes : tuple of str
        The classes of service, such as officers and the enlisted.
    community_shares : ndarray, shape (class, community)
        Expected share of each community within each class; rows sum to one.
    within_community : ndarray, shape (class, cell)
        Share of all the armed forces in a cell, divided by the share of the cell's community in its class; zero where
        the cell is not of the class.
    rest_concentration : float
        Dirichlet concentration, in all, of how the communities that no claim speaks of split what is left of a class.
    """

    classes: tuple[str, ...]
    community_shares: NDArray[np.float64]
    within_community: NDArray[np.float64]
    rest_concentration: float

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


def load_corps(vocabulary: Vocabulary, folder: Path = FOLDER) -> Corps:
    """Read who serves from `corps.yaml` of a regime's folder.

    Raises
    ------
    DataFileError
        If a table does not sum to one, or leaves a cell empty.
    """
    try:
        return _corps(_read(folder), vocabulary)
    except (KeyError, TypeError, ValueError, AttributeError, yaml.YAMLError) as error:
        raise DataFileError(f"corps.yaml: a table or a level is missing or misshapen: {error}") from error
    except UnknownWordError as error:
        raise DataFileError(f"corps.yaml: {error}; nearest: {', '.join(error.nearest)}") from error


def load_heads(folder: Path = FOLDER) -> Heads:
    """Read how many serve from `corps.yaml` of a regime's folder.

    Raises
    ------
    DataFileError
        If they are no whole numbers, more than any army's, or at odds with the shares of the classes.
    """
    try:
        data = _read(folder)
        counts, share = [data["heads"][name] for name in ("corps", "officers")], data["classes"]["officers"]["share"]
        if not all(isinstance(count, int) for count in counts):
            raise DataFileError("corps.yaml: heads: must be whole numbers")
        heads = Heads(*counts)
        if not 0 < heads.officers < heads.corps <= LARGEST_ARMY:
            raise DataFileError(f"corps.yaml: heads: must be fewer officers than men, and at most {LARGEST_ARMY:,} men")
        if abs(heads.officers / heads.corps - share) > SHARE_ROUNDING:
            raise DataFileError(f"corps.yaml: heads: officers must be the share {share:g} of the forces, as in classes")
    except (KeyError, TypeError, yaml.YAMLError) as error:
        raise DataFileError(f"corps.yaml: heads: an entry is missing or misshapen: {error}") from error
    return heads


def _read(folder: Path) -> Any:
    return yaml.safe_load((folder / "corps.yaml").read_text(encoding="utf-8"))


def _corps(data: Mapping[str, Any], vocabulary: Vocabulary) -> Corps:
    entries = {name: entry for name, entry in data["classes"].items() if name != "source"}
    _check_shares("classes", {name: entry["share"] for name, entry in entries.items()})
    of_class = {name: _described(entry.get("of", {}), vocabulary) for name, entry in entries.items()}
    if not (sum(np.array(list(of_class.values())).astype(int)) == 1).all():
        raise DataFileError("corps.yaml: classes: every profile must be of exactly one class")
    communities = [_community_shares(name, data["communities"], vocabulary.community) for name in entries]
    within = np.array([entry["share"] * of_class[name] for name, entry in entries.items()], dtype=float)
    for axis, attribute in enumerate(vocabulary.attributes[1:], start=1):
        levels = np.array([cell[axis] for cell in vocabulary.cells])
        within *= _conditional_shares(attribute.name, data["tables"][attribute.name], levels, of_class, vocabulary)
    return Corps(tuple(entries), np.array(communities), within, float(data["communities"]["rest_concentration"]))


def _community_shares(service_class: str, table: Mapping[str, Any], community: Attribute) -> list[float]:
    shares = table[service_class]
    _check_shares(f"communities: {service_class}", shares)
    return [shares[level] for level in community.names]


def _conditional_shares(
    name: str, table: Mapping[str, Any], levels: NDArray[np.str_], of_class: Mapping[str, Cells], vocabulary: Vocabulary
) -> NDArray[np.float64]:
    """Return the share that the level of each cell has among those whom its row of a table describes, shape (cell,)."""
    found, fitted = np.zeros(len(levels)), np.zeros(len(levels), dtype=bool)
    for place, row in enumerate(table["rows"], start=1):
        where = dict(row.get("where", {}))
        own = of_class[where.pop("class")] if "class" in where else np.ones(len(levels), dtype=bool)
        own = own & _described(where, vocabulary) & ~fitted
        fitted |= own
        shares = dict(zip(table["levels"], row["shares"], strict=True)) if "levels" in table else row["shares"]
        _check_shares(f"tables: {name}: row {place}", shares)
        found[own] = [shares.get(level, 0) for level in levels[own]]
    if not found.all():
        cell = ", ".join(vocabulary.cells[int(np.argmin(found))])
        raise DataFileError(f"corps.yaml: tables: {name}: no row gives a share to {cell}")
    return found


def _described(where: Mapping[str, str], vocabulary: Vocabulary) -> Cells:
    """Return which cells the words of some attributes describe, shape (cell,)."""
    if unknown := set(where) - set(vocabulary.names):
        raise DataFileError(f"corps.yaml: no attribute {', '.join(sorted(unknown))}")
    return vocabulary.agreeing(vocabulary.alternatives(where))


def _check_shares(where: str, shares: Mapping[str, float]) -> None:
    """Raise DataFileError unless shares are positive and sum to one."""
    if abs(sum(shares.values()) - 1) > ROUNDING or min(shares.values()) <= 0:
        raise DataFileError(
            f"corps.yaml: {where}: shares must be positive and sum to one, not {sum(shares.values()):g}"
        )
