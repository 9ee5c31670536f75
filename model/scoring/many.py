"""Scores many files over a joblib backend: each a piece of work, each written whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from model.archive import Archive
from model.parallel import each_of
from model.scoring.bad_rows import SHOWN
from model.scoring.errors import BadRowsError, TargetError
from model.scoring.formats import named_format
from model.scoring.scoring import Scored, score
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
    skip_bad: Path | None = None,
) -> list[Scored]:
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
    skip_bad : Path, optional
        The folder in which rows that cannot be used go, under the names of their files; the rest is scored.

    Raises
    ------
    BadRowsError
        If rows of any file cannot be used, and nothing is said of where they are to go; all files are looked at.
    ScoringError, FilesError
        If a file, a column, a row or the folder cannot be used; files that are done by then stay.
    """
    twice = [name for name, count in Counter(file.name for file in files).items() if count > 1]
    if twice:
        raise TargetError(f"{twice[0]}: two files are called so; score them into folders of their own")
    into = [folder] if skip_bad is None else [folder, skip_bad]
    for file in files:
        named_format(file)
        for each in into:
            if file.resolve().parent == each.resolve():
                raise TargetError(f"{each}: must not be where {file.name} is, which would be overwritten")
    if skip_bad is not None and skip_bad.resolve() == folder.resolve():
        raise TargetError(f"{skip_bad}: must be another folder than that of the scored files")
    for each in into:
        each.mkdir(parents=True, exist_ok=True)
    terms = {"window": window, "safe_for_spreadsheets": safe_for_spreadsheets}
    work = partial(_scored, archive.home.resolve(), version, [each.resolve() for each in into], terms)
    done = each_of(work, [file.resolve() for file in files])
    bad = [each for each in done if isinstance(each, BadRowsError)]
    if bad:
        raise BadRowsError([row for each in bad for row in each.first][:SHOWN], sum(each.count for each in bad))
    return [each for each in done if isinstance(each, Scored)]


def _scored(home: Path, version: str, into: Sequence[Path], terms: dict[str, Any], file: Path) -> Scored | BadRowsError:
    target, *skip_bad = (folder / file.name for folder in into)
    try:
        return score(read_table(Archive(home), version), file, target, skip_bad=next(iter(skip_bad), None), **terms)
    except BadRowsError as error:
        return error  # so that the other files are looked at
