"""The options by which claims and evidence are supposed otherwise."""

from __future__ import annotations

from typing import Any

import click
import pytest
from click.testing import CliRunner

from cli.changes import change_options


@click.command()
@change_options
def told(**stated: Any) -> None:
    """Print what the options state."""
    click.echo(repr(stated))


def test_options_are_taken_apart() -> None:
    """Claims and rows are named, weights and bounds stated by name; of a bound either side may be left out."""
    arguments = "--without K17 --without S02 --without-row E03 --weight stratfor=2 --bound E03=3:50 --bound E22=:90"
    result = CliRunner().invoke(told, arguments.split())
    assert result.output.strip() == repr({
        "without": ("K17", "S02"), "without_row": ("E03",), "weight": (("stratfor", 2.0),),
        "bound": (("E03", (3.0, 50.0)), ("E22", (None, 90.0))),
    })  # fmt: skip


@pytest.mark.parametrize(
    "argument", ["--weight=stratfor", "--weight=stratfor=much", "--bound=E03=50", "--bound=E03=:", "--bound=E03=a:b"]
)
def test_what_cannot_be_taken_apart_is_refused_with_an_example(argument: str) -> None:
    """A slip ends with the option, what was given, and how it should look."""
    result = CliRunner().invoke(told, [argument])
    assert result.exit_code == 2
    assert "must be as in E03=" in result.output
