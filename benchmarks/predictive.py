"""What a user of PyMC would do for the risk of a profile: `sample_posterior_predictive` on the draws of the posterior.

PyMC is favoured: it finds log hazards of all cells among the draws, and has only to look up, exponentiate and draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from numpy.typing import NDArray

from priors.vocabulary import Vocabulary


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
        posterior = tree["posterior"].to_dataset()
        moving = {f"{name}_over_time": axis for axis, name in enumerate(vocabulary.names)}
        moving = {name: axis for name, axis in moving.items() if name in posterior}
        self._draws = posterior[["log_relative_hazard", "baseline", *moving]]
        months = vocabulary.timeline.months(vocabulary.timeline.window)
        with pm.Model() as self._model:
            cell = pm.Data("cell", np.zeros(1, dtype=np.int64))
            found = {
                name: pm.Flat(name, shape=tuple(values.sizes[dim] for dim in values.dims[2:]))
                for name, values in self._draws.data_vars.items()
            }
            level = np.stack(np.unravel_index(np.arange(len(vocabulary.cells)), vocabulary.shape))
            log_hazard = found["log_relative_hazard"].flatten()[cell][:, None] + found["baseline"]
            for name, axis in moving.items():
                log_hazard = log_hazard + found[name][pt.as_tensor(level[axis])[cell]]
            risk = pm.Deterministic("risk", -pm.math.expm1(-pm.math.exp(log_hazard) @ months))
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
