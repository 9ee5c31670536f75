"""Any change to any byte of a version is noticed before it is used."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.archive import (
    Archive,
    ArchiveError,
    DamagedVersionError,
    NewerFormatError,
    OlderFormatError,
    UnknownVersionError,
    UnsafeNameError,
)
from model.archive.manifest import FORMAT, digest, opened, to_bytes

FILES = ("manifest.json", "model_card.md", "risk_table.npz")
Publish = Callable[..., str]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, str]:
    """Return an archive and its one version."""
    archive = Archive(tmp_path_factory.mktemp("damage"))
    with archive.draft() as draft:
        (draft.path / "risk_table.npz").write_bytes(bytes(range(256)) * 2)
        (draft.path / "model_card.md").write_text("# A model\n")
        version = draft.publish({"prior_set": "pooled", "seed": 7, "step": 1e-5, "note": "é", "by": {"10": 1, "9": 2}})
    archive.promote(version)
    return archive, version


@contextmanager
def damaged(path: Path, content: bytes) -> Iterator[None]:
    """Put other content into a file for a while."""
    original = path.read_bytes()
    path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(original)


def assert_noticed(archive: Archive, version: str, name: str) -> None:
    """Assert that neither verify, nor promote, nor read lets a damaged file pass."""
    with pytest.raises(ArchiveError):
        archive.verify(version)
    with pytest.raises(ArchiveError):
        archive.promote(version)
    for other in FILES[1:] if name == "manifest.json" else (name,):
        with pytest.raises(ArchiveError):
            archive.read(version, other)


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_any_flipped_byte_is_noticed(published: tuple[Archive, str], data: st.DataObject) -> None:
    """Whatever byte of whatever file is changed, in whatever way, the version is refused."""
    archive, version = published
    name = data.draw(st.sampled_from(FILES))
    path = archive.home / "versions" / version / name
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    with damaged(path, bytes(content)):
        assert_noticed(archive, version, name)


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_any_other_length_is_noticed(published: tuple[Archive, str], data: st.DataObject) -> None:
    """A file cut short anywhere, or with anything added, is refused."""
    archive, version = published
    name = data.draw(st.sampled_from(FILES))
    path = archive.home / "versions" / version / name
    content = path.read_bytes()
    shorter = st.integers(0, len(content) - 1).map(lambda end: content[:end])
    longer = st.binary(min_size=1, max_size=9).map(lambda more: content + more)
    with damaged(path, data.draw(shorter | longer)):
        assert_noticed(archive, version, name)


def test_a_file_that_grew_is_not_read(archive: Archive, publish: Publish) -> None:
    """What has become larger than any memory is refused by its length."""
    version = publish()
    os.truncate(archive.home / "versions" / version / "risk_table.npz", 1 << 42)
    with pytest.raises(DamagedVersionError, match=f"has {1 << 42} bytes; 5 were published"):
        archive.read(version, "risk_table.npz")


@pytest.mark.parametrize("name", ["manifest.json", "risk_table.npz"])
def test_what_no_reader_could_hold_is_not_read(archive: Archive, publish: Publish, name: str) -> None:
    """A file of more than a gibibyte is refused by its length, also where its manifest states that length."""
    size = (1 << 30) + 1
    version = forged(archive, publish(), files={"risk_table.npz": {"sha256": "0" * 64, "bytes": size}})
    os.truncate(archive.home / "versions" / version / name, size)
    with pytest.raises(DamagedVersionError, match=f"{name}: is larger than 1 GiB"):
        archive.read(version, "risk_table.npz")


def test_every_bit_of_a_manifest_is_protected(published: tuple[Archive, str]) -> None:
    """Each single bit of the manifest, blanks and line ends included, cannot be turned unnoticed."""
    archive, version = published
    content = (archive.home / "versions" / version / "manifest.json").read_bytes()
    assert opened(content, version=version)["seed"] == 7
    for place in range(len(content)):
        for bit in range(8):
            changed = content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :]
            with pytest.raises(ArchiveError):
                opened(changed, version=version)


def test_every_byte_of_current_is_checked(published: tuple[Archive, str]) -> None:
    """A changed or shortened `current` is an error, never another version and never none."""
    archive, version = published
    path = archive.home / "current"
    content = path.read_bytes()
    for place in range(len(content)):
        for changed in (content[: place or 0], content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]):
            if changed.decode() == version:  # only the line end is missing, the name is whole
                continue
            with damaged(path, changed), pytest.raises((DamagedVersionError, UnknownVersionError)):
                archive.current()
    assert archive.current() == version


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(archive: Archive, publish: Publish, name: str) -> None:
    """A file that is gone is damage, and the error says which."""
    version = publish()
    (archive.home / "versions" / version / name).unlink()
    with pytest.raises(DamagedVersionError, match=f"versions/{version}/{name}: is missing") as caught:
        archive.verify(version)
    assert caught.value.file == f"versions/{version}/{name}"


def test_a_folder_in_place_of_a_file_is_named(archive: Archive, publish: Publish) -> None:
    """Something that is not a file is damage too."""
    version = publish()
    path = archive.home / "versions" / version / "risk_table.npz"
    path.unlink()
    path.mkdir()
    with pytest.raises(DamagedVersionError, match="is not a plain file"):
        archive.read(version, "risk_table.npz")


def test_a_version_under_another_name_is_refused(archive: Archive, publish: Publish) -> None:
    """A version's folder cannot pass for another version."""
    version = publish()
    other = "20300101T000000Z-abcdef"
    (archive.home / "versions" / version).rename(archive.home / "versions" / other)
    with pytest.raises(DamagedVersionError, match="another version"):
        archive.verify(other)


