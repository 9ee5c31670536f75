"""The model's own graph, run by JAX: compiled once for a structure, with priors and evidence as arguments."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pymc as pm
from numpy.typing import NDArray
from pytensor.compile.sharedvalue import SharedVariable
from pytensor.graph.replace import clone_replace
from pytensor.graph.traversal import graph_inputs

BATCH = 200
"""Draws worked out at once: enough to keep a core busy, few enough to stay within a hundred megabytes."""

FLAGS = ("--xla_cpu_multi_thread_eigen=false", "--xla_cpu_enable_concurrency_optimized_scheduler=false")
"""One thread for each computation, whose steps are too short to be shared out."""

ONE_DEVICE = "--xla_force_host_platform_device_count=1"
"""Last among the flags: `pymc.sampling.jax` asks for a hundred, with which sampling takes half as long again."""

Array = NDArray[Any]

OverDraws = Callable[[Sequence[Array], Mapping[str, Array]], list[Array]]
"""A graph worked out for every draw: from draws of its inputs, shape (draw, ...), and data by name."""


@cache
def jax() -> Any:
    """Return JAX, in double precision, with what it compiles kept in the user's cache folder.

    The folder is `DEFECTION_RISK_CACHE`, or `defection-risk` in the user's cache folder; one that cannot be written to
    is done without.
    """
    # Before JAX starts. Chains run side by side already: its threads, and PyMC's hundred devices, fight over the cores.
    os.environ["XLA_FLAGS"] = " ".join([*FLAGS, os.environ.get("XLA_FLAGS", ""), ONE_DEVICE])
    import jax  # noqa: PLC0415 - heavy

    jax.config.update("jax_enable_x64", True)  # noqa: FBT003 - JAX's own signature
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(os.environ.get("DEFECTION_RISK_CACHE") or Path(home) / "defection-risk")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return jax
    if os.access(folder, os.W_OK):
        jax.config.update("jax_compilation_cache_dir", str(folder))
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
        jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    return jax


def translated(inputs: Sequence[Any], outputs: Sequence[Any]) -> tuple[Callable[..., Any], tuple[str, ...]]:
    """Return a graph as a JAX function of the values of its inputs and of a mapping of data, and the data's names."""
    jax()
    from pymc.sampling.jax import get_jaxified_graph  # noqa: PLC0415 - imports JAX

    shared = [each for each in graph_inputs(outputs, blockers=inputs) if isinstance(each, SharedVariable)]
    given = [each.type(name=each.name) for each in (*inputs, *shared)]
    free = clone_replace(list(outputs), dict(zip((*inputs, *shared), given, strict=True)))
    with warnings.catch_warnings():
        # PyTensor's checks of parameters have no counterpart in JAX: a density that fails one is not finite there.
        warnings.filterwarnings("ignore", message="Skipping `CheckParameterValue`")
        function = get_jaxified_graph(given, free)
    names = tuple(str(each.name) for each in shared)
    return lambda values, data: function(*values, *(data[name] for name in names)), names


def over_draws(inputs: Sequence[Any], outputs: Sequence[Any]) -> OverDraws:
    """Return a graph as a function of draws of its inputs, which gives draws of its outputs."""
    function, names = translated(inputs, outputs)

    def each(values: Any, data: Any) -> Any:
        return jax().lax.map(lambda draw: function(draw, data), values, batch_size=BATCH)

    compiled = jax().jit(each)
    return lambda values, data: [
        np.asarray(array) for array in compiled(tuple(values), {name: data[name] for name in names})
    ]


def dims_of(model: pm.Model, name: str) -> tuple[str, ...]:
    """Return the dimensions of a variable."""
    return tuple(str(dim) for dim in model.named_vars_to_dims.get(name) or ())
