"""`report`: why the numbers are what they are, as one page."""

from __future__ import annotations

import os
import sys
import tempfile
import webbrowser
from pathlib import Path

import click

from model.archive import Archive
from model.cli.output import say


@click.command()
@click.argument("version", required=False)
@click.option("--open", "show", is_flag=True, help="Show it in the browser.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path, allow_dash=True),
    help="Where to write, - for standard output; by default report-VERSION.html in this folder.",
)
@click.pass_obj
def report(home: Path, /, *, version: str | None, show: bool, output: Path | None) -> None:
    """Write the report of a version, by default the current one: a page that needs no network.

    It is made anew from the version's own files, once their checksums are verified.
    """
    from model.fit.knowledge import load_knowledge  # noqa: PLC0415 - heavy
    from model.report.versions import report_of  # noqa: PLC0415 - heavy

    archive = Archive(home)
    name = version or archive.require_current()
    page = report_of(archive, name, load_knowledge()).encode()
    if output is not None and str(output) == "-":
        sys.stdout.buffer.write(page)
        return
    target = output or Path(f"report-{name}.html")
    write_whole(target, page)
    click.echo(str(target))
    say(f"report of version {name}, {len(page) / 1e6:.1f} MB")
    if show:
        webbrowser.open(target.resolve().as_uri())


def write_whole(target: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all.

    Raises
    ------
    click.FileError
        If it cannot be written where it is asked for.
    """
    try:
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=f".{target.name}.", delete_on_close=False
        ) as partial:
            partial.write(content)
            partial.flush()
            # A temporary file is private; a report is to be read like any file its user makes.
            umask = os.umask(0)
            os.umask(umask)
            Path(partial.name).chmod(0o666 & ~umask)
            Path(partial.name).replace(target)
    except OSError as error:
        raise click.FileError(str(target), hint=error.strerror or "cannot be written") from error
