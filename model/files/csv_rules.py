"""The rules of CSV (RFC 4180), each held against a stretch of text at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.files.errors import LineFault

LINE_FEED, CARRIAGE_RETURN, QUOTE, COMMA = b'\n\r",'

LONGEST_ROW: Final = 1 << 17
"""Bytes of a row, at most: as many as Python's own reader takes in a cell. A quote without end would have no bound."""

TOO_LONG: Final = f"a row must have at most {LONGEST_ROW:,} bytes"

SHOWN: Final = 20
"""Faults of a kind that are told at once, at most."""

ODD_SO_FAR: Final = np.packbits(
    np.bitwise_xor.accumulate(np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1), axis=1), axis=1
).ravel()
"""For every byte, the byte whose bits say whether the bits so far are odd in number."""

Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Stretch:
    """Text of a file from where a row begins, and the line that this is; places are counted from there."""

    text: bytes
    line: int

    @cached_property
    def codes(self) -> NDArray[np.uint8]:
        """The bytes as numbers, shape (byte,)."""
        return np.frombuffer(self.text, np.uint8)

    @cached_property
    def quotes(self) -> NDArray[np.bool_]:
        """Which bytes are quotes, shape (byte,)."""
        found: NDArray[np.bool_] = self.codes == QUOTE
        return found

    @cached_property
    def inside(self) -> NDArray[np.bool_]:
        """Which bytes stand in quotes, shape (byte,): also a quote that opens, but not one that closes."""
        return odd_so_far(self.quotes)

    @cached_property
    def ends(self) -> Places:
        """Where rows end, shape (row,): the line feeds outside quotes."""
        return self.places(LINE_FEED)

    @property
    def whole(self) -> int:
        """How many bytes the rows have that end in this stretch."""
        return int(self.ends[-1]) + 1 if len(self.ends) else 0

    def places(self, code: int) -> Places:
        """Return where a character stands outside quotes."""
        found = self.codes == code
        if self.quotes.any():
            found &= ~self.inside
        return np.flatnonzero(found)

    def line_of(self, place: int) -> int:
        """Return the line that a byte stands in."""
        return self.line + self.text.count(b"\n", 0, place)

    def opening(self, place: int) -> int:
        """Return the line of the quote that opens the cell before a byte."""
        opens = np.flatnonzero((self.quotes & self.inside)[:place])
        # One that follows another at once goes on with a cell: the two stand for a quote in it.
        return self.line_of(int(opens[(opens == 0) | ~self.quotes[opens - 1]][-1]))

    def faults(self, places: Places | Sequence[int], rule: str) -> list[LineFault]:
        """Return a fault for the line of each of the first places."""
        return [LineFault(self.line_of(int(place)), rule) for place in places[:SHOWN]]


