"""Risks that stand side by side and how they are told: cases that Python and the page must both get right."""

from __future__ import annotations

import re
from typing import NamedTuple


class Case(NamedTuple):
    """Risks side by side, the errors of some of them, and what is made of them."""

    expected: list[float]
    errors: list[float]
    told: list[str]


CASES = [
    Case([0.00039], [0.00002], ["3.9 in 10,000"]),
    Case([0.0312], [], ["3.1 in 100"]),
    Case([0.31, 0.028], [0.01, 0.001], ["31 in 100", "2.8 in 100"]),
    Case([0.33, 0.00017], [], ["3,300 in 10,000", "1.7 in 10,000"]),
    Case([0.43, 0.00000051], [], ["430,000 in 1,000,000", "fewer than 1 in 1,000,000"]),
    Case([1e-9], [1e-9], ["fewer than 1 in 1,000,000"]),
    Case([0.0], [0.0], ["fewer than 1 in 1,000,000"]),
    Case([0.996, 0.994, 0.9], [], ["more than 99 in 100", "99 in 100", "90 in 100"]),
    Case([0.96, 0.94], [0.2, 0.001], ["more than 90 in 100", "90 in 100"]),
    Case([0.0225], [], ["2.3 in 100"]),
    Case([0.025], [0.0026], ["3 in 100"]),
    Case([0.025], [0.0024], ["2.5 in 100"]),
    Case([0.4, 1e-8], [0.001, 1e-8], ["400,000 in 1,000,000", "fewer than 1 in 1,000,000"]),
]

COUNT = r"(?:fewer than |more than )?[\d,]+(?:\.\d)?"
UNIT = r" in 1(?:,?0+)+"
WITH_UNIT = re.compile(rf"(?:{COUNT} to )?{COUNT}{UNIT}")
DIFFERENCE = r"(?:[\d,]+(?:\.\d)? (?:more|fewer)|less than 1 more or fewer)"
DIFFERENCE_WITH_UNIT = re.compile(rf"(?:{DIFFERENCE} to )?{DIFFERENCE}{UNIT}")


def without_units(text: str) -> str:
    """Return what is left of a sentence when every number that has its unit is taken out."""
    return WITH_UNIT.sub("", DIFFERENCE_WITH_UNIT.sub("", text.replace("90 % interval", "")))


def printed(told: str) -> float:
    """Return the number that a reader takes from a risk as it is told."""
    words, _, denominator = told.rpartition(" in ")
    count = float(words.split()[-1].replace(",", "")) / float(denominator.replace(",", ""))
    return 0.0 if words.startswith("fewer") else 1.0 if words.startswith("more") else count
