"""`what-if`: what risks and claims would be, were claims, articles or rows of evidence others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import click

from cli.changes import Bounds, change_options
from cli.output import json_option, print_json, print_table, say
from cli.profiles import stated_profile
from cli.workplace import Workplace, version_option
from model.risk.words import Scale
from model.what_if.errors import NoTermsError, NotSupposableError
from priors.study import Study
from priors.vocabulary import Profile

MOST_CLAIMS: Final = 8
NOTHING: Final = 0.005
"""What a probability moves by at least for its claim to be told of."""


@click.command("what-if")
@click.argument("words", nargs=-1, metavar="[ATTRIBUTE=WORD]...")
@change_options
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%d"]), help="First day of the window.")
@click.option("--to", "end", type=click.DateTime(["%Y-%m-%d"]), help="The day after the last of the window.")
@version_option
@json_option
@click.pass_obj
def what_if_command(
    workplace: Workplace, /, *, words: tuple[str, ...], version: str | None, as_json: bool, **supposed: Any
) -> None:
    """Say what risks and claims would be, were claims, articles or rows of evidence others.

    The profile is stated in the words of the study, as in ATTRIBUTE=WORD; what is left out is averaged over. Without
    one, the profiles that the study names are told.

    The stored draws are weighed anew, in less than a second. Where they cannot tell, the command of a refit that can
    is given.
    """
    from service.errors import InvalidQuestionError, MissingDrawsError  # noqa: PLC0415 - not needed for --help

    fitted = workplace.fitted(version)
    profiles = _profiles(words, fitted.study)
    try:
        answer = fitted.ask("/v1/what-if", {"officers": [*profiles.values()]} | _stated(**supposed))
    except InvalidQuestionError as error:
        raise NotSupposableError("\n".join(map(str, error.faults))) from error
    except MissingDrawsError as error:
        raise NoTermsError(error.detail) from error
    if as_json:
        print_json(answer)
        return
    _show(answer, [*profiles], fitted.study)


def _profiles(words: tuple[str, ...], study: Study) -> dict[str, Profile]:
    """Return the profile that is stated, or those that the study names, by what they are called."""
    stated = stated_profile(words, study.vocabulary)
    return {", ".join(stated.values()): stated} if stated else {name: {**each} for name, each in study.profiles.items()}


def _stated(
    *,
    without: tuple[str, ...],
    without_row: tuple[str, ...],
    weight: tuple[tuple[str, float], ...],
    bound: tuple[tuple[str, Bounds], ...],
    start: datetime | None,
    end: datetime | None,
) -> dict[str, Any]:
    """Return the members of a body that options state."""
    sides = {row: dict(zip(("low", "high"), pair, strict=True)) for row, pair in bound}
    return {
        "without_claims": without,
        "without_rows": without_row,
        "weights": dict(weight),
        "bounds": {row: {side: at for side, at in pair.items() if at is not None} for row, pair in sides.items()},
        "window": {name: str(day.date()) for name, day in (("from", start), ("to", end)) if day is not None},
    }


def _show(answer: Mapping[str, Any], names: list[str], study: Study) -> None:
    say(f"version {answer['model']['version']} ({answer['model']['priors']} priors)")
    click.echo(f"{answer['in_words']}\n")
    risks = [(each["as_it_is"], each["as_it_would_be"]) for each in answer["officers"]]
    scale = Scale.beside([risk for pair in risks for risk in pair if risk is not None])
    rows = [
        (name, _told(before, scale), "cannot tell" if after is None else _told(after, scale), _ratio(each["ratio"]))
        for name, (before, after), each in zip(names, risks, answer["officers"], strict=True)
    ]
    print_table(("", "as it is", "as it would be", "ratio"), rows)
    moved = _moved(answer["claims"])
    if moved:
        says = {claim.id: claim.says for claim in study.claims.claims}
        click.echo("")
        rows = [(name, f"{before:.2f}", f"{after:.2f}", says[name]) for name, before, after in moved]
        print_table(("claim", "probability", "would be", "which says"), rows)
    click.echo(f"\nto be sure: {answer['refit']}")


def _told(risk: Mapping[str, Any], scale: Scale) -> str:
    *_, widest = risk["intervals"]
    return f"{scale.told(risk['mean'])} ({scale.between(widest['lower'], widest['upper'])})"


def _ratio(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.2f}"


def _moved(claims: list[dict[str, Any]]) -> list[tuple[str, float, float]]:
    """Return the claims whose probability moves, with what it is and would be, that which moves most first."""
    known = [(each["id"], each["probability"], each["would_be"]) for each in claims if each["would_be"] is not None]
    moved = [(name, before, after) for name, before, after in known if abs(after - before) >= NOTHING]
    return sorted(moved, key=lambda each: -abs(each[2] - each[1]))[:MOST_CLAIMS]
