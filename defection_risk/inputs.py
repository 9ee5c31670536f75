"""What a caller gives to be fitted to: files, frames, the study's own rows, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, Union

from priors.study import Study

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from model.evidence.officers import Officers
    from model.evidence.rows import EvidenceRow

BUNDLED: Final = "bundled"
"""The study's own rows."""

Given = Union[str, Path, "pd.DataFrame", Sequence[Union[str, Path, "pd.DataFrame"]], None]
"""A file, a frame with the columns of one, several of either, or nothing."""


def read_rows(given: Given, study: Study) -> tuple[EvidenceRow, ...]:
    """Return rows of evidence, of which `bundled` are the study's own.

    Raises
    ------
    EvidenceError
        If a file cannot be read, or rows break a rule; it carries every problem of all of them.
    """
    from model.evidence.checks import check_together  # noqa: PLC0415 - heavy
    from model.evidence.reading import read_evidence  # noqa: PLC0415 - heavy

    with _files(given, "evidence") as files:
        rows = read_evidence([study if file == Path(BUNDLED) else file for file in files], study.vocabulary)
    check_together(rows, study.vocabulary)
    return rows


def read_individuals(given: Given, study: Study, *, as_of: date | None = None) -> Officers:
    """Return officers, one by one in their files; none may have been observed later than on the day that is stated.

    Raises
    ------
    EvidenceError
        If a file cannot be read, or rows break a rule; it carries every problem of all of them.
    """
    from model.evidence.officers import read_officers  # noqa: PLC0415 - heavy

    with _files(given, "officers") as files:
        return read_officers(files, study.vocabulary, as_of=as_of)


def several(given: Given) -> list[Any]:
    """Return what is given as a list."""
    return [] if given is None else list(given) if isinstance(given, list | tuple) else [given]


@contextmanager
def _files(given: Given, called: str) -> Iterator[list[Path]]:
    """Give what is given as files; a frame is written as CSV, so that one reader holds all to the same rules."""
    with TemporaryDirectory() as folder:
        files = []
        for number, each in enumerate(several(given), start=1):
            if isinstance(each, str | Path):
                files.append(Path(each))
            else:
                files.append(Path(folder) / f"{called}-{number}.csv")
                each.convert_dtypes().to_csv(files[-1], index=False, date_format="%Y-%m-%d")
        yield files
