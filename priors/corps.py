"""Who serves: the expected share of every cell, and the tables it is built from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import yaml
from numpy.typing import NDArray

from priors.errors import DataFileError
from priors.vocabulary import FOLDER, Vocabulary

CLASSES = ("officers", "enlisted")
ROUNDING = 1e-9
SHARE_ROUNDING: Final = 0.005
"""Shares of classes are written to two digits."""

LARGEST_ARMY: Final = 1_000_000
"""Men whom evidence, a list of officers or a force may count, at most: three times those whom `corps.yaml` counts as
the study begins, so that reserves and all who were called up later are within."""


@dataclass(frozen=True)
class Heads:
    """How many served when the study begins: in all, and officers."""

    corps: int
    officers: int


@dataclass(frozen=True)
class Corps:
    """The composition of the armed forces, with the sect shares of each class left open.

    Attributes
    ----------
    sect_shares : ndarray, shape (class, sect)
        Expected share of each sect within officers and within the enlisted; rows sum to one.
    within_sect : ndarray, shape (class, cell)
        Share of all the armed forces in a cell, divided by the share of the cell's sect in its class; zero where the
        cell's rank is not of the class.
    rest_concentration : float
        Dirichlet concentration, in all, of how the sects that no claim speaks of split what is left of a class.
    """

    sect_shares: NDArray[np.float64]
    within_sect: NDArray[np.float64]
    rest_concentration: float

    def cell_shares(self, sect_shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the share of each cell in the armed forces.

        Parameters
        ----------
        sect_shares : ndarray, shape (..., class, sect)
            Shares of the sects within each class.

        Returns
        -------
        ndarray, shape (..., cell)
            Shares; they sum to one over cells.
        """
        cells_of_sect = self.within_sect.shape[1] // sect_shares.shape[-1]
        spread = np.repeat(sect_shares, cells_of_sect, axis=-1)
        shares: NDArray[np.float64] = np.einsum("...kc,kc->...c", spread, self.within_sect)
        return shares


def load_corps(vocabulary: Vocabulary, folder: Path = FOLDER) -> Corps:
    """Read who serves from `corps.yaml` of a regime's folder.

    Raises
    ------
    DataFileError
        If a table does not sum to one, or leaves a cell empty.
    """
    try:
        data = _read(folder)
        _check_tables(data)
        return _corps(data, vocabulary)
    except (KeyError, TypeError, ValueError, StopIteration, yaml.YAMLError) as error:
        raise DataFileError(f"corps.yaml: a table or a level is missing or misshapen: {error}") from error


def load_heads(folder: Path = FOLDER) -> Heads:
    """Read how many serve from `corps.yaml` of a regime's folder.

    Raises
    ------
    DataFileError
        If they are no whole numbers, more than any army's, or at odds with the shares of the classes.
    """
    try:
        data = _read(folder)
        counts, share = [data["heads"][name] for name in ("corps", "officers")], data["classes"]["officers"]
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
    sects = vocabulary["sect"].names
    sect_shares = np.array([[data["sects"][name][sect] for sect in sects] for name in CLASSES])
    within = np.zeros((len(CLASSES), len(vocabulary.cells)))
    for index, (sect, rank, eliteness, proximity) in enumerate(vocabulary.cells):
        class_index = 0 if rank in vocabulary["rank"].groups["officers"] else 1
        name, column = CLASSES[class_index], "alawite" if sect == "alawite" else "others"
        within[class_index, index] = (
            data["classes"][name]
            * data["ranks"][name][column][rank]
            * data["eliteness"][name][column][eliteness]
            * _proximity(data["proximity"], eliteness, column, rank)[vocabulary["proximity"].names.index(proximity)]
        )
    return Corps(sect_shares, within, float(data["sects"]["rest_concentration"]))


def _check_tables(data: Mapping[str, Any]) -> None:
    """Raise DataFileError unless every table sums to one and leaves no cell empty."""
    tables = {"classes": [data["classes"][name] for name in CLASSES]}
    for name in CLASSES:
        tables[f"sects of {name}"] = list(data["sects"][name].values())
        for column in ("alawite", "others"):
            tables[f"ranks of {name}, {column}"] = list(data["ranks"][name][column].values())
            tables[f"eliteness of {name}, {column}"] = list(data["eliteness"][name][column].values())
    for units in ("ordinary and favoured", "elite"):
        for column in ("alawite", "others"):
            for group in data["proximity"]["groups"]:
                tables[f"proximity in {units}, {column}, {group}"] = data["proximity"][units][column][group]
    for name, shares in tables.items():
        if abs(sum(shares) - 1) > ROUNDING or min(shares) <= 0:
            raise DataFileError(f"corps.yaml: {name}: shares must be positive and sum to one, not {sum(shares):g}")


def _proximity(data: Mapping[str, Any], eliteness: str, column: str, rank: str) -> list[float]:
    group = next(name for name, ranks in data["groups"].items() if rank in ranks)
    row: list[float] = data["elite" if eliteness == "elite" else "ordinary and favoured"][column][group]
    return row
