"""CSV read a block at a time, each held to the rules before it is given, so that no row is lost or joined to another.

Whatever takes a block apart, Arrow or Python's own reader, finds the same rows in it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import BinaryIO, Final

import numpy as np

from model.files import csv_rules as rules
from model.files.csv_rules import Layout, Stretch
from model.files.errors import CSVError, LineFault

BLOCK: Final = 1 << 20
"""Bytes read at once: few enough that what is worked out about them stays in the processor's cache."""

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Block:
    """Whole rows, each with the end of its line, how many they are, and the line that the first begins in."""

    data: bytes
    rows: int
    line: int

    @cached_property
    def lines(self) -> list[int]:
        """The line that each row begins in."""
        stretch = Stretch(self.data, self.line)
        starts = np.concatenate([[0], stretch.ends[:-1] + 1])
        if len(starts) > self.rows:  # some lines are blank, and no rows
            starts = starts[~np.isin(stretch.codes[starts], (rules.LINE_FEED, rules.CARRIAGE_RETURN))]
        before = np.searchsorted(np.flatnonzero(stretch.codes == rules.LINE_FEED), starts)
        lines: list[int] = (self.line + before).tolist()
        return lines


class CSVText:
    """A CSV file: the names of its columns, then its rows, block by block.

    Parameters
    ----------
    place : str
        What to call the file in errors.
    stream : binary stream
        What it holds.
    block : int
        Bytes to read at once.

    Attributes
    ----------
    names : tuple of str
        The cells of the header; none if the file is blank.
    bytes_read : int
        How much of the stream was read so far.

    Raises
    ------
    CSVError
        If a line breaks a rule, here or while blocks are read; no row of its block is given.
    """

    def __init__(self, place: str, stream: BinaryIO, *, block: int = BLOCK) -> None:
        self.names: tuple[str, ...] = ()
        self.bytes_read = 0
        self._line_end = b"\n"
        self._place, self._stream, self._block = place, stream, block
        self._checked = self._checked_blocks()
        self._first = next(self._checked, None)

    def blocks(self) -> Iterator[Block]:
        """Yield the rows below the header. A line without a character is one only where there is a single column."""
        if self._first is not None:
            yield from (block for block in chain([self._first], self._checked) if block.rows)

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Yield the cells of each row below the header; in place of `blocks`, for files that are not large."""
        for block in self.blocks():
            for row in csv.reader(io.StringIO(block.data.decode(), newline=""), strict=True):
                if row or len(self.names) == 1:
                    yield tuple(row or ("",))

    def _checked_blocks(self) -> Iterator[Block]:
        layout: Layout | None = None
        for stretch in self._stretches():
            self._refuse(rules.text_faults(stretch))
            header = layout is None
            layout = layout or rules.layout_of(stretch)
            start = layout.end if header else 0
            self._refuse(rules.row_faults(stretch, layout, start=start))
            if header:
                self._line_end = layout.line_end
                self.names = tuple(next(csv.reader([layout.header.decode()], strict=True)))
            rows = rules.row_count(stretch, layout) - header
            yield Block(stretch.text[start : stretch.whole], rows, stretch.line_of(start))

    def _stretches(self) -> Iterator[Stretch]:
        """Yield the text in stretches that begin where rows begin and hold the end of one at least."""
        rest, line, final = self._read(len(BYTE_ORDER_MARK)).removeprefix(BYTE_ORDER_MARK), 1, False
        while not final:
            data = self._read(self._block)
            final = not data
            stretch = Stretch(self._ended(rest) if final else rest + data, line)
            self._refuse(rules.quote_faults(stretch) or rules.rest_faults(stretch, final=final))
            if stretch.whole:
                yield stretch
            rest, line = stretch.text[stretch.whole :], stretch.line_of(stretch.whole)

    def _ended(self, rest: bytes) -> bytes:
        """Return what is left at the end of a file, whose last line may lack its end or half of it."""
        if not rest or rest.endswith(b"\n"):
            return rest
        return rest + (b"\n" if rest.endswith(b"\r") else self._line_end)

    def _read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self.bytes_read += len(data)
        return data

    def _refuse(self, faults: list[LineFault]) -> None:
        if faults:
            raise CSVError(self._place, sorted(set(faults), key=lambda fault: (fault.line, fault.rule))[: rules.SHOWN])
