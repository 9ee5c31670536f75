"""`outlook`: what a force as a whole is to expect."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from cli.force_file import ForceFile
from cli.output import json_option, print_json, print_table, say
from cli.workplace import Workplace, version_option
from model.risk.errors import ForceError
from priors.corps import LARGEST_ARMY


@click.command("outlook")
@click.argument("file", required=False, type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option(
    "--corps", type=click.IntRange(1, LARGEST_ARMY), help="In place of FILE: so many, as the armed forces are made up."
)
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%d"]), help="First day of the window.")
@click.option("--to", "end", type=click.DateTime(["%Y-%m-%d"]), help="The day after the last of the window.")
@click.option("--at-least", multiple=True, type=click.IntRange(min=1), help="Probability of so many; may be repeated.")
@version_option
@click.option(
    "--contagion",
    metavar="fit|NAME",
    help="Let defections spread within a community, as this prior set (or `fit`, the version's own) has it.",
)
@click.option("--reprisal", type=click.FloatRange(0, 100), help="Factor on the hazard of those like one who left.")
@click.option("--seed", type=click.IntRange(0, 2**53 - 1), help="Of all that is simulated.")
@json_option
@click.pass_obj
def outlook_command(
    workplace: Workplace, /, *, file: Path | None, corps: int | None, as_json: bool, **options: Any
) -> None:
    """Say how many of a force defect, who, when, and whether a decisive one does.

    FILE is a CSV of profiles with a column `count`, or a question in JSON: the body of POST /v1/outlooks, in which
    every lever can be set. Options add to it.
    """
    from service.errors import InvalidQuestionError  # noqa: PLC0415 - not needed for --help

    if (file is None) == (corps is None):
        raise click.UsageError("state either a FILE or --corps")
    read = None if file is None else ForceFile.read(file)
    body: dict[str, Any] = {"force": [{"count": corps}]} if read is None else read.question() if read.is_json else {}
    body |= _stated(body, **options)
    named = body.get("version")
    if isinstance(named, str):
        del body["version"]
    fitted = workplace.fitted(named if isinstance(named, str) else None)
    if read is not None and not read.is_json:
        body["force"] = read.groups(fitted.study.vocabulary)
    try:
        answer = fitted.ask("/v1/outlooks", body)
    except InvalidQuestionError as error:
        told = str if read is None else read.told
        raise ForceError("\n".join(map(told, error.faults))) from error
    if as_json:
        print_json(answer)
        return
    _show(answer)


def _stated(
    body: dict[str, Any],
    *,
    start: datetime | None,
    end: datetime | None,
    at_least: tuple[int, ...],
    version: str | None,
    contagion: str | None,
    reprisal: float | None,
    seed: int | None,
) -> dict[str, Any]:
    """Return the members of a body that options state, beside what it says already."""
    stated: dict[str, Any] = {}
    days = {name: str(day.date()) for name, day in (("from", start), ("to", end)) if day is not None}
    if days:
        stated["window"] = _beside(body.get("window", {}), days)
    levers: dict[str, Any] = {}
    if contagion is not None:
        levers["contagion"] = {} if contagion == "fit" else {"prior_set": contagion}
    if reprisal is not None:
        levers["reprisal"] = {"factor": reprisal}
    if levers:
        stated["levers"] = _beside(body.get("levers", {}), levers)
    stated |= {"at_least": list(at_least)} if at_least else {}
    stated |= {} if version is None else {"version": version}
    return stated | ({} if seed is None else {"seed": seed})


def _beside(told: Any, options: dict[str, Any]) -> Any:
    """Return what a file told with what options add to it; what is misshapen stays, to be told of."""
    return told | options if isinstance(told, dict) else told


def _show(answer: dict[str, Any]) -> None:
    method = answer["method"]
    by = f"{method['name']}, {method['draws']} draws x {method['replicates']}"
    say(f"version {answer['model']['version']} ({answer['model']['priors']} priors), {by}")
    click.echo(f"{answer['in_words']}\n")
    _show_numbers(answer)
    first = answer["first"]["median_date"]
    click.echo(f"\nfirst defection: {'more likely none' if first is None else f'as likely as not by {first}'}\n")
    levels = [
        (level, f"{count['mean']:.4g}", f"{count['median']:,}", _interval(count))
        for attribute in answer["by_attribute"].values()
        for level, count in attribute.items()
        if count["mean"] > 0
    ]
    print_table(("defections by level", "mean", "median", "interval"), levels)
    for lever in answer.get("levers", {}).get("in_force", ()):
        click.echo(f"{lever['name']}: claims {', '.join(lever['claims']) or 'none'}")


def _show_numbers(answer: dict[str, Any]) -> None:
    """Print what is expected, and where levers are in force what they changed."""
    numbers = [
        ("defections expected", answer["defections"]["mean"], answer["defections"]),
        *((f"at least {each['count']:,}", each["probability"], each) for each in answer["at_least"]),
        ("a decisive one", answer["decisive"]["probability"], answer["decisive"]),
    ]
    rows = [
        (name, f"{value:.4g}", f"{entry['monte_carlo_error']:.2g}")
        if entry.get("possible", True)
        else (name, "cannot happen", "")
        for name, value, entry in numbers
    ]
    if "levers" not in answer:
        print_table(("", "", "s.e."), rows)
        return
    changed = answer["levers"]["changed"]
    entries = [changed["defections"], *changed["at_least"], changed["decisive"]]
    differences = [(f"{each['difference']:+.3g}", f"{each['monte_carlo_error']:.2g}") for each in entries]
    columns = ("", "", "s.e.", "changed by the levers", "s.e.")
    print_table(columns, [(*row, *difference) for row, difference in zip(rows, differences, strict=True)])


def _interval(count: dict[str, Any]) -> str:
    widest = count["intervals"][-1]
    return f"{widest['lower']:,} to {widest['upper']:,} ({widest['probability']:.0%})"