def odd_so_far(marks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return whether the marks up to and with each are odd in number, shape (byte,): `logical_xor.accumulate`.

    Worked out for eight marks at once, the bits of a byte, which takes a quarter of the time.
    """
    eights = ODD_SO_FAR[np.packbits(marks)]
    before = np.bitwise_xor.accumulate(eights & 1) ^ (eights & 1)
    return np.unpackbits(eights ^ (before * np.uint8(255)), count=len(marks)).view(np.bool_)


@dataclass(frozen=True)
class Layout:
    """What the header settles for every row: its own text, where it ends, commas in each row, how lines end."""

    header: bytes
    end: int
    commas: int
    line_end: bytes


def layout_of(stretch: Stretch) -> Layout:
    """Return what the first line of a stretch settles."""
    end = int(stretch.ends[0]) + 1
    line_end = b"\r\n" if stretch.text[:end].endswith(b"\r\n") else b"\n"
    commas = int(np.searchsorted(stretch.places(COMMA), end))
    return Layout(stretch.text[:end].removesuffix(line_end), end, commas, line_end)


def quote_faults(stretch: Stretch) -> list[LineFault]:
    """Return the first quote that is out of place: it opens within a cell, or closes before the cell ends."""
    if not stretch.quotes.any():
        return []
    codes, quotes, inside = stretch.codes, stretch.quotes, stretch.inside
    edges = quotes | (codes == COMMA) | (codes == LINE_FEED)
    early = np.flatnonzero((quotes & inside)[1:] & ~edges[:-1]) + 1
    late = np.flatnonzero((quotes & ~inside)[:-1] & ~(edges | (codes == CARRIAGE_RETURN))[1:])
    if len(early) and not (len(late) and late[0] < early[0]):
        rule = "a quote stands in a cell that does not begin with one; put the cell in quotes, and write its own twice"
        return stretch.faults(early[:1], rule)
    if len(late):
        place = int(late[0])
        rule = f"a cell opens with a quote here and closes with one in line {stretch.line_of(place)}, and goes on"
        return [LineFault(stretch.opening(place), rule)]
    return []


def rest_faults(stretch: Stretch, *, final: bool) -> list[LineFault]:
    """Return what is wrong with the part of a row that a stretch leaves over."""
    left = len(stretch.text) - stretch.whole
    if not left or (left <= LONGEST_ROW and not final):
        return []
    if stretch.quotes.any() and stretch.inside[-1]:
        where = "" if final else f" within {LONGEST_ROW:,} bytes"
        return [LineFault(stretch.opening(len(stretch.text)), f"a quote is opened here and not closed{where}")]
    return stretch.faults([stretch.whole], TOO_LONG)


def text_faults(stretch: Stretch) -> list[LineFault]:
    """Return the first NUL byte, or else the first byte that is not UTF-8, among the rows that end."""
    text = stretch.text[: stretch.whole]
    if (place := text.find(b"\0")) >= 0:
        return stretch.faults([place], "holds a NUL byte: it is binary data, not CSV")
    try:
        if not text.isascii():
            text.decode()
    except UnicodeDecodeError as error:
        return stretch.faults([error.start], "must be text in UTF-8")
    return []


def row_faults(stretch: Stretch, layout: Layout, *, start: int) -> list[LineFault]:
    """Return what is wrong with the rows that end in a stretch; those from `start` on are not the header."""
    if not layout.header:
        return stretch.faults([0], "must name the columns; it is blank")
    starts = np.concatenate([[0], stretch.ends[:-1] + 1])
    commas = np.diff(np.searchsorted(stretch.places(COMMA), stretch.ends), prepend=0)
    found = []
    for row in np.flatnonzero(_are_rows(stretch, layout) & (commas != layout.commas))[:SHOWN].tolist():
        rule = f"must have {layout.commas + 1} cells, as the header has; it has {commas[row] + 1}"
        found += stretch.faults([starts[row]], rule)
    found += stretch.faults(starts[stretch.ends - starts > LONGEST_ROW], TOO_LONG)
    return [*found, *_line_end_faults(stretch, layout), *_header_faults(stretch, layout, start)]


def row_count(stretch: Stretch, layout: Layout) -> int:
    """Return how many rows end in a stretch."""
    return int(np.count_nonzero(_are_rows(stretch, layout)))


def _are_rows(stretch: Stretch, layout: Layout) -> NDArray[np.bool_]:
    """Return which lines are rows, shape (line,): a blank line is one of a file of one column, and of no other."""
    found: NDArray[np.bool_] = np.diff(stretch.ends, prepend=-1) > len(layout.line_end)
    return found if layout.commas else np.ones_like(found)


def _line_end_faults(stretch: Stretch, layout: Layout) -> list[LineFault]:
    """Return the rows that do not end as the header does, and the carriage returns that end none."""
    crlf = layout.line_end == b"\r\n"
    after_return = (stretch.codes[stretch.ends - 1] == CARRIAGE_RETURN) & (stretch.ends > 0)
    others = stretch.ends[after_return != crlf]
    found = stretch.faults(others, f"must end in {'CR LF' if crlf else 'LF'}, as the header does")
    if b"\r" in stretch.text:
        returns = stretch.places(CARRIAGE_RETURN)
        returns = returns[returns < stretch.whole]
        alone = returns[stretch.codes[returns + 1] != LINE_FEED]
        found += stretch.faults(alone, "a carriage return must stand before a line feed, or in quotes")
    return found


def _header_faults(stretch: Stretch, layout: Layout, start: int) -> list[LineFault]:
    """Return the rows, from the one that begins at `start`, that say what the header says."""
    row = layout.header + layout.line_end
    places = [start] if stretch.text.startswith(row, start) else []
    quoted, place = stretch.quotes.any(), stretch.text.find(b"\n" + row, start, stretch.whole)
    while place >= 0 and len(places) < SHOWN:
        if not (quoted and stretch.inside[place]):
            places.append(place + 1)
        place = stretch.text.find(b"\n" + row, place + 1, stretch.whole)
    return stretch.faults(places, "repeats the header")
