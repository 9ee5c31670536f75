"""What every command says and how: data to standard output, talk to standard error."""

from __future__ import annotations

import enum
import json
import sys
from collections.abc import Sequence
from typing import Any, BinaryIO

import click
from rich.console import Console
from rich.table import Table

from model.files.errors import NotWritableError


class ExitCode(enum.IntEnum):
    """How a command ended."""

    DONE = 0
    UNEXPECTED = 1
    USAGE = 2
    BAD_DATA = 3
    CHECK_FAILED = 4
    ARCHIVE_DAMAGED = 5


class CheckFailedError(Exception):
    """A fit, or a prior, did not pass a check; nothing was promoted."""


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")


def standard_output() -> BinaryIO:
    """Return standard output, for data that are bytes.

    Raises
    ------
    NotWritableError
        If it was closed before the command began.
    """
    if sys.stdout is None:
        raise NotWritableError("standard output", "is closed")
    return sys.stdout.buffer


def say(message: str) -> None:
    """Print talk to standard error."""
    click.echo(message, err=True)


def print_json(value: Any) -> None:
    """Print a value as JSON to standard output."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, title: str | None = None) -> None:
    """Print a table to standard output; colour and width are those of the terminal, if it is one."""
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console = Console(highlight=False, markup=False, width=160)
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table)
