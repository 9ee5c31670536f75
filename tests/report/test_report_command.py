"""`defection-risk report`: a file that is whole, from a version that is sound, or a line that says why not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import commands
from cli.output import ExitCode
from model.archive import Archive
from model.report.build import build_report
from model.report.provenance import provenance
from priors.study import FILES, Study
from tests.report.conftest import Version


@pytest.fixture(autouse=True)
def page(version: Version, study: Study, brief: Callable[..., None]) -> str:
    """Return the report of the fit; here and in what the command makes it is of one section."""
    brief(provenance)
    return build_report(version.tree, version.manifest, study)


def run(home: Path, *arguments: str) -> Result:
    """Run the command on an archive."""
    return CliRunner().invoke(commands, ["--home", str(home), "report", *arguments])


def test_writes_a_file(version: Version, page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By default the report of a version is written beside the user, and its path is told."""
    monkeypatch.chdir(tmp_path)
    result = run(version.archive.home, version.name)
    assert result.exit_code == ExitCode.DONE, result.output
    assert result.stdout == f"report-{version.name}.html\n"
    assert (tmp_path / f"report-{version.name}.html").read_text(encoding="utf-8") == page
    assert [path.name for path in tmp_path.iterdir()] == [f"report-{version.name}.html"]


def test_standard_output(version: Version, page: str) -> None:
    """With `-o -` the page goes to standard output and nothing else does."""
    result = run(version.archive.home, version.name, "-o", "-")
    assert result.exit_code == ExitCode.DONE, result.output
    assert result.stdout == page


def test_shows_it(version: Version, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `--open` the browser is given the file's address."""
    shown: list[str] = []
    monkeypatch.setattr("webbrowser.open", shown.append)
    target = tmp_path / "report.html"
    assert run(version.archive.home, version.name, "-o", str(target), "--open").exit_code == ExitCode.DONE
    assert shown == [target.as_uri()]


def test_no_folder(version: Version, tmp_path: Path) -> None:
    """Where the file cannot be written one line says so."""
    result = run(version.archive.home, version.name, "-o", str(tmp_path / "nowhere" / "report.html"))
    assert result.exit_code == ExitCode.UNEXPECTED
    assert "nowhere" in result.stderr
    assert "Traceback" not in result.stderr


def test_bare_version(tmp_path: Path) -> None:
    """A version published without what a report shows is refused with the way to a better one."""
    archive = Archive(tmp_path)
    with archive.draft() as draft:
        (draft.path / "posterior.nc").write_bytes(b"")
        name = draft.publish({"prior_set": "pooled"})
    result = run(tmp_path, name)
    assert result.exit_code == ExitCode.BAD_DATA
    assert "defection-risk refit" in result.stderr


def test_damaged_version(version: Version, tmp_path: Path) -> None:
    """A version whose draws are not the ones published is not reported on."""
    archive = Archive(tmp_path)
    with archive.draft() as draft:
        for file in ("posterior.nc", *FILES):
            (draft.path / file).write_bytes(version.archive.read(version.name, file))
        added = ("version", "created", "files", "format", "digest")
        name = draft.publish({key: value for key, value in version.manifest.items() if key not in added})
    path = tmp_path / "versions" / name / "posterior.nc"
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    result = run(tmp_path, name, "-o", str(tmp_path / "report.html"))
    assert result.exit_code == ExitCode.ARCHIVE_DAMAGED
    assert not (tmp_path / "report.html").exists()
