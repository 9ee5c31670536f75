"""`score`: risks for files of profiles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from cli.backends import backend_options, spread
from cli.output import say, standard_output
from cli.workplace import Workplace, version_option


@click.command()
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write one FILE, in its format; by default standard output.",
)
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="A folder for many, each by its name.")
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%d"]), help="First day of the window.")
@click.option("--to", "end", type=click.DateTime(["%Y-%m-%d"]), help="The day after the last of the window.")
@click.option(
    "--safe-for-spreadsheets", is_flag=True, help="Put ' before cells of CSV that would be worked out as formulas."
)
@click.option(
    "--skip-bad",
    metavar="FILE|FOLDER",
    type=click.Path(path_type=Path),
    help="Write rows that cannot be used here, with line and reason, and score the rest; a folder for many.",
)
@version_option
@backend_options
@click.pass_obj
def score(
    workplace: Workplace,
    /,
    *,
    files: tuple[Path, ...],
    output: Path | None,
    into: Path | None,
    start: datetime | None,
    end: datetime | None,
    safe_for_spreadsheets: bool,
    skip_bad: Path | None,
    version: str | None,
    backend: str,
    workers: int,
    scheduler: str | None,
) -> None:
    """Add risk columns to files of profiles: CSV, Parquet or JSON lines; - is standard input.

    An empty value is an unknown attribute; columns that are no attributes are carried through. Many files go --into a
    folder, and are scored at once, by processes of this machine or of a cluster that sees the same folders.
    """
    from model.scoring.many import score_each  # noqa: PLC0415 - heavy
    from model.scoring.scoring import score as score_file  # noqa: PLC0415 - heavy
    from model.stored import read_table  # noqa: PLC0415 - heavy

    if into is None and len(files) > 1:
        raise click.UsageError("many files need a folder to go to: --into FOLDER")
    if into is not None and output is not None:
        raise click.UsageError("-o is for one file, --into for many; leave one out")
    archive, version = workplace.archive, workplace.version(version)
    table = read_table(archive, version)
    timeline = table.study.timeline
    window = timeline.checked(
        start.date() if start else timeline.window.start,
        end.date() if end else timeline.window.end,
    )
    terms: Any = {"window": window, "safe_for_spreadsheets": safe_for_spreadsheets, "skip_bad": skip_bad}
    if into is not None:
        with spread(backend, workers=workers, scheduler=scheduler):
            done = score_each(archive, version, files, into, **terms)
    else:
        with rows_bar() as progress:
            done = [score_file(table, files[0], output or standard_output(), **terms, progress=progress)]
    rows, bad = (sum(counts) for counts in zip(*done, strict=True))
    if bad:
        say(f"{bad} bad rows set aside in {skip_bad}")
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
