"""`outlook`: what a force as a whole is to expect."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli.force_file import ForceFile
from cli.outlook_tables import show_outlook
from cli.output import json_option, print_json
from cli.workplace import Workplace, version_option
from model.risk.errors import ForceError
from priors.corps import LARGEST_ARMY
from priors.moves import NUMBERS
from priors.study import Study

if TYPE_CHECKING:
    from service.errors import Fault

FIT: Final = "fit"
SUPPOSED: Final[dict[str, tuple[str, str]]] = {
    "watch": ("SHARE", "Stop this share of the attempts to leave."),
    "purge": ("RATE", "Remove men at this monthly rate, and put others in their places."),
    "punish": ("FACTOR", "Multiply the hazard of those like one who left."),
    "deaths": ("RATE", "Have men die at this monthly rate."),
    "intake": ("MEN", "Call up so many men a month."),
    "militias": ("MEN", "Have so many join beside the army."),
    "allies": ("MEN", "Have so many join who do not defect."),
    "offers": ("FACTOR", "Multiply the hazard of those to whom offers are made."),
}
"""By move, what the option takes besides `fit`, which draws its numbers from the study's intervals."""


class FitOrNumber(click.ParamType[str | float]):
    """A number, or `fit`."""

    name = "fit|number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str | float:
        """Return the number, or `fit`."""
        if value == FIT:
            return FIT
        number: float = click.FLOAT.convert(value, param, ctx)
        if not isfinite(number):
            self.fail(f"{value} is neither `fit` nor a number.", param, ctx)
        return number


def move_options[Command: Callable[..., Any]](command: Command) -> Command:
    """Give a command an option for each move that one number states."""
    for name, (number, text) in reversed(SUPPOSED.items()):
        command = click.option(f"--{name}", type=FitOrNumber(), metavar=f"{FIT}|{number}", help=text)(command)
    return command


@click.command("outlook")
@click.argument("file", required=False, type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option(
    "--corps", type=click.IntRange(1, LARGEST_ARMY), help="In place of FILE: so many, as the armed forces are made up."
)
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%d"]), help="First day of the window.")
@click.option("--to", "end", type=click.DateTime(["%Y-%m-%d"]), help="The day after the last of the window.")
@click.option("--at-least", multiple=True, type=click.IntRange(min=1), help="Probability of so many; may be repeated.")
@click.option("--widened", is_flag=True, help="Count as decisive those besides whom the study names so.")
@version_option
@click.option(
    "--contagion",
    metavar="fit|NAME",
    help="Let defections spread within a community, as this prior set (or `fit`, the version's own) has it.",
)
@move_options
@click.option("--confine", metavar="RISK", type=float, help="Keep in those of at least this predicted risk.")
@click.option("--every-move", is_flag=True, help="Have every move in force of which the study states the numbers.")
@click.option("--strength", is_flag=True, help="Say what is left to fight with without any move too.")
@click.option("--seed", type=click.IntRange(0, 2**53 - 1), help="Of all that is simulated.")
@json_option
@click.pass_obj
def outlook_command(
    workplace: Workplace, /, *, file: Path | None, corps: int | None, version: str | None, as_json: bool, **options: Any
) -> None:
    """Say how many of a force defect, who, when, and what is left to fight with.

    FILE is a CSV of profiles with a column `count`, or a question in JSON: the body of POST /v1/outlooks, in which
    all of every move can be set. Options add to it; a move that one states takes the place of the file's. With `fit`
    the numbers of a move are drawn from the study's intervals.
    """
    from service.errors import InvalidQuestionError  # noqa: PLC0415 - not needed for --help

    if (file is None) == (corps is None):
        raise click.UsageError("state either a FILE or --corps")
    read = None if file is None else ForceFile.read(file)
    body: dict[str, Any] = {"force": [{"count": corps}]} if read is None else read.question() if read.is_json else {}
    body |= {} if version is None else {"version": version}
    named = body.get("version")
    if isinstance(named, str):
        del body["version"]
    fitted = workplace.fitted(named if isinstance(named, str) else None)
    if read is not None and not read.is_json:
        body["force"] = read.groups(fitted.study.vocabulary)
    body |= _stated(body, fitted.study, **options)
    try:
        answer = fitted.ask("/v1/outlooks", body)
    except InvalidQuestionError as error:
        told = str if read is None else read.told
        raise ForceError("\n".join([*map(told, error.faults), *_remedy(error.faults)])) from error
    if as_json:
        print_json(answer)
        return
    show_outlook(answer)


def _stated(
    body: dict[str, Any],
    study: Study,
    *,
    start: datetime | None,
    end: datetime | None,
    at_least: tuple[int, ...],
    widened: bool,
    every_move: bool,
    strength: bool,
    seed: int | None,
    **moves: Any,
) -> dict[str, Any]:
    """Return the members of a body that options state, beside what it says already."""
    stated: dict[str, Any] = {}
    days = {name: str(day.date()) for name, day in (("from", start), ("to", end)) if day is not None}
    if days:
        stated["window"] = _beside(body.get("window", {}), days)
    supposed = _moves({name: value for name, value in moves.items() if value is not None})
    if every_move:
        stated["moves"] = _beside(_every_move(study), body.get("moves", {}))
    if supposed:
        stated["moves"] = _beside(stated.get("moves", body.get("moves", {})), supposed)
    stated |= {"at_least": list(at_least)} if at_least else {}
    stated |= {"decisive_widened": True} if widened else {}
    stated |= {"strength": body.get("strength", {})} if strength else {}
    return stated | ({} if seed is None else {"seed": seed})


def _moves(stated: dict[str, Any]) -> dict[str, Any]:
    """Return the moves that options state, as a body does."""
    found: dict[str, Any] = {}
    for name, value in stated.items():
        number = {"contagion": "prior_set", "confine": "above"}.get(name) or next(iter(NUMBERS[name]))
        move = {} if value == FIT else {number: value}
        found[name] = [move] if name == "offers" else move
    return found


def _every_move(study: Study) -> dict[str, Any]:
    """Return each move whose numbers the study states, as a body asks for it."""
    return _moves(dict.fromkeys(study.supposable, FIT))


def _beside(told: Any, options: Any) -> Any:
    """Return what is told with what else is; what is misshapen stays, to be told of."""
    if not isinstance(options, dict):
        return options
    return told | options if isinstance(told, dict) else told


def _remedy(faults: tuple[Fault, ...]) -> list[str]:
    """Return where the numbers of a move can be stated, where one that no option takes is missing."""
    missing = any(fault.pointer.startswith("/moves/") and fault.rule.startswith("must be given") for fault in faults)
    return ["a FILE that is a question in JSON can state every number of a move"] if missing else []
