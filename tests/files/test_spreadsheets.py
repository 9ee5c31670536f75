"""Cells that a spreadsheet would work out are made plain text; all others stay as they are."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.files.spreadsheets import safe_column, safe_text


@pytest.mark.parametrize(
    "cell", ["=1+1", "+x", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "-", "-1e", "=-5"]
)
def test_a_formula_gets_an_apostrophe(cell: str) -> None:
    """Whatever begins as a formula does is set off."""
    assert safe_text(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "sunni", "-5", "+3.5e-4", "-.5", "2011-03-15", "a=1", "'=1", " =1", "007"])
def test_other_cells_stay(cell: str) -> None:
    """Words, days and numbers, negative ones too, are left alone."""
    assert safe_text(cell) == cell


@settings(deadline=None)
@given(cells=st.lists(st.none() | st.text(st.sampled_from("=+-@\t\r\n\uff1d.e05a' "), max_size=5)))
def test_a_column_is_made_safe_as_each_of_its_cells(cells: list[str | None]) -> None:
    """Arrow's way of it and Python's are one."""
    found = safe_column(pa.array(cells, pa.string())).to_pylist()
    assert found == [None if cell is None else safe_text(cell) for cell in cells]
