"""A measured figure: what was asked of it, what it came to over repetitions, and against what."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FOLDER = Path("build/benchmarks")
"""Where figures are kept until the page is written; not part of the tree."""


@dataclass(frozen=True)
class Figure:
    """One line of docs/performance.md.

    Attributes
    ----------
    name : str
        What was measured.
    target : str
        What was asked, in words; empty where it is measured for comparison alone.
    values : tuple of float
        One for each repetition.
    unit : str
        `s`, `x`, `MiB`, `1/s`.
    limit : float or None
        The number in the target.
    at_most : bool
        Whether the target is an upper limit.
    note : str
        What it was compared with, and how.
    """

    name: str
    target: str
    values: tuple[float, ...]
    unit: str
    limit: float | None = None
    at_most: bool = True
    note: str = ""

    @property
    def median(self) -> float:
        """The figure."""
        return statistics.median(self.values)

    @property
    def met(self) -> bool | None:
        """Whether the median meets the target; None where there is none."""
        if self.limit is None:
            return None
        return self.median <= self.limit if self.at_most else self.median >= self.limit


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def paired(ours: Callable[[], object], theirs: Callable[[], object], *, rounds: int) -> list[tuple[float, float]]:
    """Return the seconds of both, timed in turns after one round that is thrown away, so that drift strikes both."""
    pairs = [(timed(ours), timed(theirs)) for _ in range(rounds + 1)]
    return pairs[1:]


def keep(room: str, figures: Sequence[Figure], **extra: Any) -> None:
    """Keep the figures of a room of benchmarks, with whatever else its part of the page shows, and print them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    content = {"figures": [asdict(figure) for figure in figures], **extra}
    (FOLDER / f"{room}.json").write_text(json.dumps(content, indent=2), encoding="utf-8")
    for figure in figures:
        print(row(figure))  # noqa: T201 - this is what it is run for


def row(figure: Figure) -> str:
    """Return a figure as a row of a table: name, target, median, spread, verdict."""
    verdict = {True: "met", False: "**not met**", None: ""}[figure.met]
    spread = f"{shown(min(figure.values))} to {shown(max(figure.values))}" if len(figure.values) > 1 else "once"
    return f"| {figure.name} | {figure.target} | {shown(figure.median)} {figure.unit} | {spread} | {verdict} |"


def shown(value: float) -> str:
    """Return a number to three significant digits, without an exponent."""
    return f"{float(f'{value:.3g}'):,.10g}"
