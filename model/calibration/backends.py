"""Where refits run: in this process, in processes of this machine, or on a Dask cluster."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from joblib import parallel_config

from model.calibration.errors import NoClusterError

BACKENDS = ("loky", "dask", "sequential")


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
