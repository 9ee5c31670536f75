"""`score`: risks for a file of profiles."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from model.archive import Archive
from model.cli.output import say
from model.risk.table import RiskTable
from priors.vocabulary import load_vocabulary


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write, in the format of FILE; by default standard output.",
)
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%d"]), help="First day of the window.")
@click.option("--to", "end", type=click.DateTime(["%Y-%m-%d"]), help="The day after the last of the window.")
@click.pass_obj
def score(home: Path, /, *, file: Path, output: Path | None, start: datetime | None, end: datetime | None) -> None:
    """Add risk columns to a file of profiles: CSV, Parquet or JSON lines.

    An empty value is an unknown attribute; columns that are no attributes are carried through.
    """
    from model.scoring.scoring import score as score_file  # noqa: PLC0415 - heavy

    vocabulary = load_vocabulary()
    study = vocabulary.study
    window = study.checked(
        start.date() if start else study.window.start,
        end.date() if end else study.window.end,
    )
    archive = Archive(home)
    version = archive.require_current()
    table = RiskTable.from_bytes(archive.read(version, "risk_table.npz"), archive.manifest(version), vocabulary)
    with rows_bar() as progress:
        rows = score_file(table, file, output or sys.stdout.buffer, window=window, progress=progress)
    say(f"{rows} rows scored with version {version} ({table.prior_set} priors), {window}")


@contextmanager
def rows_bar() -> Iterator[Callable[[int, float], None]]:
    """Show on standard error how far a file is read, on a terminal; elsewhere stay quiet."""
    from rich.console import Console  # noqa: PLC0415 - not needed for --help
    from rich.progress import Progress  # noqa: PLC0415

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("scoring", total=1.0)
        yield lambda rows, share: bar.update(task, completed=share, description=f"scoring ({rows:,} rows)")
