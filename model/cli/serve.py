"""`serve`: the REST service on gunicorn."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--allow-public", is_flag=True, help="Allow a host beyond loopback, for all who can reach it.")
@click.pass_obj
def serve(home: Path, *, host: str, port: int, workers: int, allow_public: bool) -> None:
    """Serve the current version over HTTP."""
    raise NotImplementedError
