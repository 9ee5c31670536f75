"""NumPyro's NUTS over a PyMC model, in blocks of draws: watched, interruptible, and compiled once for many data.

`pymc.sample(nuts_sampler="numpyro")` compiles anew for other data, says nothing of divergences while it runs and
cannot be interrupted, so that this drives the same kernel over the same translated density by itself.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

import numpy as np
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
        jax()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "IProgress not found")  # in a notebook, of a bar that is not drawn
            from numpyro.infer.hmc import hmc  # noqa: PLC0415 - heavy

        self.model, self.tune, self.deepest = problem.model, tune, deepest
        values = self.model.value_vars
        vector, split = self._joined(problem)
        log_density, self.data_names = translated(values, [self.model.logp()])

        def potential(data: Mapping[str, Array]) -> Callable[[Any], Any]:
            return lambda vector: -log_density(split(vector), data)[0]

        first, following = hmc(potential_fn_gen=potential, algo="NUTS")

        def begin(key: Any, start: Any, data: Any) -> Any:
            adapted = {"target_accept_prob": target_accept, "max_tree_depth": deepest}
            return first(start, tune, rng_key=key, model_args=(data,), **adapted)

        def block(state: Any, data: Any) -> Any:
            def step(state: Any, _: Any) -> Any:
                state = following(state, (data,))
                size, density = state.adapt_state.step_size, -state.potential_energy
                return state, (state.z, (state.diverging, state.energy, state.num_steps, size, density))

            return jax().lax.scan(step, state, None, length=BLOCK)

        self._begin, self._block = self._compiled(begin, block, vector, problem.data)
        self._split = jax().jit(jax().vmap(split))
        self._constrained = over_draws(values, self.model.replace_rvs_by_values(self.model.free_RVs))

    def _compiled(
        self,
        begin: Callable[..., Any],
        block: Callable[..., Any],
        start: Any,
        data: Mapping[str, Array],
    ) -> list[Any]:
        """Return both functions compiled, side by side."""
        key, given = jax().random.PRNGKey(0), {name: data[name] for name in self.data_names}
        first = jax().jit(begin).lower(key, start, given)
        lowered = [first, jax().jit(block).lower(first.out_info, given)]
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
        data = problem.data
        middle = np.asarray(self._joined(problem)[0])
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
        flat = self._split(np.concatenate([vectors for vectors, _ in sampled]))
        statistics = {name: np.stack([each[name] for _, each in sampled]) for name in sampled[0][1]}
        lead, free = ("chain", "draw"), xr.Dataset()
        for variable, array in zip(self.model.free_RVs, self._constrained(flat, data), strict=True):
            dims = (*lead, *dims_of(self.model, variable.name))
            free[variable.name] = (dims, array.reshape(chains, draws, *array.shape[1:]))
        return free, xr.Dataset({name: (lead, array) for name, array in statistics.items()})

    def _joined(self, problem: Problem) -> tuple[Any, Callable[[Any], Any]]:
        """Return the middle of a problem's prior as one vector, and what takes such a vector apart.

        Of many small arrays each step of the sampler would take as many small steps.
        """
        from jax.flatten_util import ravel_pytree  # noqa: PLC0415 - heavy

        vector, split = ravel_pytree([problem.middle[each.name] for each in self.model.value_vars])
        return vector, split

    def _chain(
        self, starts: Iterable[Array], key: Any, data: Mapping[str, Array], draws: int, watch: _Watch
    ) -> tuple[Array, dict[str, Array]]:
        """Return one chain's draws of the vector that moves, and its statistics."""
        data = {name: data[name] for name in self.data_names}
        state, blocks = self._begun(starts, key, data), []
        for done in range(0, self.tune + draws, BLOCK):
            state, block = jax().block_until_ready(self._block(state, data))
            blocks.append(block)
            tuned = np.arange(done, done + BLOCK) >= self.tune
            watch.tell(min(BLOCK, self.tune + draws - done), int((np.asarray(block[1][0]) & tuned).sum()))
        kept = slice(self.tune, self.tune + draws)
        vectors, (diverging, energy, steps, size, density) = jax().tree.map(
            lambda *parts: np.concatenate([np.asarray(part) for part in parts])[kept], *blocks
        )
        return vectors, {
            "diverging": diverging,
            "energy": energy,
            "n_steps": steps,
            "step_size": size,
            "logp": density,
            "maxdepth_reached": steps >= 2**self.deepest - 1,
        }

    def _begun(self, starts: Iterable[Array], key: Any, data: Mapping[str, Array]) -> Any:
        """Return the kernel's first state: at the first start where the density is finite."""
        for start in starts:
            state = self._begin(key, start, data)
            if np.isfinite(state.potential_energy):
                return state
        raise no_start(f"{STARTS} were tried")


def _starts(middle: Array, seed: list[int]) -> Iterator[Array]:
    """Yield starting points about the middle of the prior."""
    random = np.random.default_rng(seed)
    for _ in range(STARTS):
        yield middle + random.uniform(-1.0, 1.0, middle.shape)


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
