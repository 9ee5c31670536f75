"""What the tests of the evidence room share: the vocabulary, and rows and officers that break no rule."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from priors.study import load_study
from priors.vocabulary import Vocabulary

Write = Callable[..., Path]

ROW = {
    "id": "A1",
    "use": "yes",
    "kind": "rate",
    "sect": "sunni",
    "rank": "officers",
    "eliteness": "",
    "proximity": "",
    "attribute": "",
    "window_from": "2011-03-15",
    "window_to": "2012-03-15",
    "total_low": "100",
    "total_high": "200",
    "count_low": "5",
    "count_high": "10",
    "overlaps": "",
    "source": "a book",
    "url": "https://example.org/book",
    "note": "",
}
OFFICER = {
    "sect": "sunni",
    "rank": "captain",
    "eliteness": "ordinary",
    "proximity": "outside",
    "from": "2011-03-15",
    "to": "2016-03-15",
    "defected": "yes",
    "defected_on": "2012-07-01",
}


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """Read the vocabulary of the project."""
    return load_study().vocabulary


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write rows, each a dictionary, as a CSV file and return its path."""

    def write_rows(rows: Sequence[Mapping[str, str]], name: str = "rows.csv") -> Path:
        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(key for row in rows for key in row)), restval="")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write_rows


@pytest.fixture
def evidence(write: Write) -> Write:
    """Write evidence rows that differ from a valid one in the fields given."""
    return lambda *changes, name="rows.csv": write([ROW | change for change in changes], name)


@pytest.fixture
def roster(write: Write) -> Write:
    """Write officers that differ from a valid one in the fields given."""
    return lambda *changes, name="officers.csv": write([OFFICER | change for change in changes], name)
