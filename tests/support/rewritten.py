"""Made-up studies of which a passage is written over, as files in memory or in a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from priors.study import read_files
from tests.support.made_up import STUDIES

Files = dict[str, bytes]


def rewritten(study: str, *changes: tuple[str, str, str]) -> Files:
    """Return the files of a made-up study, in each that is named a passage replaced, which must be there."""
    files = read_files(STUDIES / study)
    for file, passage, by in changes:
        text = files[file].decode()
        assert passage in text, f"{file} has no {passage!r}"
        files[file] = text.replace(passage, by, 1).encode()
    return files


def written(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files to a folder, which is made, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder
