"""The tutorial, run as its reader would run it, and kept without traces of the machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from tests.support.servers import PROJECT

TUTORIAL = PROJECT / "docs" / "tutorial.ipynb"
LONGEST = 600
"""Seconds for one cell: a fit where the model is not compiled yet."""


def read() -> NotebookNode:
    """Return the notebook as it is checked in."""
    return nbformat.read(TUTORIAL, as_version=4)


def executed(notebook: NotebookNode, home: Path) -> NotebookNode:
    """Run all cells in a kernel of their own, from the folder of the notebook.

    Parameters
    ----------
    notebook : NotebookNode
    home : Path
        The archive that it reads; it makes one of its own to write to.

    Raises
    ------
    CellExecutionError
        If a cell fails.
    """
    with TemporaryDirectory() as scratch, environment(home, Path(scratch)):
        where = {"metadata": {"path": str(TUTORIAL.parent)}}
        client = NotebookClient(notebook, timeout=LONGEST, record_timing=False, resources=where)
        return client.execute()


@contextmanager
def environment(home: Path, scratch: Path) -> Iterator[None]:
    """Give kernels the archive, one thread, and folders of their own for what Jupyter writes down."""
    folders = {name: str(scratch / name) for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR")}
    stated = {"DEFECTION_RISK_HOME": str(home.resolve()), "OMP_NUM_THREADS": "1", "TMPDIR": str(scratch)}
    stated["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # as where it is active
    with patch.dict(os.environ, folders | stated):
        yield


def plain(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook without the metadata of a run; and without what it says twice."""
    notebook.metadata = {"kernelspec": notebook.metadata.kernelspec, "language_info": {"name": "python"}}
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            # A table comes as text too.
            output.get("data", {}).pop("text/html", None)
            if "metadata" in output:
                output.metadata = {}
    return notebook


def main() -> None:
    """Run the tutorial on the archive named by the first argument, and write it with its outputs."""
    nbformat.write(plain(executed(read(), Path(sys.argv[1]))), TUTORIAL)


if __name__ == "__main__":
    main()
