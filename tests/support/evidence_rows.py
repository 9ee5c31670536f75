"""One evidence row of every kind and shape that enters a likelihood in its own way."""

from __future__ import annotations

from model.evidence.rows import EvidenceRow
from tests.support.problems import evidence_row

OFFICERS = ("lieutenant", "captain", "major", "colonel", "brigadier", "general")
SENIORS = ("brigadier", "general")
FIRST_YEARS = ("2011-03-15", "2014-07-31")
LATE = ("2012-11-20", "2014-07-31")
FIRST_DAY = ("2011-03-15", "2011-03-15")
NEW_YEAR = ("2014-01-01", "2014-01-01")

MEN = (
    evidence_row("M1", "rate", None, (1000, 3000), sect=("sunni",), rank=OFFICERS, window=FIRST_YEARS),
    evidence_row("M2", "rate", None, (3, 100), sect=("alawite",), rank=OFFICERS, window=LATE, bound_by="compiler"),
    evidence_row("M3", "rate", None, (0, 40), rank=SENIORS, proximity=("core", "trusted"), window=FIRST_YEARS),
    evidence_row("M4", "heads", None, (150, 1500), rank=SENIORS, window=FIRST_DAY, bound_by="compiler"),
    evidence_row("M5", "heads", None, (40_000, 52_000), rank=OFFICERS, window=NEW_YEAR),
)
SHARES = (
    evidence_row("N1", "rate", (5000, 18000), (1000, 3000), sect=("sunni",), rank=OFFICERS, window=FIRST_YEARS),
    evidence_row("N2", "rate", (900, 1000), (0, 60), sect=("druze",), window=LATE),
    evidence_row("N3", "corps_composition", (1, 1), (0.5, 0.85), rank=OFFICERS, attribute=("sect", ("alawite",))),
    evidence_row("N4", "rate", (100, 120), (2, 30), rank=("colonel",), window=LATE, bound_by="compiler"),
    evidence_row("N5", "corps_composition", (300, 320), (60, 320), attribute=("sect", ("sunni",)), window=NEW_YEAR),
)
BINOMIALS = (
    evidence_row(
        "B1", "rate", (35, 38), (0, 1), sect=("alawite",), rank=SENIORS, proximity=("core",), window=FIRST_YEARS
    ),
    evidence_row("B2", "rate", (5, 5), (0, 2), sect=("sunni",), rank=SENIORS, proximity=("core",), window=LATE),
    evidence_row("B3", "rate", (150, 165), (25, 50), rank=SENIORS, window=("2011-03-15", "2012-08-06")),
    evidence_row("B4", "corps_composition", (43, 43), (38, 38), rank=SENIORS, attribute=("sect", ("alawite",))),
)
LISTS = {
    "by rank, exact, nothing left": tuple(
        evidence_row(f"C{i}", "defector_composition", (57, 57), (n, n), attribute=("rank", ranks), rank=OFFICERS)
        for i, (n, ranks) in enumerate([(4, SENIORS), (23, ("colonel",)), (30, ("lieutenant", "captain", "major"))])
    ),
    "by rank, within bounds, with a remainder": tuple(
        evidence_row(
            f"D{i}", "defector_composition", (20, 22), bounds, attribute=("rank", ranks), rank=OFFICERS, window=LATE
        )
        for i, (bounds, ranks) in enumerate([((1, 3), SENIORS), ((5, 8), ("colonel",))])
    ),
    "by sect, one row": (
        evidence_row("E", "defector_composition", (12, 12), (9, 11), attribute=("sect", ("sunni",)), rank=OFFICERS),
    ),
    "by date, nothing left": tuple(
        evidence_row(f"T{i}", "timing", (56, 57), bounds, window=window, sect=("sunni",))
        for i, (bounds, window) in enumerate([
            ((11, 13), ("2011-04-01", "2011-12-31")),
            ((21, 23), ("2012-01-01", "2012-06-30")),
            ((21, 23), ("2012-07-01", "2012-12-31")),
            ((0, 2), ("2013-01-01", "2013-08-31")),
        ])
    ),
    "by date, with a remainder": (
        evidence_row("U", "timing", (30, 31), (7, 9), window=("2011-03-15", "2012-03-08"), rank=SENIORS),
    ),
}  # fmt: skip


def every_row() -> tuple[EvidenceRow, ...]:
    """Return all of them."""
    return (*MEN, *SHARES, *BINOMIALS, *(row for rows in LISTS.values() for row in rows))
