"""What the disk refuses is said with the path and what to do."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from model.archive import Archive, ArchiveUnreadableError, ArchiveUnwritableError

Publish = Callable[..., str]
REFUSALS = [
    (errno.ENOSPC, "disk is full; free some space"),
    (errno.EACCES, "permission denied; give this user write access"),
    (errno.EROFS, "read-only; mount it writable"),
]


def refuse(monkeypatch: pytest.MonkeyPatch, owner: object, call: str, number: int) -> None:
    """Let a call fail as the system would."""

    def fail(path: object, *_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(owner, call, fail)


@pytest.mark.parametrize(("number", "advice"), REFUSALS)
@pytest.mark.parametrize("call", ["mkdir", "rename", "write_bytes", "chmod"])
def test_a_refusal_while_publishing_says_what_to_do(
    archive: Archive, publish: Publish, monkeypatch: pytest.MonkeyPatch, call: str, number: int, advice: str
) -> None:
    """Whichever step of publishing the disk refuses, the error names the path and the remedy; nothing is left."""
    old = publish("old")
    archive.promote(old)
    refuse(monkeypatch, Path, call, number)
    with pytest.raises(ArchiveUnwritableError, match=advice) as caught:
        publish("new")
    assert str(archive.home) in str(caught.value)
    assert "DEFECTION_RISK_HOME" in str(caught.value)
    assert archive.versions() == (old,)
    assert archive.current() == old
    assert list((archive.home / "drafts").iterdir()) == []


@pytest.mark.parametrize(("number", "advice"), REFUSALS)
def test_a_refusal_while_promoting_keeps_the_current(
    archive: Archive, publish: Publish, monkeypatch: pytest.MonkeyPatch, number: int, advice: str
) -> None:
    """When `current` cannot be replaced, the old one stays and no scrap is left."""
    old, new = publish("old"), publish("new")
    archive.promote(old)
    refuse(monkeypatch, Path, "replace", number)
    with pytest.raises(ArchiveUnwritableError, match=advice):
        archive.promote(new)
    assert archive.current() == old
    assert list((archive.home / "drafts").iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_disk_that_fills_while_a_draft_is_written(archive: Archive) -> None:
    """A full disk met by whoever writes the draft's files is the same error."""
    with pytest.raises(ArchiveUnwritableError, match="disk is full"), archive.draft():
        Path("/dev/full").write_bytes(b"x")
    assert list((archive.home / "drafts").iterdir()) == []


def test_a_home_below_a_file_is_refused(tmp_path: Path) -> None:
    """A home that is a file, or lies below one, is refused with a word about it, for writing and for reading."""
    (tmp_path / "file").write_text("x")
    for home in (tmp_path / "file", tmp_path / "file" / "home"):
        with pytest.raises(ArchiveUnwritableError, match="a file stands where a folder is needed"):
            Archive(home).draft().__enter__()
        with pytest.raises(ArchiveUnreadableError):
            Archive(home).versions()
        with pytest.raises(ArchiveUnreadableError):
            Archive(home).current()


def test_errors_about_other_paths_pass_unchanged(archive: Archive, tmp_path: Path) -> None:
    """What goes wrong in a draft with files that are not the archive's is not blamed on the archive."""
    for error in (
        PermissionError(errno.EACCES, "denied", str(tmp_path / "evidence.csv")),
        PermissionError(errno.EPERM, "no path"),
        OSError(errno.EIO, "broken", str(archive.home)),
        FileNotFoundError(errno.ENOENT, "missing", str(archive.home / "x")),
    ):
        with pytest.raises(type(error)) as caught, archive.draft():
            raise error
        assert caught.value is error


def test_a_folder_the_system_will_not_look_into_is_not_called_missing(
    archive: Archive, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version behind a folder without permission is there for all we know."""
    version = publish()
    archive.promote(version)
    refuse(monkeypatch, Path, "is_dir", errno.EACCES)
    for read in (archive.current, lambda: archive.manifest(version)):
        with pytest.raises(ArchiveUnreadableError, match=rf"{version}: cannot be read \(Permission denied\)"):
            read()


def test_a_file_the_system_will_not_read_is_not_called_damaged(
    archive: Archive, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Missing permission says nothing about the bytes, so it is its own error."""
    version = publish()
    refuse(monkeypatch, Path, "read_bytes", errno.EACCES)
    with pytest.raises(ArchiveUnreadableError, match=r"manifest\.json: cannot be read \(Permission denied\)"):
        archive.read(version, "risk_table.npz")
