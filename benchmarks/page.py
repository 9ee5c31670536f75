"""Writes docs/performance.md from the figures that the benchmarks kept: `python -m benchmarks.page`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from benchmarks.figures import FOLDER, Figure, row, shown

PAGE = Path("docs/performance.md")
ROOMS = ("fit", "growth", "serve", "files")


def main() -> None:
    """Write the page; every room must have been measured."""
    rooms = {room: json.loads((FOLDER / f"{room}.json").read_text(encoding="utf-8")) for room in ROOMS}
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True, autoescape=False,  # noqa: S701 - Markdown
    )  # fmt: skip
    environment.filters["shown"] = shown
    tables = {room: table(content["figures"]) for room, content in rooms.items()}
    text = environment.get_template("performance.md.jinja").render(tables=tables, cores=os.cpu_count(), **rooms)
    PAGE.write_text(text, encoding="utf-8")


def table(figures: list[dict[str, Any]]) -> str:
    """Return figures as a table, with their notes below it."""
    made = [Figure(**figure | {"values": tuple(figure["values"])}) for figure in figures]
    head = ["| figure | target | measured (median) | spread | |", "|---|---|---|---|---|"]
    notes = [f"- {figure.name}: {figure.note}." for figure in made if figure.note]
    return "\n".join([*head, *(row(figure) for figure in made), *([""] if notes else []), *notes])


if __name__ == "__main__":
    sys.exit(main())
