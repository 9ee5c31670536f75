"""Keys: shown once, kept as digests, changed whole, and taken note of at the next request."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.errors import KeyFileError, KeyNameError
from service.security import keys as keys_module
from service.security.keys import KeyFile, KeyRing, Scope

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> KeyFile:
    """Return a key file that is not there yet, in a folder that is not there either."""
    return KeyFile(tmp_path / "deep" / "keys.json")


def test_a_key_is_known_to_nobody_but_its_holder(file: KeyFile) -> None:
    """The file holds name, scope, digest and time, and no part of the key."""
    token = file.add("reader", Scope.ASSESS, now=NOW)
    text = file.path.read_text()
    assert re.fullmatch(r"drk_[A-Za-z0-9_-]{43}", token)
    assert token not in text
    assert token.removeprefix("drk_")[:8] not in text
    assert json.loads(text)["keys"] == [
        {
            "name": "reader",
            "scope": "assess",
            "sha256": hashlib.sha256(token.encode()).hexdigest(),
            "created": "2026-11-21T09:30:00+00:00",
        }
    ]


def test_the_file_is_for_its_owner_alone(file: KeyFile) -> None:
    """Its mode is 0600 after every change, whatever the mask, and nothing is left beside it."""
    mask = os.umask(0)
    try:
        file.add("reader", Scope.ASSESS, now=NOW)
        file.add("watcher", Scope.ADMIN, now=NOW)
        file.revoke("reader")
    finally:
        os.umask(mask)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert list(file.path.parent.iterdir()) == [file.path]


def test_keys_differ_and_are_found_by_themselves_alone(file: KeyFile) -> None:
    """Each token opens its own key, and a token that is nearly one opens none."""
    tokens = {name: file.add(name, Scope.ASSESS, now=NOW) for name in ("a", "b", "c")}
    ring = KeyRing(file.path)
    for name, token in tokens.items():
        found = ring.find(token)
        assert found is not None
        assert found.name == name
        for near in (token[:-1], token + "x", token.swapcase(), token.removeprefix("drk_"), "", "\xe9" * 5000):
            assert ring.find(near) is None


def test_every_key_is_compared_in_constant_time(file: KeyFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first of three keys costs as many comparisons as none at all, all of them by `compare_digest`."""
    tokens = [file.add(name, Scope.ASSESS, now=NOW) for name in ("a", "b", "c")]
    compared: list[tuple[str, str]] = []

    def noted(one: str, other: str) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr(keys_module.hmac, "compare_digest", noted)
    ring = KeyRing(file.path)
    for token in (tokens[0], tokens[2], "nothing"):
        compared.clear()
        ring.find(token)
        assert len(compared) == 3


def test_a_change_is_seen_without_a_restart(file: KeyFile) -> None:
    """A new key opens, and a revoked one does not, at the next request; an unchanged file is not read again."""
    first = file.add("first", Scope.ASSESS, now=NOW)
    ring = KeyRing(file.path)
    assert ring.find(first) is not None
    known = ring._known
    ring.find(first)
    assert ring._known is known
    second = file.add("second", Scope.ADMIN, now=NOW)
    assert ring.find(second) is not None
    file.revoke("first")
    assert ring.find(first) is None
    assert ring.find(second) is not None


@pytest.mark.parametrize("name", ["", "a b", "../x", "a/b", "\u00e9", "a\n", "x" * 65, "-\x00"])
def test_names_are_plain(file: KeyFile, name: str) -> None:
    """A name that could do harm in a log is refused, and no file is made."""
    with pytest.raises(KeyNameError, match="must be 1 to 64"):
        file.add(name, Scope.ASSESS, now=NOW)
    assert not file.path.exists()


def test_a_name_is_given_once(file: KeyFile) -> None:
    """A name that is taken is refused and its key stays; one that is not there cannot be revoked."""
    token = file.add("reader", Scope.ASSESS, now=NOW)
    with pytest.raises(KeyNameError, match="taken"):
        file.add("reader", Scope.ADMIN, now=NOW)
    with pytest.raises(KeyNameError, match="reader"):
        file.revoke("writer")
    assert KeyRing(file.path).find(token) is not None


GOOD: dict[str, Any] = {"name": "a", "scope": "assess", "sha256": "0" * 64, "created": "2026"}
DAMAGED = {
    "empty": b"",
    "half": b'{"format": 1, "keys": [',
    "no object": b"[]",
    "newer format": b'{"format": 2, "keys": []}',
    "no keys": b'{"format": 1}',
    "not UTF-8": b"\xff\xfe",
    "deep": b"[" * 100_000,
    **{
        f"{member} is {value!r}": json.dumps({"format": 1, "keys": [GOOD | {member: value}]}).encode()
        for member, value in [
            ("name", None), ("name", "../x"), ("scope", "root"), ("sha256", ""), ("sha256", "Z" * 64),
            ("sha256", 3), ("created", 5),
        ]
    },
    "an entry is no object": b'{"format": 1, "keys": ["a"]}',
}  # fmt: skip


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_file_lets_nobody_in(file: KeyFile, content: bytes) -> None:
    """What is no key file is an error that names the file, is not written over, and is asked again until mended."""
    token = file.add("reader", Scope.ASSESS, now=NOW)
    ring, good = KeyRing(file.path), file.path.read_bytes()
    assert ring.find(token) is not None
    file.path.write_bytes(content)
    for _ in range(2):
        with pytest.raises(KeyFileError, match=r"keys\.json"):
            ring.find(token)
    with pytest.raises(KeyFileError):
        file.add("other", Scope.ASSESS, now=NOW)
    assert file.path.read_bytes() == content
    file.path.write_bytes(good)
    assert ring.find(token) is not None


def test_a_missing_file_lets_nobody_in(file: KeyFile) -> None:
    """A file that went away is an error, not an open door."""
    token = file.add("reader", Scope.ASSESS, now=NOW)
    ring = KeyRing(file.path)
    assert ring.find(token) is not None
    file.path.unlink()
    with pytest.raises(KeyFileError, match="keys new"):
        ring.find(token)


def test_what_is_no_plain_file_is_not_waited_for(file: KeyFile) -> None:
    """A pipe in its place, which would be read for ever, lets nobody in."""
    file.path.parent.mkdir(parents=True)
    os.mkfifo(file.path)
    with pytest.raises(KeyFileError, match="must be a plain file"):
        KeyRing(file.path).find("drk_")


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A file where the folder should be is an error of keys, with its path."""
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyFileError, match="file"):
        KeyFile(tmp_path / "file" / "keys.json").add("reader", Scope.ASSESS, now=NOW)


def test_writers_at_once_lose_nothing(file: KeyFile) -> None:
    """Eight threads that each make four keys make thirty-two, and a reader meanwhile never sees half a file."""
    file.add("first", Scope.ASSESS, now=NOW)
    ring, torn = KeyRing(file.path), []

    def write(writer: int) -> None:
        for number in range(4):
            KeyFile(file.path).add(f"key-{writer}-{number}", Scope.ASSESS, now=NOW)
            try:
                ring.find("nothing")
            except KeyFileError as error:
                torn.append(error)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({key.name for key in file.read()}) == 33
    assert torn == []
