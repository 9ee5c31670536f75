"""Who serves: the expected share of every cell, and the tables it is built from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from priors.errors import DataFileError
from priors.vocabulary import FOLDER, Vocabulary

CLASSES = ("officers", "enlisted")


@dataclass(frozen=True)
class Corps:
    """The composition of the armed forces, with the sect shares of each class left open.

    Attributes
    ----------
    sect_shares : ndarray, shape (class, sect)
        Expected share of each sect within officers and within the enlisted; rows sum to one.
    within_sect : ndarray, shape (class, cell)
        Share of the whole corps in a cell, divided by the share of the cell's sect in its class; zero where the
        cell's rank is not of the class.
    rest_concentration : float
        Dirichlet concentration, in all, of how the sects that no claim speaks of split what is left of a class.
    """

    sect_shares: NDArray[np.float64]
    within_sect: NDArray[np.float64]
    rest_concentration: float

    def cell_shares(self, sect_shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the share of each cell in the corps.

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
    """Read `corps.yaml` of a regime's folder.

    Raises
    ------
    DataFileError
        If a table does not sum to one, or leaves a cell empty.
    """
    data = yaml.safe_load((folder / "corps.yaml").read_text(encoding="utf-8"))
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
    corps = Corps(sect_shares, within, float(data["sects"]["rest_concentration"]))
    shares = corps.cell_shares(sect_shares)
    if not np.allclose(sect_shares.sum(axis=1), 1) or not np.isclose(shares.sum(), 1) or (shares <= 0).any():
        raise DataFileError("corps.yaml: every table must sum to one and leave no cell empty")
    return corps


def _proximity(data: Mapping[str, Any], eliteness: str, column: str, rank: str) -> list[float]:
    group = next(name for name, ranks in data["groups"].items() if rank in ranks)
    row: list[float] = data["elite" if eliteness == "elite" else "ordinary and favoured"][column][group]
    return row
