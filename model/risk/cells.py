"""Every cell at once: its share of the armed forces and its risk, to be drawn as a map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.risk.summaries import rounded
from model.risk.table import RiskTable
from priors.timeline import Window

PROBABILITY: Final = 0.9
CELLS_AT_ONCE: Final = 96


@dataclass(frozen=True, eq=False)
class Cells:
    """What is said of every cell, in the order in which the last attribute changes fastest.

    Attributes
    ----------
    corps_share, median, lower, upper : ndarray, shape (cell,)
        The mean over draws of the share of a cell in the armed forces; the median of its risk, and the ends of the
        equal-tailed interval of `PROBABILITY`.
    """

    corps_share: NDArray[np.float64]
    median: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]

    def as_dict(self) -> dict[str, Any]:
        """Return the "cells" of an answer."""
        columns = {"corps_share": self.corps_share, "median": self.median, "lower": self.lower, "upper": self.upper}
        rows = {name: [rounded(float(value)) for value in column] for name, column in columns.items()}
        return rows | {"probability": PROBABILITY}


def cells(table: RiskTable, *, window: Window) -> Cells:
    """Return the risk of every cell in a window, under the posterior; the numbers are those of an assessment of it.

    Raises
    ------
    WindowError
        If the window is empty or not inside the study.
    """
    window = table.vocabulary.timeline.checked(window.start, window.end)
    # Beside the risks of profiles, draw by draw, than each of which it is smaller.
    return table.risks.get(("cells", window), lambda: _cells(table, window))


def _cells(table: RiskTable, window: Window) -> Cells:
    posterior, every = table.posterior, np.arange(len(table.vocabulary.cells))
    exposure, tails = posterior.exposure(window), (0.5, (1 - PROBABILITY) / 2, (1 + PROBABILITY) / 2)

    def quantiles(some: NDArray[np.intp]) -> NDArray[np.float64]:
        ratios = np.exp(posterior.log_relative_hazard.T[some].astype(np.float64))
        return np.asarray(np.quantile(-np.expm1(-ratios * posterior.at_cells(exposure, some)), tails, axis=1))

    parts = [quantiles(every[start : start + CELLS_AT_ONCE]) for start in range(0, len(every), CELLS_AT_ONCE)]
    shares = np.zeros(table.vocabulary.shape)
    for part in posterior.parts():
        shares += posterior.shares(posterior.selection({}), part).sum(axis=-1)
    return Cells(shares.ravel() / posterior.count, *np.concatenate(parts, axis=1))
