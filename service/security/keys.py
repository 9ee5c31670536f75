"""Keys: who may ask what. The file holds a name, a scope and a digest for each, never a key."""

from __future__ import annotations

import enum
import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from service.errors import KeyFileError, KeyNameError

FORMAT: Final = 1
NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
DIGEST: Final = re.compile(r"[0-9a-f]{64}")
PREFIX: Final = "drk_"
"""How every key begins, so that one left in a repository or a log can be searched for."""

RANDOM_BYTES: Final = 32


class Scope(enum.StrEnum):
    """What a key opens: `assess` all of /v1, `admin` that and /metrics."""

    ASSESS = "assess"
    ADMIN = "admin"

    def opens(self, needed: Scope) -> bool:
        """Whether a key of this scope may do what asks for another."""
        return self in {needed, Scope.ADMIN}


@dataclass(frozen=True)
class Key:
    """What is kept of a key.

    Attributes
    ----------
    name : str
        Whose it is: letters, digits, and `.`, `_`, `-`.
    scope : Scope
    sha256 : str
        Digest of the key, in hexadecimal. A plain digest, without salt or work factor: those protect what people choose
        and could be guessed; 256 random bits cannot be, and a slow hash would let anyone keep the service busy.
    created : str
        When, in UTC.
    """

    name: str
    scope: Scope
    sha256: str
    created: str


def digest(token: str) -> str:
    """Return the digest under which a key is kept."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


class KeyFile:
    """A file of keys, changed by one writer at a time and replaced whole.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> tuple[Key, ...]:
        """Return the keys in the order they were made.

        Raises
        ------
        KeyFileError
            If the file is missing, cannot be read, or is no key file of this format.
        """
        try:
            # A pipe or a device would be read for ever.
            if self.path.exists() and not self.path.is_file():
                raise KeyFileError(f"{self.path}: must be a plain file; move away what stands there")
            data = json.loads(self.path.read_bytes())
        except OSError as error:
            raise self.unreadable(error) from error
        except (ValueError, RecursionError):
            raise KeyFileError(f"{self.path}: must be JSON as `defection-risk keys new` writes it") from None
        if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("keys"), list):
            raise KeyFileError(f"{self.path}: must be a key file of format {FORMAT}")
        return tuple(self._key(number, entry) for number, entry in enumerate(data["keys"], 1))

    def unreadable(self, error: OSError) -> KeyFileError:
        """Return the error that says why the file cannot be read, and what makes one."""
        return KeyFileError(f"{self.path}: cannot be read: {error.strerror}; `defection-risk keys new NAME` makes one")

    def add(self, name: str, scope: Scope, *, now: datetime) -> str:
        """Make a key, keep its digest, and return the key itself: the only time it is known.

        Raises
        ------
        KeyNameError
            If the name is not an allowed one, or is taken.
        KeyFileError
            If the file cannot be read or written.
        """
        if not NAME.fullmatch(name):
            raise KeyNameError("NAME: must be 1 to 64 letters, digits, full stops, hyphens or low lines")
        token = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
        with self._alone():
            keys = self.read() if self.path.exists() else ()
            if any(key.name == name for key in keys):
                raise KeyNameError(f"NAME: is taken; nearest: {name}-2, or `defection-risk keys revoke {name}` first")
            self._write((*keys, Key(name, scope, digest(token), now.isoformat(timespec="seconds"))))
        return token

    def revoke(self, name: str) -> None:
        """Forget a key: whoever holds it is no longer let in.

        Raises
        ------
        KeyNameError
            If there is none of this name.
        KeyFileError
            If the file cannot be read or written.
        """
        with self._alone():
            keys = self.read()
            if all(key.name != name for key in keys):
                raise KeyNameError(f"NAME: must be one of {', '.join(key.name for key in keys) or 'no keys'}")
            self._write(tuple(key for key in keys if key.name != name))

    def _key(self, number: int, entry: Any) -> Key:
        words = {name: entry.get(name) for name in Key.__dataclass_fields__} if isinstance(entry, dict) else {}
        stated = {name: word for name, word in words.items() if isinstance(word, str)}
        if len(stated) < len(Key.__dataclass_fields__):
            raise KeyFileError(f"{self.path}: key {number}: must have name, scope, sha256 and created")
        name, scope = stated["name"], stated["scope"]
        if not NAME.fullmatch(name) or not DIGEST.fullmatch(stated["sha256"]) or scope not in {*Scope}:
            raise KeyFileError(f"{self.path}: key {number}: name, scope or sha256 is no such thing")
        return Key(name, Scope(scope), stated["sha256"], stated["created"])

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold off other writers, by a lock on the folder, which stays when the file is replaced."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            folder = os.open(self.path.parent, os.O_RDONLY)
        except OSError as error:
            raise KeyFileError(f"{self.path.parent}: cannot be used: {error.strerror}") from error
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
            os.fsync(folder)
        finally:
            os.close(folder)

    def _write(self, keys: tuple[Key, ...]) -> None:
        content = json.dumps({"format": FORMAT, "keys": [asdict(key) for key in keys]}, indent=2) + "\n"
        try:
            # mkstemp gives it mode 0600, which the rename keeps.
            descriptor, name = tempfile.mkstemp(prefix=f".{self.path.name}-", dir=self.path.parent)
            try:
                with os.fdopen(descriptor, "w", encoding="ascii") as stream:
                    stream.write(content)
                    stream.flush()
                    os.fsync(descriptor)
                Path(name).replace(self.path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise KeyFileError(f"{self.path}: cannot be written: {error.strerror}") from error


class KeyRing:
    """The keys of a file as they stand now: read again whenever the file is another.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self._file = KeyFile(path)
        # Seen and known together, replaced by one assignment: no thread sees one without the other.
        self._known: tuple[object, tuple[Key, ...]] = (None, ())

    def find(self, token: str) -> Key | None:
        """Return the key that a token is, or None.

        Every key is compared, each in constant time, so that the time taken tells nothing of any of them.

        Raises
        ------
        KeyFileError
            If the file can no longer be read: then nobody is let in, for it might have come to revoke.
        """
        offered, found = digest(token), None
        for key in self._keys():
            if hmac.compare_digest(key.sha256, offered):
                found = key
        return found

    def _keys(self) -> tuple[Key, ...]:
        try:
            status = self._file.path.stat()
        except OSError as error:
            raise self._file.unreadable(error) from error
        signature = (status.st_mtime_ns, status.st_size, status.st_ino)
        seen, keys = self._known
        if seen != signature:
            # Looked at before it is read: if it changes in between, the next request reads it again.
            keys = self._file.read()
            self._known = (signature, keys)
        return keys
