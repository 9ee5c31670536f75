"""The options by which claims and evidence are supposed otherwise, of `refit` and of `what-if`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

Bounds = tuple[float | None, float | None]


def pair[Said](read: Callable[[str], Said], example: str) -> Callable[[str], tuple[str, Said]]:
    """Return what takes an option apart: a name and what is said of it, with an equals sign between.

    Parameters
    ----------
    read : callable
        Makes numbers of what is said, or raises ValueError.
    example : str
    """

    def taken_apart(text: str) -> tuple[str, Said]:
        name, _, said = text.partition("=")
        try:
            return name.strip(), read(said)
        except ValueError as error:
            raise click.BadParameter(f"{text}: must be as in {example}") from error

    return taken_apart


def _bounds(text: str) -> Bounds:
    low, colon, high = text.partition(":")
    if not colon or not (low or high):
        raise ValueError(text)
    return float(low) if low else None, float(high) if high else None


OPTIONS = (
    click.option("--without", multiple=True, metavar="CLAIM", help="Leave out a claim, by id; may be repeated."),
    click.option(
        "--without-row", multiple=True, metavar="ROW", help="Leave out a row of evidence, or the list that it is in."
    ),
    click.option(
        "--weight",
        multiple=True,
        metavar="NAME=WEIGHT",
        type=pair(float, "E03=0.5"),
        help="How much an article counts against others, or the power of a row's likelihood: 0 to 10, 1 by default.",
    ),
    click.option(
        "--bound",
        multiple=True,
        metavar="ROW=LOW:HIGH",
        type=pair(_bounds, "E03=3:50, E03=3: or E03=:50"),
        help="Move the bounds of what a row counts; either may be left out.",
    ),
)


def change_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--without`, `--without-row`, `--weight` and `--bound`."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command
