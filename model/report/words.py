"""Numbers and lists as a reader takes them in."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date

from priors.timeline import DAYS_IN_MONTH, Window

SMALLEST_DECIMAL = 0.01
SMALLEST_SHARE = 0.001

SPELLED = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
"""Counts that a sentence spells out."""

LONGEST_IN_DAYS = 90
"""A longer window is told in months, or in years."""


def number(value: float) -> str:
    """Return a number to two significant digits, without an exponent.

    Examples
    --------
    >>> number(0.0312), number(1.849), number(12345.0)
    ('0.031', '1.8', '12,000')
    """
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    decimals = 1 - math.floor(math.log10(abs(value)))
    shown = round(value, decimals)
    return f"{shown:,.{max(0, 1 - math.floor(math.log10(abs(shown))))}f}"


def percent(share: float) -> str:
    """Return a share as a percentage, to two digits, and at the ends no closer than a thousandth.

    Examples
    --------
    >>> percent(0.0), percent(0.034), percent(0.9987)
    ('under 0.1 %', '3.4 %', '99.9 %')
    """
    if not 0.0005 <= share < 0.9995:  # noqa: PLR2004 - half of the last digit shown
        return "under 0.1 %" if share < 0.5 else "over 99.9 %"  # noqa: PLR2004
    near_end = min(share, 1 - share) < 0.0995  # noqa: PLR2004
    return f"{100 * share:.{1 if near_end else 0}f} %"


def share(value: float) -> str:
    """Return a share or a risk, which may be far below a thousandth, as a percentage.

    Examples
    --------
    >>> share(0.034), share(0.0000213)
    ('3.4 %', '0.0021 %')
    """
    return percent(value) if value >= SMALLEST_SHARE else f"{number(100 * value)} %"


def whole_percent(ratio: float) -> str:
    """Return a ratio, which may be above 1, as a whole percentage."""
    return f"{100 * ratio:.0f} %"


def ratio(value: float) -> str:
    """Return a ratio, as a fraction of one where it is very small.

    Examples
    --------
    >>> ratio(1.77), ratio(0.00053)
    ('1.8', '1/1,900')
    """
    return number(value) if value >= SMALLEST_DECIMAL else f"1/{number(1 / value)}"


def measured(value: float | None) -> str:
    """Return what a check measured, to four digits; None stands for what is no finite number."""
    return "no number" if value is None else f"{value:.4g}"


def flat(text: str) -> str:
    """Return a text on one line that fits in a cell of a Markdown table.

    Examples
    --------
    >>> flat("one | two   three ")
    'one / two three'
    """
    return " ".join(text.replace("|", "/").split())


def counted(count: int, thing: str) -> str:
    """Return a number of things, in the plural where it is not one."""
    return f"{count:,} {_agreeing(count, thing)}"


def counted_in_words(count: int, thing: str) -> str:
    """Return a number of things, as `counted` does, with the number spelled out where it is small."""
    return f"{spelled(count)} {_agreeing(count, thing)}"


def _agreeing(count: int, thing: str) -> str:
    plural = thing[:-1] + "ies" if thing.endswith("y") else thing + "s"
    return thing if count == 1 else plural


def spelled(count: int) -> str:
    """Return a count in words where it is small.

    Examples
    --------
    >>> spelled(2), spelled(1861)
    ('two', '1,861')
    """
    return SPELLED[count] if count < len(SPELLED) else f"{count:,}"


def length(window: Window) -> str:
    """Return how long a window is, as an adjective: to the day where it is short, and to the month where it is not.

    Examples
    --------
    >>> length(Window(date(1901, 1, 1), date(1903, 1, 1))), length(Window(date(1901, 1, 1), date(1901, 9, 10)))
    ('two-year', 'eight-month')
    """
    days = (window.end - window.start).days
    if days <= LONGEST_IN_DAYS:
        return f"{spelled(days)}-day"
    years, months = divmod(round(days / DAYS_IN_MONTH), 12)
    return f"{spelled(12 * years + months)}-month" if months else f"{spelled(years)}-year"


def listed(words: Iterable[str], *, last: str = "and") -> str:
    """Return words as a list in a sentence."""
    *first, final = list(words) or ["none"]
    return f"{', '.join(first)} {last} {final}" if first else final


def bounds(low: float, high: float) -> str:
    """Return the bounds of a count."""
    return f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"


def day(text: str) -> str:
    """Return an ISO date as a reader writes it."""
    when = date.fromisoformat(text)
    return f"{when.day} {when:%B %Y}"


def anchor(kind: str, name: str) -> str:
    """Return the id, in the page, of a claim, row, check, quantity, term or article."""
    return f"{kind}-{re.sub(r'[^\w.-]', '-', name)}"
