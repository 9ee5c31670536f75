"""What fingers expect of any command: help that reads well, completion, and a wrong name told as one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cli.main import commands
from model.archive import Archive
from tests.cli.conftest import Run
from tests.service.publishing import publish


def paths(command: click.Command, *before: str) -> Iterator[tuple[str, ...]]:
    """Yield the words that lead to a command and to each below it."""
    yield before
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from paths(below, *before, name)


@pytest.mark.parametrize("words", [*paths(commands)], ids=" ".join)
def test_help_shows_no_marks_for_the_printer(run: Run, words: tuple[str, ...]) -> None:
    """Neither a backspace nor what stands for one is in the help of any command."""
    result = run(*words, "--help")
    assert result.exit_code == 0
    assert "\b" not in result.stdout
    assert "\\b" not in result.stdout


def test_bash_completes_commands_and_options(tmp_path: Path) -> None:
    """What click makes for bash offers the commands, those below them, and options, as the README has it."""
    name = tmp_path / "defection-risk"
    name.write_text(f"#!{sys.executable}\nfrom cli.main import main\nmain()\n")
    name.chmod(0o755)
    script = """
eval "$(_DEFECTION_RISK_COMPLETE=bash_source defection-risk)"
offered() {
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    _defection_risk_completion "$1"
    echo "${COMPREPLY[*]}"
}
offered defection-risk s
offered defection-risk models v
offered defection-risk score --sk
"""
    env = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(["/bin/bash", "-c", script], env=env, stdout=subprocess.PIPE, text=True, check=True)
    assert done.stdout.splitlines() == ["score serve study surprise sweep", "verify", "--skip-bad"]


@pytest.mark.parametrize(
    "words",
    [
        ("models", "show"),
        ("models", "use"),
        ("models", "verify"),
        ("report",),
        ("compare", "current"),
        ("outlook", "--corps", "5", "--version"),
        ("surprise", "--by", "2012-08-02", "--version"),
        ("score", "-", "--version"),
    ],
    ids=" ".join,
)
def test_a_name_of_no_version_is_bad_usage(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    """Every command that takes a version ends with 2 for one that is none, and offers names that would do."""
    publish(Archive(tmp_path), passed=True, without=[], evidence={"rows": []})
    for wrong in ("poolled", "20010101T000000Z-000000", "../etc"):
        result = run(*words, wrong, home=tmp_path)
        assert (result.exit_code, result.stdout) == (2, ""), result.stderr
        assert "version: must be `current`" in result.stderr
        assert "pooled" in result.stderr
