"""`serve`: the REST service on gunicorn."""

from __future__ import annotations

import dataclasses
import os

import click

from cli.output import say
from cli.workplace import Workplace


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Where to listen; loopback unless allowed outright."
)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes, 16 threads each.")
@click.option("--allow-public", is_flag=True, help="Listen beyond loopback without keys, for all who can reach it.")
@click.pass_obj
def serve(workplace: Workplace, /, *, host: str, port: int, workers: int, allow_public: bool) -> None:
    """Serve the current version, of whatever study, over HTTP; a newer one is picked up without a restart."""
    from service.errors import ServiceError  # noqa: PLC0415 - not needed for --help
    from service.gunicorn_settings import run  # noqa: PLC0415
    from service.settings import Settings  # noqa: PLC0415

    say(f"serving the archive {workplace.home} on http://{host}:{port}; Ctrl-C stops")
    try:
        settings = dataclasses.replace(Settings.from_environment(os.environ), home=workplace.home)
        run(settings, host=host, port=port, workers=workers, allow_public=allow_public)
    except ServiceError as error:
        raise click.UsageError(str(error)) from error
