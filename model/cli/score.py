"""`score`: risks for a file of profiles."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write; by default standard output.",
)
@click.pass_obj
def score(home: Path, file: Path, *, output: Path | None) -> None:
    """Add risk columns to a file of profiles: CSV, Parquet or JSON lines."""
    raise NotImplementedError
