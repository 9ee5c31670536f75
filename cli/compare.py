"""`compare`: how risks move between two versions of a study, or what those of two studies have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli.output import json_option, print_json, print_table, say
from cli.workplace import Workplace
from model.risk.words import Scale

SIDES = ("first", "second")


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
    from model.report.compared import write_comparison  # noqa: PLC0415 - heavy

    archive = workplace.archive
    first, second = workplace.version(first), workplace.version(second)
    one, other = (archive.manifest(version)["study"]["name"] for version in (first, second))
    set_beside, show = (compare_versions, _show_versions) if one == other else (side_by_side, _show_roles)
    try:
        found = set_beside(archive, first, second)
    except NoSharedRoleError as error:
        raise click.UsageError(str(error)) from error
    if output is not None:
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
    risks = [entry[side] for entry in found["panel"] for side in SIDES]
    if risks:
        scale = Scale.beside(risks)
        rows = [
            (entry["name"], *(_risk(entry[side], scale) for side in SIDES), _number(entry["risk_ratio"]))
            for entry in found["panel"]
        ]
        print_table(
            ("profile", "first: expected share (90 %)", "second: expected share (90 %)", "second / first"), rows
        )
    click.echo(f"\n{found['prediction']['in_words']}")
    for claim in found["claims"]:
        click.echo(f"{claim['id']}: {claim['first']:.3f} -> {claim['second']:.3f}  {claim['says']}")


def _show_roles(found: dict[str, Any]) -> None:
    names = [version["study"]["name"] for version in found["versions"]]
    rows = [
        (
            entry["role"] if key == "first" else "", name, _interval(entry[key]["prior"]),
            _interval(entry[key]["posterior"]), _ratio_of(entry[key]),
        )
        for entry in found["roles"]
        for key, name in zip(SIDES, names, strict=True)
    ]  # fmt: skip
    print_table(("hazard ratio", "study", "prior: median (90 %)", "posterior: median (90 %)", "which is"), rows)
    click.echo(f"\n{found['in_words']}")


def _risk(risk: dict[str, Any], scale: Scale) -> str:
    interval = _ninety(risk)
    return f"{scale.told(risk['mean'])} ({scale.between(interval['lower'], interval['upper'])})"


def _ratio_of(entry: dict[str, Any]) -> str:
    return f"{'one over ' if entry['inverse'] else ''}{entry['quantity']}: {entry['definition']}"


def _named(version: dict[str, Any]) -> str:
    without = f" without {', '.join(version['without'])}" if version["without"] else ""
    evidence = f", evidence {version['evidence'][:12]}" if "evidence" in version else ""
    return f"{version['version']}  {version['study']['title']}: {version['prior_set']} priors{without}{evidence}"


def _interval(values: dict[str, Any]) -> str:
    interval = _ninety(values)
    median, lower, upper = (_number(value) for value in (values["median"], interval["lower"], interval["upper"]))
    return f"{median} ({lower} to {upper})"


def _ninety(values: dict[str, Any]) -> dict[str, Any]:
    return next(interval for interval in values["intervals"] if interval["probability"] == 0.9)  # noqa: PLR2004


def _number(value: float) -> str:
    """Return a number to two digits, without a power of ten where it is large."""
    return f"{float(f'{value:.2g}'):,g}"
