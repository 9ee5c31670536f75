"""The PyMC model, and sampling it with nutpie."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.evidence.likelihood_terms import Terms
from model.evidence.officers import Officers
from model.inference.errors import SamplingError
from model.inference.hazard import Layout, Parameters, hazards
from model.inference.likelihood import expected, log_likelihood, officers_log_likelihood
from model.inference.namespaces import pytensor_namespace
from model.inference.prior_draws import simplex_concentrations
from priors.elicitation import PriorSet

if TYPE_CHECKING:
    import pymc as pm
    import xarray as xr


@dataclass(frozen=True)
class Problem:
    """Everything one fit is about: what is believed, what is known, and who serves.

    Attributes
    ----------
    within_sect : ndarray, shape (class, cell)
        Corps share of a cell over the share of its sect in its class.
    """

    prior_set: PriorSet
    layout: Layout
    within_sect: NDArray[np.float64]
    terms: Terms
    officers: Officers


@dataclass(frozen=True)
class Sampling:
    """How to sample: draws and tuning steps for each chain, chains, seed and the acceptance aimed at."""

    draws: int = 1000
    tune: int = 1000
    chains: int = 4
    cores: int = 2
    seed: int = 20110315
    target_accept: float = 0.95


Progress = Callable[[int, int, int], None]
"""Called with draws done, draws in all, and divergences so far."""


def shared_data(problem: Problem) -> dict[str, NDArray[np.generic]]:
    """Return, by name, every array that differs between fits: prior locations and widths, evidence, officers."""
    prior_set = problem.prior_set
    location, spread = np.array([prior.parameters for prior in prior_set.fitted]).T
    count_location, count_spread = prior_set.count_concentration
    return {
        "location": location,
        "spread": spread,
        "scale_sigma": prior_set.scales,
        "concentrations": simplex_concentrations(prior_set, problem.layout.steps),
        "count_location": np.array(count_location),
        "count_spread": np.array(count_spread),
        **_arrays(problem.terms),
        **_arrays(problem.officers),
    }


def build_model(problem: Problem) -> pm.Model:
    """Return the PyMC model; everything that differs between fits is shared data, so that its graph stays the same."""
    import pymc as pm  # noqa: PLC0415 - heavy

    xp = pytensor_namespace()
    with pm.Model(coords=parameter_coordinates(problem.layout)) as model:
        data = {name: pm.Data(name, value) for name, value in shared_data(problem).items()}
        parameters = Parameters(
            quantities=pm.Normal("quantities", data["location"], data["spread"], dims="quantity"),
            scales=pm.HalfNormal("scales", data["scale_sigma"], dims="scale"),
            deviations=pm.Normal("deviations", 0.0, 1.0, dims="deviation"),
            simplex_parts=pm.Gamma("simplex_parts", data["concentrations"], 1.0, dims="simplex_part"),
            log_count_concentration=pm.Normal("log_count_concentration", data["count_location"], data["count_spread"]),
        )
        terms, officers = _with_data(problem.terms, data), _with_data(problem.officers, data)
        table = hazards(parameters, problem.layout, xp)
        expectation = expected(table, problem.within_sect, problem.layout.sect_of_cell, terms, xp)
        pm.Potential("evidence", log_likelihood(expectation, parameters.log_count_concentration, terms, xp).sum())
        pm.Potential("officers", officers_log_likelihood(table, officers, xp))
    return model


def parameter_coordinates(layout: Layout) -> dict[str, tuple[str, ...]]:
    """Return the names along each dimension of the parameters."""
    return {
        "quantity": layout.quantity_names,
        "scale": layout.scale_names,
        "deviation": layout.deviation_names,
        "simplex_part": layout.simplex_part_names,
    }


@dataclass(frozen=True)
class Sampler:
    """The model compiled once, to be sampled for any problem of the same vocabulary."""

    compiled: Any

    @classmethod
    def compile(cls, problem: Problem) -> Sampler:
        """Compile the model; this takes most of a minute where no cache is warm."""
        import nutpie  # noqa: PLC0415 - heavy

        return cls(nutpie.compile_pymc_model(build_model(problem)))

    def sample(self, problem: Problem, sampling: Sampling, *, progress: Progress | None = None) -> xr.DataTree:
        """Return the posterior draws and the sampler's statistics, as nutpie's tree.

        Parameters
        ----------
        progress : callable, optional
            Called now and then with draws done, draws in all, divergences.

        Raises
        ------
        SamplingError
            If no starting point has a finite density.
        """
        import nutpie  # noqa: PLC0415 - heavy

        options: dict[str, Any] = {"progress_bar": False}
        if progress is not None:
            options |= {"progress_callback": _watch(progress), "progress_rate": 500}
        # Waited for by ourselves: nutpie's own wait answers Ctrl-C with the draws so far, as if it were done.
        background = nutpie.sample(
            self.compiled.with_data(**shared_data(problem)),
            draws=sampling.draws,
            tune=sampling.tune,
            chains=sampling.chains,
            cores=sampling.cores,
            seed=sampling.seed,
            target_accept=sampling.target_accept,
            blocking=False,
            **options,
        )
        try:
            tree: xr.DataTree = background.wait()
        except RuntimeError as error:
            raise SamplingError(
                f"sampling: no start with a finite density was found ({str(error).splitlines()[0]}); "
                "look for evidence rows that cannot hold together, or try another --seed"
            ) from error
        except BaseException:
            background.cancel()
            raise
        return tree


def parameters_of(posterior: xr.Dataset) -> Parameters:
    """Return the parameters' draws, chain and draw leading, as NumPy arrays."""
    return Parameters(*(posterior[field.name].to_numpy() for field in dataclasses.fields(Parameters)))


def _arrays(values: Terms | Officers) -> dict[str, NDArray[np.generic]]:
    named = {field.name: getattr(values, field.name) for field in dataclasses.fields(values)}
    return {name: value for name, value in named.items() if isinstance(value, np.ndarray)}


def _with_data(values: Any, data: dict[str, Any]) -> Any:
    """Return a frozen dataclass whose arrays are the model's shared data of the same names."""
    return dataclasses.replace(values, **{name: data[name] for name in _arrays(values)})


def _watch(progress: Progress) -> Callable[[list[Any]], None]:
    def report(chains: list[Any]) -> None:
        done = sum(chain.finished_draws for chain in chains)
        progress(done, sum(chain.total_draws for chain in chains), sum(chain.divergences for chain in chains))

    return report
