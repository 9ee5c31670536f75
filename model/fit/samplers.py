"""Sampling a problem's posterior, by NumPyro unless another sampler is asked for; all of them from the one model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import xarray as xr

from model.fit.errors import no_start
from model.fit.nuts import CompiledNuts
from model.fit.problem import Problem
from model.fit.sampling import Progress, Sampling

DEEPEST = 10
"""Doublings of a trajectory at which every sampler gives up."""


class Sampler(Protocol):
    """What draws from the posterior of a problem, and of others of the same structure, without compiling anew."""

    def sample(self, problem: Problem, sampling: Sampling, progress: Progress) -> tuple[xr.Dataset, xr.Dataset]:
        """Return draws of the free variables, and the sampler's statistics; dimensions chain and draw lead.

        Raises
        ------
        SamplingError
            If no starting point has a finite density.
        """
        ...


def make_sampler(problem: Problem, sampler: str) -> Sampler:
    """Return a sampler, by the name of its package, for problems of one structure."""
    samplers: dict[str, Callable[[Problem], Sampler]] = {"numpyro": NumPyro, "nutpie": Nutpie, "pymc": PyMC}
    return samplers[sampler](problem)


class NumPyro:
    """NumPyro's NUTS over the model's log density in JAX, compiled once: priors and evidence are its arguments."""

    def __init__(self, problem: Problem) -> None:
        self.nuts: dict[tuple[int, float], CompiledNuts] = {}
        self.problem = problem

    def sample(self, problem: Problem, sampling: Sampling, progress: Progress) -> tuple[xr.Dataset, xr.Dataset]:
        """Return draws of the free variables, and the sampler's statistics."""
        key = (sampling.tune, sampling.target_accept)
        if key not in self.nuts:
            self.nuts[key] = CompiledNuts(
                self.problem, tune=sampling.tune, target_accept=sampling.target_accept, deepest=DEEPEST
            )
        return self.nuts[key].sample(
            problem,
            draws=sampling.draws,
            chains=sampling.chains,
            cores=sampling.cores,
            seed=sampling.seed,
            progress=progress,
        )


class Nutpie:
    """nutpie over Numba."""

    def __init__(self, problem: Problem) -> None:
        import nutpie  # noqa: PLC0415 - heavy

        self.compiled = nutpie.compile_pymc_model(problem.model)

    def sample(self, problem: Problem, sampling: Sampling, progress: Progress) -> tuple[xr.Dataset, xr.Dataset]:
        """Return draws of the free variables, and the sampler's statistics."""
        import nutpie  # noqa: PLC0415 - heavy

        # Waited for by ourselves: nutpie's own wait answers Ctrl-C with the draws so far, as if it were done.
        background = nutpie.sample(
            self.compiled.with_data(**problem.data),
            draws=sampling.draws,
            tune=sampling.tune,
            chains=sampling.chains,
            cores=sampling.cores,
            seed=sampling.seed,
            target_accept=sampling.target_accept,
            blocking=False,
            progress_bar=False,
            progress_callback=_watch(progress),
            progress_rate=500,
        )
        try:
            tree = background.wait()
        except RuntimeError as error:
            raise no_start(error) from error
        except BaseException:
            background.cancel()
            raise
        return _free(tree, problem), tree["sample_stats"].to_dataset()


class PyMC:
    """PyMC's own sampler."""

    def __init__(self, problem: Problem) -> None:
        del problem  # nothing compiled is kept

    def sample(self, problem: Problem, sampling: Sampling, progress: Progress) -> tuple[xr.Dataset, xr.Dataset]:
        """Return draws of the free variables, and the sampler's statistics."""
        import pymc as pm  # noqa: PLC0415 - heavy

        done, divergences = 0, 0
        total = sampling.chains * (sampling.draws + sampling.tune)

        def watch(trace: Any, draw: Any) -> None:  # noqa: ARG001 - PyMC's signature
            nonlocal done, divergences
            done += 1
            divergences += bool(draw.stats[0].get("diverging")) and not draw.tuning
            progress(done, total, divergences)

        try:
            tree = pm.sample(
                draws=sampling.draws,
                tune=sampling.tune,
                chains=sampling.chains,
                cores=sampling.cores,
                random_seed=sampling.seed,
                target_accept=sampling.target_accept,
                nuts_sampler="pymc",
                callback=watch,
                compute_convergence_checks=False,
                progressbar=False,
                quiet=True,
                model=problem.model,
            )
        except pm.exceptions.SamplingError as error:
            raise no_start(error) from error
        statistics = tree["sample_stats"].to_dataset()
        statistics["maxdepth_reached"] = statistics["tree_depth"] >= DEEPEST
        return _free(tree, problem), statistics


def _free(tree: Mapping[str, Any], problem: Problem) -> xr.Dataset:
    posterior: xr.Dataset = tree["posterior"].to_dataset()
    return posterior[[variable.name for variable in problem.model.free_RVs]]


def _watch(progress: Progress) -> Callable[[list[Any]], None]:
    def report(chains: list[Any]) -> None:
        done = sum(chain.finished_draws for chain in chains)
        progress(done, sum(chain.total_draws for chain in chains), sum(chain.divergences for chain in chains))

    return report
