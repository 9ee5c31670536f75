"""What a user of PyMC would do for the risk of a profile: `sample_posterior_predictive` on the draws of the posterior.

PyMC is favoured: it finds log hazards of all cells among the draws, and has only to look up, exponentiate and draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pymc as pm
from numpy.typing import NDArray

from priors.vocabulary import Vocabulary

FOUND = ("log_relative_hazard", "baseline")


class Predictive:
    """A PyMC model of who defects, over the draws of a version.

    Parameters
    ----------
    tree : xarray.DataTree
        A version's `posterior.nc`.
    vocabulary : Vocabulary
        Its words, and the study whose whole window is asked for.
    """

    def __init__(self, tree: Any, vocabulary: Vocabulary) -> None:
        self._draws = tree["posterior"].to_dataset()[list(FOUND)]
        months = vocabulary.timeline.months(vocabulary.timeline.window)
        with pm.Model() as self._model:
            cell = pm.Data("cell", np.zeros(1, dtype=np.int64))
            relative, baseline = (
                pm.Flat(name, shape=tuple(self._draws.sizes[dim] for dim in self._draws[name].dims[2:]))
                for name in FOUND
            )
            cumulative = pm.math.exp(relative.flatten()[cell]) * pm.math.sum(pm.math.exp(baseline) * months)
            risk = pm.Deterministic("risk", -pm.math.expm1(-cumulative))
            pm.Bernoulli("defected", risk)

    def risk(self, cells: Sequence[int]) -> NDArray[np.float64]:
        """Return the risk of cells, shape (draw, cell), from a call that also draws who defects."""
        with self._model:
            pm.set_data({"cell": np.asarray(cells, dtype=np.int64)})
            found = pm.sample_posterior_predictive(
                self._draws, var_names=["risk", "defected"], progressbar=False, random_seed=1
            )
        risk = found["posterior_predictive"]["risk"].to_numpy()
        return np.asarray(risk.reshape(-1, len(cells)))
