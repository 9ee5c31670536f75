"""`compare`: how the risks of a fixed panel of profiles move between two versions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli.output import json_option, print_json, print_table, say
from model.archive import Archive


@click.command()
@click.argument("first")
@click.argument("second")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also draw the comparison, as SVG or PNG by the name.",
)
@json_option
@click.pass_obj
def compare(home: Path, /, *, first: str, second: str, output: Path | None, as_json: bool) -> None:
    """Compare two versions: the risks of the panel, and which predicts the evidence better (PSIS-LOO)."""
    from model.fit.comparison import compare_versions, draw_comparison  # noqa: PLC0415 - heavy

    found = compare_versions(Archive(home), first, second)
    if output is not None:
        draw_comparison(found, output)
        say(f"drawn: {output}")
    if as_json:
        print_json(found)
        return
    click.echo(f"first   {_named(found['versions'][0])}\nsecond  {_named(found['versions'][1])}\n")
    rows = [
        (entry["name"], _risk(entry["first"]), _risk(entry["second"]), f"{entry['ratio_of_medians']:.3g}")
        for entry in found["panel"]
    ]
    print_table(("profile", "first: median (90 %)", "second: median (90 %)", "second / first"), rows)
    click.echo(f"\n{found['prediction']['in_words']}")
    for claim in found["claims"]:
        click.echo(f"{claim['id']}: {claim['first']:.3f} -> {claim['second']:.3f}  {claim['says']}")


def _named(version: dict[str, Any]) -> str:
    without = f" without {', '.join(version['without'])}" if version["without"] else ""
    return f"{version['version']}  {version['prior_set']} priors{without}, evidence {version['evidence'][:12]}"


def _risk(risk: dict[str, Any]) -> str:
    interval = next(interval for interval in risk["intervals"] if interval["probability"] == 0.9)  # noqa: PLR2004
    return f"{risk['median']:.2g} ({interval['lower']:.2g} to {interval['upper']:.2g})"
