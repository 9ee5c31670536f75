"""The options of every command whose work can be spread over processes or machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

OPTIONS = (
    click.option(
        "--backend",
        type=click.Choice(("loky", "dask", "sequential")),
        default="loky",
        show_default=True,
        help="Processes of this machine, a Dask cluster, or this process alone; the results are the same.",
    ),
    click.option("--workers", type=click.IntRange(1, 1024), default=2, show_default=True, help="Processes to start."),
    click.option(
        "--scheduler", metavar="ADDRESS", help="Of a Dask cluster that runs already; else one is started here."
    ),
)


def backend_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--backend`, `--workers` and `--scheduler`."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@contextmanager
def spread(backend: str, *, workers: int, scheduler: str | None) -> Iterator[None]:
    """Run what is inside on a backend; that there is none is an error of usage."""
    from model.parallel import NoClusterError, backend_in_force  # noqa: PLC0415 - heavy

    try:
        with backend_in_force(backend, workers=workers, scheduler=scheduler):
            yield
    except NoClusterError as error:
        raise click.UsageError(str(error)) from error
