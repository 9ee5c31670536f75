"""Arrays packed in an `.npz` file: what their headers declare is known before any of them is unpacked."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from model.risk.errors import RiskTableError

LARGEST: Final = 512 << 20
"""Bytes of all arrays of a file together: what a worker can hold."""

HEADER_FORMAT: Final = (1, 0)
"""Of the `.npy` header that NumPy writes for arrays of numbers; later ones may be of any length."""


@dataclass(frozen=True)
class Header:
    """What an array is declared to be."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """The bytes that it takes once it is unpacked."""
        return math.prod(self.shape) * self.dtype.itemsize


@contextmanager
def opened(data: bytes, name: str) -> Iterator[zipfile.ZipFile]:
    """Open the bytes of an `.npz` file, which an error calls by its name.

    Raises
    ------
    RiskTableError
        If they are none, here or where an array is read in the block.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            yield file
    except RiskTableError:
        raise
    except Exception as error:  # of many classes, whatever zipfile, zlib and NumPy make of damage
        kind = type(error).__name__
        raise RiskTableError(f"{name}: cannot be read as arrays of numbers ({kind})") from error


def headers(file: zipfile.ZipFile) -> dict[str, Header]:
    """Return what each array of a file is declared to be.

    Raises
    ------
    ValueError
        If a member is no array, does not have the length that its header makes it, or is there twice.
    """
    members = file.infolist()
    found = {member.filename.removesuffix(".npy"): _header(file, member) for member in members}
    if len(found) < len(members):
        raise ValueError("an array is there twice")
    return found


def check_headers(found: Mapping[str, Header], expected: Mapping[str, Header], name: str) -> None:
    """Raise RiskTableError unless a file, called by its name, holds the arrays that are expected, and no others.

    Raises
    ------
    RiskTableError
        If one is missing, of another shape or type; if there are others; or if they take too much together.
    """
    for array, header in expected.items():
        if array not in found:
            raise RiskTableError(f"{name}: {array}: must be there")
        if found[array].shape != header.shape:
            raise RiskTableError(f"{name}: {array}: must have shape {header.shape}, not {found[array].shape}")
        if found[array].dtype != header.dtype:
            raise RiskTableError(f"{name}: {array}: must be of type {header.dtype}")
    if len(found) > len(expected):
        raise RiskTableError(f"{name}: must hold {len(expected)} arrays, as its manifest says, not {len(found)}")
    if sum(header.size for header in expected.values()) > LARGEST:
        raise RiskTableError(f"{name}: its arrays must take at most {LARGEST >> 20} MiB together")


def unpacked(file: zipfile.ZipFile, name: str) -> NDArray[Any]:
    """Return an array of a file, read-only and by column: a question about a cell reads its draws in one stretch."""
    with file.open(f"{name}.npy") as stream:
        array: NDArray[Any] = np.asarray(npy.read_array(stream, allow_pickle=False), order="F")
    array.flags.writeable = False
    return array


def _header(file: zipfile.ZipFile, member: zipfile.ZipInfo) -> Header:
    with file.open(member) as stream:
        if npy.read_magic(stream) != HEADER_FORMAT:
            raise ValueError("a header is of another format")
        shape, _, dtype = npy.read_array_header_1_0(stream)
        header = Header(dtype, shape)
        if member.file_size != stream.tell() + header.size:
            raise ValueError("a member is not as long as its header makes it")
    return header
