"""A section of the report: what its template is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from model.report.drawing import Figure


@dataclass(frozen=True)
class Section:
    """A part of the page.

    Attributes
    ----------
    name : str
        Its id in the page, and the name of its template.
    title : str
    figures : mapping of str to Figure
        By name, for the template to place.
    content : mapping
        Whatever else its template shows.
    """

    name: str
    title: str
    figures: Mapping[str, Figure] = field(default_factory=dict)
    content: Mapping[str, Any] = field(default_factory=dict)
