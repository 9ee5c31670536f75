"""What the tests of the priors share: what the project bundles, and copies of its files that say something else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from priors.claims import Claims
from priors.corps import Corps
from priors.study import load_study
from priors.vocabulary import FOLDER, Vocabulary

Rewrite = Callable[[str, str, str], Path]


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """Read the vocabulary of the project."""
    return load_study().vocabulary


@pytest.fixture(scope="session")
def claims() -> Claims:
    """Read the claims of the project."""
    return load_study().claims


@pytest.fixture(scope="session")
def corps(vocabulary: Vocabulary) -> Corps:
    """Read the armed forces of the project."""
    return load_study().corps


@pytest.fixture
def rewritten(tmp_path: Path) -> Rewrite:
    """Copy the project's YAML files with one passage of one of them replaced, and return the folder."""

    def rewrite(name: str, passage: str, by: str) -> Path:
        for file in FOLDER.glob("*.yaml"):
            shutil.copy(file, tmp_path)
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert passage in text
        (tmp_path / name).write_text(text.replace(passage, by, 1), encoding="utf-8")
        return tmp_path

    return rewrite
