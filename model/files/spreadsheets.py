"""Cells of CSV that a spreadsheet would work out as formulas, made plain text.

The beginnings are those of OWASP's page on CSV injection.
"""

from __future__ import annotations

import re
from typing import Any, Final

FORMULA: Final = "[-=+@\t\r\n\uff1d\uff0b\uff0d\uff20]"
"""How a cell begins that may be worked out, full-width signs among them."""

NUMBER: Final = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
"""A number, signed or not, which is no formula."""


def safe_text(text: str) -> str:
    """Return a cell, with an apostrophe before it if it would be worked out."""
    return f"'{text}" if re.match(FORMULA, text) and not re.fullmatch(NUMBER, text) else text


def safe_column(column: Any) -> Any:
    """Return an Arrow column of text as `safe_text` returns each of its cells."""
    import pyarrow.compute as pc  # noqa: PLC0415 - heavy, and needed by large files alone

    worked_out = pc.match_substring_regex(column, f"^{FORMULA}")
    number = pc.match_substring_regex(column, f"^{NUMBER}$")
    return pc.if_else(pc.and_not(worked_out, number), pc.binary_join_element_wise("'", column, ""), column)
