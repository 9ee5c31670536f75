"""A made-up version, opened as a caller would open it."""

from __future__ import annotations

from pathlib import Path

import pytest

import defection_risk as dr
from model.archive import Archive
from tests.service.publishing import publish

CHECK = {
    "name": "r_hat", "value": 1.002, "rule": "at most", "threshold": 1.01, "passed": True, "gates": True,
    "where": "spread", "reason": "the chains agree", "remedy": "refit with more --draws",
}  # fmt: skip
SAID = {"passed": True, "checks": [CHECK], "officers": {"count": 0}}
"""Entries of a manifest that a fit leaves, of a fit that was none."""


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Return an archive with a current version, and one under another prior set; not to be written to."""
    found = Archive(tmp_path_factory.mktemp("library") / "var")
    publish(found, seed=2, prior_set="stratfor", promote=False, **SAID)
    publish(found, seed=1, named=True, beside=True, **SAID)
    return found


@pytest.fixture(scope="session")
def model(archive: Archive) -> dr.Fitted:
    """Return the current version."""
    return dr.load("current", home=archive.home)


@pytest.fixture
def away(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder that has the archive as `var`, and return it."""
    (tmp_path / "var").symlink_to(archive.home)
    monkeypatch.chdir(tmp_path)
    return tmp_path
