"""A version of another archive is taken over whole and checked, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.archive import Archive, DamagedVersionError, UnknownVersionError
from tests.archive.conftest import Publish


@pytest.fixture
def other(tmp_path: Path) -> Archive:
    """Return an empty archive beside the first."""
    return Archive(tmp_path / "other")


def test_it_is_the_same_there(archive: Archive, other: Archive, publish: Publish) -> None:
    """Every file is the same under the same name, nothing becomes current, and a second time changes nothing."""
    version = publish("first")
    for _ in range(2):
        other.adopt(version, archive)
        other.verify(version)
    assert other.manifest(version) == archive.manifest(version)
    assert other.read(version, "risk_table.npz") == b"first"
    assert (other.versions(), other.current()) == ((version,), None)
    assert list((other.home / "drafts").iterdir()) == []


@pytest.mark.parametrize("file", ["risk_table.npz", "manifest.json"])
def test_what_is_damaged_is_left_where_it_is(archive: Archive, other: Archive, publish: Publish, file: str) -> None:
    """A version of which a byte is not as published is not taken, and nothing of it is left."""
    version = publish()
    path = archive.home / "versions" / version / file
    path.write_bytes(path.read_bytes().replace(b"e", b"f", 1))
    with pytest.raises(DamagedVersionError):
        other.adopt(version, archive)
    assert other.versions() == ()


def test_what_was_damaged_since_is_told(archive: Archive, other: Archive, publish: Publish) -> None:
    """A version that is kept already is checked again, not written over."""
    version = publish()
    other.adopt(version, archive)
    (other.home / "versions" / version / "model_card.md").write_text("another")
    with pytest.raises(DamagedVersionError, match=r"model_card\.md"):
        other.adopt(version, archive)


def test_a_version_that_there_is_not_cannot_be_taken(archive: Archive, other: Archive, publish: Publish) -> None:
    """The error names the newest of the archive that was to give it."""
    with pytest.raises(UnknownVersionError, match=publish()):
        other.adopt("20300101T000000Z-000000", archive)
