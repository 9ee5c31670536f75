"""Evidence files read into rows: the user's own, and the rows that come bundled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from model.evidence.checks import RowCheck, conflicts
from model.evidence.errors import FileFault, InvalidFileError
from model.evidence.fields import read_flag
from model.evidence.rows import EvidenceRow, Origin
from model.evidence.tables import FileTable, read_file
from priors.study import EVIDENCE, Study
from priors.vocabulary import Vocabulary

REQUIRED = ("id", "kind", "window_from", "window_to", "total_low", "total_high", "count_low", "count_high")
OPTIONAL = ("attribute", "bound_by", "overlaps", "source", "url", "published_on", "note")


def bundled_evidence(study: Study) -> tuple[EvidenceRow, ...]:
    """Return the evidence rows that come with a study, each with its source."""
    return read_evidence([study], study.vocabulary)


def read_evidence(sources: Sequence[Path | Study], vocabulary: Vocabulary) -> tuple[EvidenceRow, ...]:
    """Read evidence files for one fit.

    Parameters
    ----------
    sources : sequence of Path or Study
        CSV or Parquet files; of a study, the rows that come with it. Rows whose `use` is no are left out, and nothing
        else in them is checked.
    vocabulary : Vocabulary
        The words that the files may use, with their synonyms and groups.

    Returns
    -------
    tuple of EvidenceRow
        In the order of the files and of the rows in them.

    Raises
    ------
    UnreadableFileError
        If a file is missing, empty, damaged, or not what its name says.
    InvalidFileError
        If columns or rows break a rule, also those of `check_together`; it carries all problems of all files.
    """
    rows: list[EvidenceRow] = []
    problems: list[FileFault] = []
    for source in sources:
        refusal = "not a column of an evidence file"
        columns = (*REQUIRED, "use", *vocabulary.names, *OPTIONAL)
        path, content = (Path(EVIDENCE), source.files[EVIDENCE]) if isinstance(source, Study) else (source, None)
        table = read_file(path, content, columns=columns, required=REQUIRED, refusal=refusal)
        problems += table.problems
        if all(name in table.columns for name in REQUIRED):
            read, broken = _rows(table, vocabulary)
            rows += read
            problems += broken
    problems += conflicts(rows, vocabulary)
    if problems:
        raise InvalidFileError(problems)
    return tuple(rows)


def _rows(table: FileTable, vocabulary: Vocabulary) -> tuple[list[EvidenceRow], list[FileFault]]:
    rows: list[EvidenceRow] = []
    problems: list[FileFault] = []
    for number, fields in enumerate(_fields(table), start=1):
        check = RowCheck(fields, Origin(table.file, number), vocabulary)
        if _used(check):
            row = check.row()
            rows += [row] if row else []
        problems += check.problems
    if not rows and not problems:
        problems.append(FileFault(table.file, "holds no row to use: `use` is no in every one", column="use"))
    return rows, problems


def _used(check: RowCheck) -> bool:
    return "use" not in check.fields or check.read("use", read_flag, otherwise=False)


def _fields(table: FileTable) -> Iterator[dict[str, str]]:
    for index in range(table.rows):
        yield {name: column.texts[column.codes[index]] for name, column in table.columns.items()}
