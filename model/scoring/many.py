"""Scores many files over a joblib backend: each a piece of work, each written whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from model.archive import Archive
from model.parallel import each_of
from model.scoring.errors import TargetError
from model.scoring.formats import named_format
from model.scoring.scoring import score
from model.stored import read_table
from priors.timeline import Window


def score_each(
    archive: Archive,
    version: str,
    files: Sequence[Path],
    folder: Path,
    *,
    window: Window,
    safe_for_spreadsheets: bool = False,
) -> list[int]:
    """Score files into a folder, under their own names, and return the rows of each.

    Parameters
    ----------
    archive : Archive
        Where every worker, on whatever machine, finds the version; so with the files and the folder.
    version : str
        The version that answers.
    window : Window
        The window of every risk, inside the study.
    safe_for_spreadsheets : bool
        As for `score`.

    Raises
    ------
    ScoringError, FilesError
        If a file, a column, a row or the folder cannot be used; files that are done by then stay.
    """
    twice = [name for name, count in Counter(file.name for file in files).items() if count > 1]
    if twice:
        raise TargetError(f"{twice[0]}: two files are called so; score them into folders of their own")
    for file in files:
        named_format(file)
        if file.resolve().parent == folder.resolve():
            raise TargetError(f"{folder}: must not be where {file.name} is, which would be overwritten")
    folder.mkdir(parents=True, exist_ok=True)
    terms = {"window": window, "safe_for_spreadsheets": safe_for_spreadsheets}
    work = partial(_scored, archive.home.resolve(), version, folder.resolve(), terms)
    return each_of(work, [file.resolve() for file in files])


def _scored(home: Path, version: str, folder: Path, terms: dict[str, Any], file: Path) -> int:
    return score(read_table(Archive(home), version), file, folder / file.name, **terms)
