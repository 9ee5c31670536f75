"""The PyMC model, and sampling it: with nutpie, unless another sampler is asked for."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from model.inference.errors import SamplingError
from model.inference.hazard import Layout, Parameters
from model.inference.kernel.data import known
from model.inference.kernel.packing import Packed, packed
from model.inference.prior_draws import simplex_concentrations
from model.inference.problem import Problem

if TYPE_CHECKING:
    import pymc as pm

DEEPEST = 10
"""The tree depth at which PyMC's sampler and NumPyro give up doubling, as nutpie does."""


@dataclass(frozen=True)
class Sampling:
    """How to sample: draws and tuning steps for each chain, chains, seed, the acceptance aimed at, and by what."""

    draws: int = 1000
    tune: int = 1000
    chains: int = 4
    cores: int = 2
    seed: int = 20110315
    target_accept: float = 0.95
    sampler: str = "nutpie"


Progress = Callable[[int, int, int], None]
"""Called with draws done, draws in all, and divergences so far."""


def shared_data(problem: Problem) -> dict[str, NDArray[np.generic]]:
    """Return, by name, every array that differs between fits: prior locations and widths, evidence, officers."""
    return {
        "priors": np.concatenate([np.ravel(part) for part in _priors(problem).values()]),
        **packed(known(problem.terms, problem.officers))._asdict(),
    }


def build_model(problem: Problem) -> pm.Model:
    """Return the PyMC model; everything that differs between fits is shared data, so that its graph stays the same."""
    import pymc as pm  # noqa: PLC0415 - heavy

    from model.inference.kernel.operation import LogLikelihood  # noqa: PLC0415 - heavy

    with pm.Model(coords=parameter_coordinates(problem.layout)) as model:
        data = {name: pm.Data(name, value) for name, value in shared_data(problem).items()}
        prior = _apart(data["priors"], problem)
        parameters = Parameters(
            quantities=pm.Normal("quantities", prior["location"], prior["spread"], dims="quantity"),
            scales=pm.HalfNormal("scales", prior["scale_sigma"], dims="scale"),
            deviations=pm.Normal("deviations", 0.0, 1.0, dims="deviation"),
            simplex_parts=pm.Gamma("simplex_parts", prior["concentrations"], 1.0, dims="simplex_part"),
            log_count_concentration=pm.Normal("log_count_concentration", *prior["count_concentration"]),
        )
        packed_data = [data[name] for name in Packed._fields]
        pm.Potential("log_likelihood", LogLikelihood(problem).of([*vars(parameters).values()], packed_data))
    return model


def _priors(problem: Problem) -> dict[str, NDArray[np.float64]]:
    """Return locations, widths and concentrations of the priors."""
    prior_set = problem.prior_set
    location, spread = np.array([prior.parameters for prior in prior_set.fitted]).T
    return {
        "location": location,
        "spread": spread,
        "scale_sigma": prior_set.scales,
        "concentrations": simplex_concentrations(prior_set, problem.layout.steps),
        "count_concentration": np.array(prior_set.count_concentration),
    }


def _apart(joined: Any, problem: Problem) -> dict[str, Any]:
    """Return what was joined end to end, by name; nutpie takes half a second to compile for each array apart."""
    found, start = {}, 0
    for name, part in _priors(problem).items():
        found[name] = joined[start : start + part.size]
        start += part.size
    return found | {"count_concentration": (found["count_concentration"][0], found["count_concentration"][1])}


def parameter_coordinates(layout: Layout) -> dict[str, tuple[str, ...]]:
    """Return the names along each dimension of the parameters."""
    return {
        "quantity": layout.quantity_names,
        "scale": layout.scale_names,
        "deviation": layout.deviation_names,
        "simplex_part": layout.simplex_part_names,
    }


class Sampler(Protocol):
    """What draws from the posterior of a problem."""

    def sample(self, problem: Problem, sampling: Sampling, *, progress: Progress | None = None) -> xr.DataTree:
        """Return the posterior draws and the sampler's statistics."""
        ...


def make_sampler(problem: Problem, sampling: Sampling) -> Sampler:
    """Return the sampler that is asked for, ready for a problem and any other of the same vocabulary."""
    return Nutpie.compile(problem) if sampling.sampler == "nutpie" else ByPyMC()


@dataclass(frozen=True)
class Nutpie:
    """The model compiled once, to be sampled for any problem of the same vocabulary."""

    compiled: Any

    @classmethod
    def compile(cls, problem: Problem) -> Nutpie:
        """Compile the model; this takes half a minute where no cache is warm."""
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


@dataclass(frozen=True)
class ByPyMC:
    """PyMC's own sampler, or NumPyro through PyMC; either compiles anew for each problem."""

    def sample(self, problem: Problem, sampling: Sampling, *, progress: Progress | None = None) -> xr.DataTree:
        """Return the posterior draws and the sampler's statistics, named as nutpie names them.

        Parameters
        ----------
        progress : callable, optional
            Not called: neither says how far it is.

        Raises
        ------
        SamplingError
            If NumPyro is asked for and not installed, or no starting point has a finite density.
        """
        import pymc as pm  # noqa: PLC0415 - heavy

        del progress
        if sampling.sampler == "numpyro":
            try:
                import model.inference.kernel.in_jax  # noqa: F401, PLC0415 - teaches JAX the likelihood
            except ImportError as error:
                raise SamplingError("--sampler numpyro: NumPyro is not installed; pip install numpyro") from error
        try:
            tree: xr.DataTree = pm.sample(
                draws=sampling.draws,
                tune=sampling.tune,
                chains=sampling.chains,
                cores=sampling.cores,
                random_seed=sampling.seed,
                target_accept=sampling.target_accept,
                nuts_sampler=sampling.sampler,
                compute_convergence_checks=False,
                progressbar=False,
                quiet=True,
                model=build_model(problem),
            )
        except pm.exceptions.SamplingError as error:
            raise SamplingError(
                f"sampling: no start with a finite density was found ({str(error).splitlines()[0]})"
            ) from error
        statistics = tree["sample_stats"].to_dataset()
        statistics["maxdepth_reached"] = statistics["tree_depth"] >= DEEPEST
        tree["sample_stats"] = xr.DataTree(statistics)
        return tree


def parameters_of(posterior: xr.Dataset) -> Parameters:
    """Return the parameters' draws, chain and draw leading, as NumPy arrays."""
    return Parameters(*(posterior[field.name].to_numpy() for field in dataclasses.fields(Parameters)))


def _watch(progress: Progress) -> Callable[[list[Any]], None]:
    def report(chains: list[Any]) -> None:
        done = sum(chain.finished_draws for chain in chains)
        progress(done, sum(chain.total_draws for chain in chains), sum(chain.divergences for chain in chains))

    return report
