"""The command where only what serving needs is installed: it serves, asks, and says what a fit would need."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from model.archive import Archive
from tests.service.publishing import publish
from tests.support.distributions import enough_to_serve
from tests.support.servers import PROJECT, ask, free_port, wait_until_alive

RUN = """
import contextlib, io, json, sys
hidden, commands = frozenset(json.loads(sys.argv[1])), json.loads(sys.argv[2])
class Absent:
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in hidden:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Absent)
from cli import main
for arguments in commands:
    sys.argv[1:], said = arguments, io.StringIO()
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
            main()
    except SystemExit as end:
        print(json.dumps([end.code or 0, said.getvalue()]))
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an archive with one version."""
    home = tmp_path_factory.mktemp("home")
    publish(Archive(home))
    return home


def interpreter(*commands: tuple[str, ...]) -> list[str]:
    """Return what runs commands in an interpreter that finds no module which only an extra, or a tool, brings."""
    there = enough_to_serve() | {"defection-risk"}
    hidden = [
        module
        for module, owners in packages_distributions().items()
        if not there & {canonicalize_name(owner) for owner in owners}
    ]
    return [sys.executable, "-c", RUN, json.dumps(hidden), json.dumps(commands)]


def ends(folder: Path, *commands: tuple[str, ...]) -> list[tuple[int, str]]:
    """Run commands one after another in a folder, and return the code and the talk that each ended with."""
    done = subprocess.run(interpreter(*commands), cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
    return [(code, talk) for code, talk in map(json.loads, done.stdout.splitlines())]


def test_it_serves(home: Path) -> None:
    """`serve` answers questions."""
    port, body = free_port(), b'{"officers": [{"rank": "colonel"}]}'
    serve = interpreter(("--home", str(home), "serve", "--port", str(port), "--workers", "1"))
    with subprocess.Popen(serve, cwd=PROJECT) as process:
        try:
            wait_until_alive(port, process)
            status, content = ask(port, "POST", "/v1/assessments", body)
        finally:
            process.terminate()
            process.wait(40)
    assert (status, json.loads(content)["model"]["version"]) == (200, Archive(home).current())


def test_what_needs_no_fit_works(home: Path, tmp_path: Path) -> None:
    """The archive is looked after, and asked, as anywhere; and a command that needs more explains itself."""
    (tmp_path / "force.csv").write_text("sect,rank,count\nsunni,colonel,3\n", encoding="utf-8")
    words = (
        ("models", "verify"),
        ("models", "show", "--json"),
        ("outlook", "force.csv"),
        ("refit", "--help"),
        ("--version",),
    )
    found = ends(tmp_path, *(("--home", str(home), *each) for each in words))
    assert [code for code, _ in found] == [0] * len(words), found


def test_what_needs_more_says_what_to_install(home: Path, tmp_path: Path) -> None:
    """What fits, reports or scores ends with code 2 and one sentence that names the extra."""
    (tmp_path / "a.csv").write_text("sect\nsunni\n", encoding="utf-8")
    words = (
        *(("refit",), ("sweep",), ("calibrate",), ("score", "a.csv"), ("report",)),
        *(("priors", "show"), ("priors", "check"), ("evidence", "show"), ("evidence", "check", "a.csv")),
    )
    for code, talk in ends(tmp_path, *(("--home", str(home), *each) for each in words)):
        assert (code, talk.count("\n")) == (2, 1), talk
        assert "pip install 'defection-risk[fit]'" in talk
