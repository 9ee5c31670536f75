"""`report`: why the numbers are what they are, as one page."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from cli.output import say, standard_output
from cli.workplace import Workplace
from model.files.whole import whole_file


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
def report(workplace: Workplace, /, *, version: str | None, show: bool, output: Path | None) -> None:
    """Write the report of a version, by default the current one: a page that needs no network.

    It is made anew from the version's own files, once their checksums are verified.
    """
    from model.report.versions import report_of  # noqa: PLC0415 - heavy

    name = workplace.version(version)
    page = report_of(workplace.archive, name).encode()
    if output is not None and str(output) == "-":
        standard_output().write(page)
        return
    target = output or Path(f"report-{name}.html")
    with whole_file(target) as file:
        file.write(page)
    click.echo(str(target))
    say(f"report of version {name}, {len(page) / 1e6:.1f} MB")
    if show:
        webbrowser.open(target.resolve().as_uri())
