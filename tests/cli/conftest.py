"""A runner of the command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import commands

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """Return a function that runs the command with arguments."""

    def invoke(*arguments: object, home: Path = Path("nowhere")) -> Result:
        return CliRunner().invoke(commands, ["--home", str(home), *map(str, arguments)], prog_name="defection-risk")

    return invoke
