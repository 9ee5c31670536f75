"""Where many pieces of work run: in this process, in processes of this machine, or on a Dask cluster."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import pairwise

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs, parallel_config

BACKENDS = ("loky", "dask", "sequential")


class NoClusterError(Exception):
    """A Dask cluster was asked for where Dask is not installed, or where no scheduler answers."""


def each_of[Item, Done](work: Callable[[Item], Done], items: Sequence[Item]) -> list[Done]:
    """Return what a function makes of each item, in order, over the joblib backend in force."""
    done: list[Done] = Parallel()(delayed(work)(item) for item in items)
    return done


def in_shares[Item, Done](work: Callable[[list[Item]], Done], items: Sequence[Item]) -> list[Done]:
    """Return what a function makes of each worker's share of the items, over the joblib backend in force.

    Shares are runs of next to equal length: a worker that has to compile first does so once.
    """
    edges = np.linspace(0, len(items), min(len(items), effective_n_jobs()) + 1).round().astype(int)
    return each_of(work, [list(items[start:end]) for start, end in pairwise(edges)])


@contextmanager
def backend_in_force(backend: str, *, workers: int, scheduler: str | None = None) -> Iterator[None]:
    """Have joblib run what is inside on a backend.

    Parameters
    ----------
    backend : str
        One of `BACKENDS`.
    workers : int
        Processes to start; those of a cluster that runs already are taken as they are.
    scheduler : str, optional
        Address of a Dask cluster that runs already; without one, a cluster is started on this machine.

    Raises
    ------
    NoClusterError
        If Dask is asked for and not installed, or no scheduler answers.
    """
    if backend == "dask":
        with _dask_client(workers, scheduler), parallel_config(backend="dask", n_jobs=-1, verbose=0):
            yield
    elif backend == "sequential":
        with parallel_config(backend="sequential"):
            yield
    else:
        # Workers compile and sample with one thread each, or they fight over the cores.
        with parallel_config(backend="loky", n_jobs=workers, inner_max_num_threads=1):
            yield


@contextmanager
def _dask_client(workers: int, scheduler: str | None) -> Iterator[None]:
    try:
        from distributed import Client, LocalCluster  # noqa: PLC0415 - not installed by default
    except ImportError as error:
        raise NoClusterError("the dask backend needs Dask: pip install 'dask[distributed]'") from error
    with ExitStack() as stack:
        if scheduler is None:
            # Workers whose libraries hold threads are killed on closing; the warning of it means nothing here.
            cluster = LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address=None,
                silence_logs=logging.ERROR,
            )
            stack.enter_context(cluster)
        try:
            stack.enter_context(Client(cluster if scheduler is None else scheduler))
        except (OSError, ValueError) as error:
            raise NoClusterError(f"no Dask scheduler answers at {scheduler}") from error
        yield
