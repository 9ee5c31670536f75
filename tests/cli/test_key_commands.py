"""`keys`: shown once on standard output, listed without digests, revoked by name; no file named, nothing done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.security.keys import KeyRing, Scope
from tests.cli.conftest import Run


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the environment says the keys are."""
    path = tmp_path / "keys.json"
    monkeypatch.setenv("DEFECTION_RISK_KEYS", str(path))
    return path


def test_a_key_is_printed_alone_and_opens(run: Run, file: Path) -> None:
    """Standard output holds the key and nothing else, so that it can be piped; the talk does not hold it."""
    result = run("keys", "new", "reader")
    token = result.stdout.strip()
    assert result.exit_code == 0
    assert token not in result.stderr
    found = KeyRing(file).find(token)
    assert found is not None
    assert (found.name, found.scope) == ("reader", Scope.ASSESS)


def test_json_holds_name_scope_and_key(run: Run, file: Path) -> None:
    """With --json the key comes with its name and scope."""
    made = json.loads(run("keys", "new", "watcher", "--scope", "admin", "--json").stdout)
    found = KeyRing(file).find(made["key"])
    assert (made["name"], made["scope"]) == ("watcher", "admin")
    assert found is not None
    assert found.scope is Scope.ADMIN


def test_the_list_holds_no_secret(run: Run, file: Path) -> None:
    """Names, scopes and times are listed, neither keys nor digests."""
    token = run("keys", "new", "reader").stdout.strip()
    for arguments in (["keys", "list"], ["keys", "list", "--json"]):
        shown = run(*arguments).stdout
        assert "reader" in shown
        assert token not in shown
        assert json.loads(file.read_text())["keys"][0]["sha256"] not in shown


def test_a_revoked_key_is_gone(run: Run, file: Path) -> None:
    """A key that was revoked opens nothing, and its name is free again."""
    token = run("keys", "new", "reader").stdout.strip()
    assert run("keys", "revoke", "reader").exit_code == 0
    assert KeyRing(file).find(token) is None
    assert run("keys", "new", "reader").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["new", "../x"], 2), (["new", "x", "--scope", "root"], 2), (["revoke", "nobody"], 3), (["list"], 3)],
)
def test_what_goes_wrong_is_one_line_and_a_code(run: Run, file: Path, arguments: list[str], code: int) -> None:
    """A wrong name is a usage error, a missing file bad data; neither makes a file."""
    result = run("keys", *arguments)
    assert result.exit_code == code
    assert "Traceback" not in result.output
    assert not file.exists()


def test_the_file_must_be_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that the service would not look for is not made."""
    monkeypatch.delenv("DEFECTION_RISK_KEYS", raising=False)
    result = run("keys", "new", "reader")
    assert result.exit_code == 2
    assert "--file" in result.stderr
