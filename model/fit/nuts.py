"""NumPyro's NUTS over a PyMC model, in blocks of draws: watched, interruptible, and compiled once for many data.

`pymc.sample(nuts_sampler="numpyro")` compiles anew for other data, says nothing of divergences while it runs and
cannot be interrupted, so that this drives the same kernel over the same translated density by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr
from numpy.typing import NDArray

from model.fit.errors import no_start
from model.fit.in_jax import dims_of, jax, over_draws, translated
from model.fit.problem import Problem

BLOCK = 50
"""Draws between two looks at the clock, at Ctrl-C and at divergences: a third of a second or so."""

STARTS = 20
"""Starting points tried for each chain."""

Array = NDArray[Any]


class CompiledNuts:
    """A sampler for all problems of one structure.

    Parameters
    ----------
    problem : Problem
        Any of them.
    tune : int
        Steps of adaptation, which the kernel is built for.
    target_accept : float
    deepest : int
        Doublings of a trajectory after which it is cut off.
    """

    def __init__(self, problem: Problem, *, tune: int, target_accept: float, deepest: int) -> None:
        import numpyro  # noqa: PLC0415 - heavy
        from numpyro import distributions  # noqa: PLC0415 - heavy
        from numpyro.infer import NUTS  # noqa: PLC0415 - heavy

        jax()
        model, middle = problem.model, _middle(problem.model)
        self.model, self.tune, self.deepest = model, tune, deepest
        self.shapes = {name: start.shape for name, start in middle.items()}
        log_density, self.data_names = translated(model.value_vars, [model.logp()])
        reals = distributions.constraints.real

        def density(data: Mapping[str, Array]) -> None:
            values = [
                numpyro.sample(name, distributions.ImproperUniform(reals, (), shape))
                for name, shape in self.shapes.items()
            ]
            numpyro.factor("log_density", log_density(values, data)[0])

        kernel = NUTS(density, target_accept_prob=target_accept, max_tree_depth=deepest)

        def begin(key: Any, start: Any, data: Any) -> Any:
            return kernel.init(key, tune, start, (data,), {})

        def block(state: Any, data: Any) -> Any:
            def step(state: Any, _: Any) -> Any:
                state = kernel.sample(state, (data,), {})
                size, density = state.adapt_state.step_size, -state.potential_energy
                return state, (state.z, (state.diverging, state.energy, state.num_steps, size, density))

            return jax().lax.scan(step, state, None, length=BLOCK)

        self._begin, self._block = self._compiled(begin, block, middle, problem.data)
        self._constrained = over_draws(model.value_vars, model.replace_rvs_by_values(model.free_RVs))

    def _compiled(
        self,
        begin: Callable[..., Any],
        block: Callable[..., Any],
        start: Mapping[str, Array],
        data: Mapping[str, Array],
    ) -> list[Any]:
        """Return both functions compiled, side by side; they are traced in turn, which NumPyro's handlers ask for."""
        key, given = jax().random.PRNGKey(0), {name: data[name] for name in self.data_names}
        first = jax().jit(begin).lower(key, start, given)
        state = jax().eval_shape(begin, key, start, given)
        lowered = [first, jax().jit(block).lower(state, given)]
        with ThreadPoolExecutor(len(lowered)) as pool:
            return list(pool.map(lambda each: each.compile(), lowered))

    def sample(
        self,
        problem: Problem,
        *,
        draws: int,
        chains: int,
        cores: int,
        seed: int,
        progress: Callable[[int, int, int], None],
    ) -> tuple[xr.Dataset, xr.Dataset]:
        """Return draws of the free variables, and the sampler's statistics; dimensions chain and draw lead.

        Parameters
        ----------
        problem : Problem
            Of the structure that was compiled; its priors and what evidence reports may be others.
        progress : callable
            Called now and then with draws done, draws in all, divergences.

        Raises
        ------
        SamplingError
            If no starting point has a finite density.
        """
        keys = jax().random.split(jax().random.PRNGKey(seed % 2**32), chains)
        watch = _Watch(chains * (self.tune + draws), progress)
        data, middle = problem.data, _middle(problem.model)
        with ThreadPoolExecutor(cores) as pool:
            futures = [
                pool.submit(self._chain, _starts(middle, [seed, chain]), key, data, draws, watch)
                for chain, key in enumerate(keys)
            ]
            try:
                for future in as_completed(futures):
                    future.result()
            except BaseException:
                watch.stopped.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        sampled = [future.result() for future in futures]
        values, statistics = (
            {name: np.stack([chain[part][name] for chain in sampled]) for name in sampled[0][part]} for part in range(2)
        )
        flat = [values[name].reshape(-1, *shape) for name, shape in self.shapes.items()]
        lead, free = ("chain", "draw"), xr.Dataset()
        for variable, array in zip(self.model.free_RVs, self._constrained(flat, data), strict=True):
            dims = (*lead, *dims_of(self.model, variable.name))
            free[variable.name] = (dims, array.reshape(chains, draws, *array.shape[1:]))
        return free, xr.Dataset({name: (lead, array) for name, array in statistics.items()})

    def _chain(
        self, starts: Iterable[Mapping[str, Array]], key: Any, data: Mapping[str, Array], draws: int, watch: _Watch
    ) -> tuple[dict[str, Array], dict[str, Array]]:
        """Return one chain's draws of the unconstrained values, and its statistics."""
        data = {name: data[name] for name in self.data_names}
        state, blocks = self._begun(starts, key, data), []
        for done in range(0, self.tune + draws, BLOCK):
            state, block = jax().block_until_ready(self._block(state, data))
            blocks.append(block)
            tuned = np.arange(done, done + BLOCK) >= self.tune
            watch.tell(min(BLOCK, self.tune + draws - done), int((np.asarray(block[1][0]) & tuned).sum()))
        kept = slice(self.tune, self.tune + draws)
        values = {name: np.concatenate([np.asarray(block[0][name]) for block in blocks])[kept] for name in self.shapes}
        diverging, energy, steps, size, density = (
            np.concatenate([np.asarray(block[1][part]) for block in blocks])[kept] for part in range(5)
        )
        return values, {
            "diverging": diverging,
            "energy": energy,
            "n_steps": steps,
            "step_size": size,
            "logp": density,
            "maxdepth_reached": steps >= 2**self.deepest - 1,
        }

    def _begun(self, starts: Iterable[Mapping[str, Array]], key: Any, data: Mapping[str, Array]) -> Any:
        """Return the kernel's first state: at the first start where the density is finite."""
        for start in starts:
            state = self._begin(key, start, data)
            if np.isfinite(state.potential_energy):
                return state
        raise no_start(f"{STARTS} were tried")


def _middle(model: pm.Model) -> dict[str, Array]:
    """Return the middle of the prior, on the scales that a sampler moves on."""
    return {str(name): np.asarray(value, dtype=float) for name, value in model.initial_point().items()}


def _starts(middle: Mapping[str, Array], seed: list[int]) -> Iterator[dict[str, Array]]:
    """Yield starting points about the middle of the prior."""
    random = np.random.default_rng(seed)
    for _ in range(STARTS):
        yield {name: value + random.uniform(-1.0, 1.0, value.shape) for name, value in middle.items()}


class _Watch:
    """Adds up what the chains have done, and tells them when to stop."""

    def __init__(self, total: int, progress: Callable[[int, int, int], None]) -> None:
        self.total, self.progress = total, progress
        self.done, self.divergences = 0, 0
        self.lock, self.stopped = threading.Lock(), threading.Event()

    def tell(self, draws: int, divergences: int) -> None:
        """Count a block; raise KeyboardInterrupt where sampling was stopped."""
        if self.stopped.is_set():
            raise KeyboardInterrupt
        with self.lock:
            self.done += draws
            self.divergences += divergences
            self.progress(self.done, self.total, self.divergences)
