"""`compare`: how risks move between two versions of a study, or what those of two studies have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli.output import json_option, print_json, print_table, say
from cli.workplace import Workplace
from model.report.pairs import risk_rows, role_rows


@click.command()
@click.argument("first")
@click.argument("second")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write it as a page or draw it, by the name: .html, .svg or .png.",
)
@json_option
@click.pass_obj
def compare(workplace: Workplace, /, *, first: str, second: str, output: Path | None, as_json: bool) -> None:
    """Compare two versions.

    Of one study: the risks of its profiles, the claims that moved, and which predicts the evidence better (PSIS-LOO).
    Of two: the ratios that stand for the same role in both, side by side; a look, not a pooled estimate.
    """
    from model.fit.comparison import compare_versions  # noqa: PLC0415 - heavy
    from model.fit.errors import NoSharedRoleError  # noqa: PLC0415 - heavy
    from model.fit.side_by_side import side_by_side  # noqa: PLC0415 - heavy

    archive = workplace.archive
    first, second = workplace.version(first), workplace.version(second)
    one, other = (archive.manifest(version)["study"]["name"] for version in (first, second))
    set_beside, show = (compare_versions, _show_versions) if one == other else (side_by_side, _show_roles)
    try:
        found = set_beside(archive, first, second)
    except NoSharedRoleError as error:
        raise click.UsageError(str(error)) from error
    if output is not None:
        from model.report.compared import write_comparison  # noqa: PLC0415 - heavy

        write_comparison(found, output)
        say(f"written: {output}")
    if as_json:
        print_json(found)
        return
    for place, version in zip(("first ", "second"), found["versions"], strict=True):
        click.echo(f"{place}  {_named(version)}")
    click.echo()
    show(found)


def _show_versions(found: dict[str, Any]) -> None:
    rows = risk_rows(found)
    if rows:
        print_table(
            ("profile", "first: expected share (90 %)", "second: expected share (90 %)", "second / first"), rows
        )
    click.echo(f"\n{found['prediction']['in_words']}")
    for claim in found["claims"]:
        click.echo(f"{claim['id']}: {claim['first']:.3f} -> {claim['second']:.3f}  {claim['says']}")


def _show_roles(found: dict[str, Any]) -> None:
    rows, role = [], ""
    for named, *told in role_rows(found, called="name"):
        rows.append((named if named != role else "", *told))
        role = named
    print_table(("hazard ratio", "study", "prior: median (90 %)", "posterior: median (90 %)", "which is"), rows)
    click.echo(f"\n{found['in_words']}")


def _named(version: dict[str, Any]) -> str:
    without = f" without {', '.join(version['without'])}" if version["without"] else ""
    evidence = f", evidence {version['evidence'][:12]}" if "evidence" in version else ""
    return f"{version['version']}  {version['study']['title']}: {version['prior_set']} priors{without}{evidence}"