def forged(archive: Archive, version: str, **fields: Any) -> str:
    """Rewrite a manifest with a digest that fits, as a hostile hand would, and return the version."""
    path = archive.home / "versions" / version / "manifest.json"
    manifest = json.loads(path.read_bytes()) | fields
    path.write_bytes(to_bytes(manifest | {"digest": digest(manifest)}))
    return version


def test_a_newer_format_is_said_to_be_newer(archive: Archive, publish: Publish) -> None:
    """A version of a later release is not called damaged: the error says to install a newer one."""
    version = forged(archive, publish(), format=FORMAT + 1)
    with pytest.raises(
        NewerFormatError, match=rf"format {FORMAT + 1} is newer .* which is {FORMAT}; install a newer release"
    ):
        archive.read(version, "risk_table.npz")


def test_an_older_format_is_refused_with_the_command_that_makes_a_new_one(archive: Archive, publish: Publish) -> None:
    """Wherever a version of an earlier release is read, the error is not damage, and names `defection-risk refit`."""
    version = forged(archive, publish(), format=1)
    for read in (archive.manifest, archive.verify, archive.promote, partial(archive.read, name="risk_table.npz")):
        with pytest.raises(
            OlderFormatError, match=rf"format 1 is older .* which is {FORMAT}; `defection-risk refit` makes"
        ):
            read(version)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"files": {"../../current": {"sha256": "", "bytes": 0}}}, UnsafeNameError),
        ({"files": {"a": {"sha256": ""}}}, DamagedVersionError),
        ({"files": {"a": "b"}}, DamagedVersionError),
        ({"files": []}, DamagedVersionError),
        ({"format": 0}, DamagedVersionError),
        ({"format": "1"}, DamagedVersionError),
    ],
)
def test_a_forged_manifest_reads_nothing_elsewhere(
    archive: Archive, publish: Publish, fields: dict[str, Any], error: type[ArchiveError]
) -> None:
    """A manifest with a fitting digest still cannot point outside its folder or lack what a manifest has."""
    version = forged(archive, publish(), **fields)
    with pytest.raises(error):
        archive.verify(version)


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b"\xff\xfe", b"[" * 100_000, b"1" * 5000, b'{"format": NaN}'])
def test_what_is_no_manifest_is_damage(archive: Archive, publish: Publish, content: bytes) -> None:
    """Whatever stands in the manifest's place, the error is damage and not a traceback."""
    version = publish()
    (archive.home / "versions" / version / "manifest.json").write_bytes(content)
    with pytest.raises(DamagedVersionError):
        archive.manifest(version)
