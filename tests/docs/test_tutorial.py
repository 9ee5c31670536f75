"""The tutorial runs, and is checked in with the outputs of a run but without its traces."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.notebooks import TUTORIAL, executed, plain, read

MACHINE = re.compile(r"/(home|root|tmp|usr|var|work|Users|opt|private)/|[A-Z]:\\\\|localhost|ipykernel_[0-9]+")


def test_it_is_checked_in_as_it_ran() -> None:
    """Every cell ran once, in order and without a complaint; nothing in it tells of the machine; it stays small."""
    notebook = read()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    assert not [found for output in outputs if (found := MACHINE.search(str(output)))]
    assert notebook == plain(read())
    assert TUTORIAL.stat().st_size < 100_000


def test_the_number_is_the_services(home: Path) -> None:
    """Up to the fit of one's own, everything runs: the draws give the service's number to six digits, and its curve."""
    notebook = read()
    fit = next(index for index, cell in enumerate(notebook.cells) if "slow" in cell.metadata.get("tags", ()))
    assert any("assert" in cell.source for cell in notebook.cells[:fit])
    notebook.cells = notebook.cells[:fit]
    executed(notebook, home)


@pytest.mark.slow
def test_all_of_it_runs(home: Path) -> None:
    """From the posterior through a fit with officers of one's own to a case of one's own, no cell fails."""
    cells = executed(read(), home).cells
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    assert any("image/png" in output.get("data", {}) for output in outputs)
