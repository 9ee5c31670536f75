"""A runner of the command, and an archive with a version of the default fit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from model.archive import Archive
from model.cli.main import commands
from model.inference.examination import Examination, examine
from model.inference.knowledge import Knowledge
from model.inference.refit import Fit
from model.inference.sampling import Sampling
from model.publishing import publish

Run = Callable[..., Result]


@pytest.fixture(scope="session")
def examination(bundled_fit: Fit, knowledge: Knowledge) -> Examination:
    """Return the default fit examined."""
    return examine(bundled_fit, knowledge, bundled_rows(knowledge), seed=Sampling().seed)


@pytest.fixture(scope="session")
def home(
    bundled_fit: Fit, examination: Examination, knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return the folder of an archive that serves the default fit; not to be written to."""
    folder = tmp_path_factory.mktemp("home")
    rows = bundled_rows(knowledge)
    publish(bundled_fit, examination, knowledge, rows, sampling=Sampling(), archive=Archive(folder))
    return folder


@pytest.fixture
def run() -> Run:
    """Return a function that runs the command with arguments."""

    def invoke(*arguments: object, home: Path = Path("nowhere")) -> Result:
        return CliRunner().invoke(commands, ["--home", str(home), *map(str, arguments)], prog_name="defection-risk")

    return invoke


def bundled_rows(knowledge: Knowledge):  # noqa: ANN201 - the rows' class is the reader's own
    """Return the bundled evidence rows."""
    from model.evidence.reading import bundled_evidence  # noqa: PLC0415 - heavy

    return bundled_evidence(knowledge.vocabulary)
