"""Draws from the model, and all that it makes of them: effects and risks, densities term by term, predictions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr
from numpy.typing import NDArray
from pymc.distributions.shape_utils import change_dist_size
from pymc.model.transform.conditioning import remove_value_transforms
from pymc.pytensorf import reseed_rngs
from pytensor.compile.sharedvalue import SharedVariable
from pytensor.graph.basic import Constant

from model.fit.effects import moving
from model.fit.in_jax import OverDraws, dims_of, over_draws
from model.fit.problem import Problem
from model.risk.draws import Draws as RiskDraws
from priors.vocabulary import Vocabulary

Array = NDArray[Any]

UNCOMPILED = "FAST_COMPILE"
"""The mode of PyTensor for graphs that only draw random numbers: what it spares them takes longer to compile."""


class Expansion:
    """What follows from the free variables, and every density at them, compiled once for one structure.

    PyMC's own functions for these compile for minutes, or work draw by draw: this is the same graph, run by JAX.

    Parameters
    ----------
    problem : Problem
    """

    def __init__(self, problem: Problem) -> None:
        self.model = problem.model

    @cached_property
    def _deterministics(self) -> OverDraws:
        return over_draws(self.model.free_RVs, self.model.deterministics)

    @cached_property
    def _densities(self) -> OverDraws:
        plain = remove_value_transforms(self.model)
        values = [plain.rvs_to_values[plain[each.name]] for each in self.model.free_RVs]
        return over_draws(values, plain.logp([plain[each.name] for each in self.model.basic_RVs], sum=False))

    @cached_property
    def _unconstrained(self) -> OverDraws:
        return over_draws(self.model.free_RVs, [_moved(self.model, each) for each in self.model.free_RVs])

    @cached_property
    def _replicates(self) -> tuple[OverDraws, Any, list[Any]]:
        nodes = self.model.observed_RVs
        parameters = [each for node in nodes for each in node.owner.op.dist_params(node.owner)]
        # Constants, and data such as weights, do not move with the draws.
        parameters = [each for each in parameters if not isinstance(each, Constant | SharedVariable)]
        draw, updates = pm.compile(
            parameters, nodes, random_seed=False, mode=UNCOMPILED, on_unused_input="ignore", return_updates=True
        )
        return over_draws(self.model.free_RVs, parameters), draw, list(updates)

    def deterministics(self, free: xr.Dataset) -> xr.Dataset:
        """Return draws of the free variables, with dimensions chain and draw first, and what follows from them."""
        names = [each.name for each in self.model.deterministics]
        found = free.assign(_unflattened(free, names, self._deterministics(_flat(free, self.model), {}), self.model))
        return found.assign_coords(_coordinates(found, self.model))

    def densities(self, problem: Problem, free: xr.Dataset) -> tuple[xr.Dataset, xr.Dataset]:
        """Return the log density of each free variable under its prior, and of each observed node, term by term."""
        names = [each.name for each in self.model.basic_RVs]
        terms = self._densities(_flat(free, self.model), problem.data)
        found = xr.Dataset(_unflattened(free, names, terms, self.model))
        found = found.assign_coords(_coordinates(found, self.model))
        observed = [each.name for each in self.model.observed_RVs]
        return found.drop_vars(observed), found[observed]

    def unconstrained(self, free: xr.Dataset) -> xr.Dataset:
        """Return the values that a sampler moves: logs of what is positive, log ratios of shares."""
        found = xr.Dataset()
        for each, array in zip(self.model.free_RVs, self._unconstrained(_flat(free, self.model), {}), strict=True):
            dims = (f"{each.name}_{axis}" for axis in range(array.ndim - 1))
            found[each.name] = (("chain", "draw", *dims), array.reshape(*_lead(free), *array.shape[1:]))
        return found

    def predicted(self, problem: Problem, free: xr.Dataset, *, seed: int) -> xr.Dataset:
        """Return a replicate of every observed node for each draw of the free variables.

        JAX works out the parameters of the nodes, and PyTensor draws.
        """
        if not self.model.observed_RVs:
            return xr.Dataset()
        parameters, draw, generators = self._replicates
        reseed_rngs(generators, seed)
        by_draw = parameters(_flat(free, self.model), problem.data)
        replicates = zip(*(draw(*values) for values in zip(*by_draw, strict=True)), strict=True)
        names = [each.name for each in self.model.observed_RVs]
        found = xr.Dataset(_unflattened(free, names, [np.stack(each) for each in replicates], self.model))
        return found.assign_coords(_coordinates(found, self.model))


def prior_draws(problem: Problem, *, draws: int, seed: int) -> xr.Dataset:
    """Return independent draws of the free variables from the prior, as one chain."""
    free = problem.model.free_RVs
    sized = [change_dist_size(each, (draws,), expand=True) for each in free]
    drawn = pm.draw(sized, random_seed=seed, mode=UNCOMPILED)
    return xr.Dataset({
        each.name: (("chain", "draw", *dims_of(problem.model, each.name)), array[None])
        for each, array in zip(free, drawn, strict=True)
    })  # fmt: skip


def risk_draws(draws: xr.Dataset, problem: Problem) -> RiskDraws:
    """Return draws, of a prior or a posterior, in the form that risks are worked out from."""
    return draws_of_cells(draws, problem.vocabulary, moving(problem.prior_set, problem.vocabulary))


def draws_of_cells(draws: xr.Dataset, vocabulary: Vocabulary, moving_names: Sequence[str]) -> RiskDraws:
    """Return draws, as a fit or its tree holds them, in the form that risks are worked out from.

    Parameters
    ----------
    moving_names : sequence of str
        The attributes whose effect moves over time.
    """

    def single(name: str) -> Array:
        return flattened(draws[name]).astype(np.float32)

    relative, heads = (single(name) for name in ("log_relative_hazard", "cell_heads"))
    return RiskDraws(
        log_relative_hazard=relative.reshape(len(relative), -1),
        baseline=flattened(draws["baseline"]),
        over_time={name: single(f"{name}_over_time") for name in moving_names},
        heads=heads.reshape(len(heads), -1),
        vocabulary=vocabulary,
    )


def flattened(draws: xr.DataArray) -> Array:
    """Return draws with those of all chains along one leading dimension."""
    values: Array = draws.to_numpy()
    return values.reshape(-1, *values.shape[2:])


def _moved(model: pm.Model, variable: Any) -> Any:
    """Return a free variable on the scale on which it is sampled."""
    transform = model.rvs_to_transforms[variable]
    return variable if transform is None else transform.forward(variable, *variable.owner.inputs)


def _lead(free: xr.Dataset) -> tuple[int, int]:
    return free.sizes["chain"], free.sizes["draw"]


def _flat(free: xr.Dataset, model: pm.Model) -> list[Array]:
    """Return the draws of the free variables, those of the chains one after the other."""
    return [flattened(free[each.name]) for each in model.free_RVs]


def _unflattened(free: xr.Dataset, names: Sequence[str], arrays: Sequence[Array], model: pm.Model) -> dict[str, Any]:
    """Return arrays by name, with chain and draw apart, and as many dimensions of the variable as they have."""
    found = {}
    for name, array in zip(names, arrays, strict=True):
        dims = ("chain", "draw", *dims_of(model, name)[: array.ndim - 1])
        found[name] = (dims, array.reshape(*_lead(free), *array.shape[1:]))
    return found


def _coordinates(dataset: xr.Dataset, model: pm.Model) -> dict[str, list[Any]]:
    return {str(dim): list(model.coords[dim]) for dim in dataset.dims if dim in model.coords} | {
        dim: list(range(dataset.sizes[dim])) for dim in ("chain", "draw")
    }
