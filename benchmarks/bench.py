"""What is served in a benchmark, how it is asked, and which answer is right."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.archive import Archive
from model.risk.assessment import assess, side_by_side
from model.risk.table import RiskTable
from model.stored import read_table
from priors.vocabulary import Vocabulary


@dataclass(frozen=True)
class Effort:
    """How often and for how long things are measured."""

    rounds: int = 7
    seconds: float = 10
    calls: int = 5

    @classmethod
    def quick(cls) -> Effort:
        """Enough to see that it runs."""
        return cls(rounds=2, seconds=2, calls=2)


@dataclass(frozen=True)
class Bench:
    """What is served, and how it is asked."""

    home: Path
    vocabulary: Vocabulary
    table: RiskTable
    effort: Effort

    @property
    def profiles(self) -> list[dict[str, str]]:
        """All 576, in an order that is no order."""
        cells = [dict(zip(self.vocabulary.names, levels, strict=True)) for levels in self.vocabulary.cells]
        random.Random(5).shuffle(cells)
        return cells

    def expected(self, profiles: list[dict[str, str]]) -> dict[str, Any]:
        """Return the answer that is right, from the risk table alone."""
        window = self.vocabulary.timeline.window
        return {
            "model": {
                "version": self.table.version,
                "priors": self.table.prior_set,
                "study": self.table.study.name,
            },
            "window": {"from": str(window.start), "to": str(window.end)},
            "assessments": side_by_side([assess(self.table, profile, window=window) for profile in profiles]),
        }


def body(profiles: list[dict[str, str]]) -> bytes:
    """Return the body of a question about profiles."""
    return json.dumps({"officers": profiles}).encode()


def risk_table(home: Path) -> RiskTable:
    """Return the current risk table of an archive."""
    archive = Archive(home)
    return read_table(archive, archive.require_current())
