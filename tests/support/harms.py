"""What can be wrong with a version, done to an archive while it is served."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from model.archive import Archive
from model.archive.manifest import FORMAT, digest, to_bytes
from tests.service.publishing import publish
from tests.support.risk_tables import packed, synthetic_arrays
from tests.support.syria import SYRIA


def flipped_bit(archive: Archive, seed: int) -> None:
    """Change one bit of a published risk table."""
    version = publish(archive, seed=seed, promote=False)
    table = _folder(archive, version) / "risk_table.npz"
    data = bytearray(table.read_bytes())
    data[len(data) // 2] ^= 1
    table.write_bytes(data)
    _point(archive, version)


def missing_table(archive: Archive, seed: int) -> None:
    """Lose the risk table of a published version."""
    version = publish(archive, seed=seed, promote=False)
    (_folder(archive, version) / "risk_table.npz").unlink()
    _point(archive, version)


def half_written(archive: Archive, seed: int) -> None:
    """Point at a version that a copying tool has not finished: half a table, and no manifest yet."""
    table = (_folder(archive, publish(archive, seed=seed, promote=False)) / "risk_table.npz").read_bytes()
    folder = _folder(archive, "20980101T000000Z-abcdef")
    folder.mkdir(exist_ok=True)
    (folder / "risk_table.npz").write_bytes(table[: len(table) // 2])
    _point(archive, folder.name)


def newer_format(archive: Archive, seed: int) -> None:
    """Publish in a format that only a later release reads."""
    _forge(archive, seed, lambda manifest: manifest | {"format": FORMAT + 1})


def older_format(archive: Archive, seed: int) -> None:
    """Publish in a format that only an earlier release reads."""
    _forge(archive, seed, lambda manifest: manifest | {"format": FORMAT - 1})


def escaping_file(archive: Archive, seed: int) -> None:
    """Publish a manifest that lists a file outside its folder."""
    record = {"sha256": hashlib.sha256(b"").hexdigest(), "bytes": 0}
    _forge(archive, seed, lambda manifest: manifest | {"files": manifest["files"] | {"../../../etc/passwd": record}})


def created_at_no_time(archive: Archive, seed: int) -> None:
    """Publish a manifest whose time is in the thirteenth month."""
    _forge(archive, seed, lambda manifest: manifest | {"created": "2026-13-01T00:00:00Z"})


def not_a_number(archive: Archive, seed: int) -> None:
    """Publish, with all checksums right, a table that holds NaN."""
    arrays = synthetic_arrays(SYRIA, seed=seed)
    arrays["baseline"][3, 2] = np.nan
    publish(archive, files={"risk_table.npz": packed(arrays)})


def pickled(archive: Archive, seed: int) -> None:  # noqa: ARG001 - one signature for all
    """Publish, with all checksums right, a table that would run code when unpickled."""
    file = io.BytesIO()
    np.savez(file, log_relative_hazard=np.array([print], dtype=object))
    publish(archive, files={"risk_table.npz": file.getvalue()})


def broken_study(archive: Archive, seed: int) -> None:
    """Publish, with all checksums right, a version whose vocabulary has no attributes."""
    publish(archive, seed=seed, files={"vocabulary.yaml": b"everyone: nobody\n"})


def escaping_pointer(archive: Archive, seed: int) -> None:  # noqa: ARG001 - one signature for all
    """Let `current` lead out of the archive."""
    _point(archive, "../../../../etc")


def empty_pointer(archive: Archive, seed: int) -> None:  # noqa: ARG001 - one signature for all
    """Empty `current`, as a disk that filled up under another tool would."""
    _point(archive, "")


def circular_pointer(archive: Archive, seed: int) -> None:  # noqa: ARG001 - one signature for all
    """Let the system refuse to read `current`: a link to itself, which not even root can follow."""
    current = archive.home / "current"
    current.unlink()
    current.symlink_to("current")


Harm = Callable[[Archive, int], None]
HARMS: Mapping[str, Harm] = {
    harm.__name__.replace("_", " "): harm
    for harm in (
        flipped_bit,
        missing_table,
        half_written,
        newer_format,
        older_format,
        escaping_file,
        created_at_no_time,
        not_a_number,
        pickled,
        broken_study,
        escaping_pointer,
        empty_pointer,
        circular_pointer,
    )
}


def _folder(archive: Archive, version: str) -> Path:
    return archive.home / "versions" / version


def _point(archive: Archive, version: str) -> None:
    """Replace `current` as the archive would, but for all its checks."""
    aside = archive.home / "current.new"
    aside.write_text(f"{version}\n", encoding="ascii")
    aside.replace(archive.home / "current")


def _forge(archive: Archive, seed: int, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change a manifest so that its digest still fits."""
    version = publish(archive, seed=seed, promote=False)
    path = _folder(archive, version) / "manifest.json"
    manifest = change(json.loads(path.read_bytes()))
    path.write_bytes(to_bytes(manifest | {"digest": digest(manifest)}))
    _point(archive, version)
