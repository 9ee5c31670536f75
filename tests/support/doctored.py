"""Risk tables whose headers declare what is not there, or what no worker could hold."""

from __future__ import annotations

import io
import math
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.lib import format as npy

from tests.support.risk_tables import Arrays

GIBIBYTE = 1 << 30
CELLS = 576
ROWS = GIBIBYTE // (4 * CELLS)
"""Draws of relative hazards that take a gibibyte."""


def header(shape: tuple[int, ...], kind: Any) -> bytes:
    """Return the header of an array."""
    head = io.BytesIO()
    npy.write_array_header_1_0(head, {"descr": kind, "fortran_order": False, "shape": shape})
    return head.getvalue()


def declaring(arrays: Arrays, declared: Mapping[str, tuple[tuple[int, ...], str]]) -> bytes:
    """Return a table in which some arrays are but headers; the zip directory says that their numbers follow."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        _write(archive, {name: array for name, array in arrays.items() if name not in declared})
        for name, (shape, kind) in declared.items():
            archive.writestr(f"{name}.npy", head := header(shape, kind))
            size = len(head) + math.prod(shape) * np.dtype(kind).itemsize
            archive.getinfo(f"{name}.npy").file_size = size
    return file.getvalue()


def gibibyte(arrays: Arrays) -> bytes:
    """Return a table of 22 MB whose relative hazards are a gibibyte, all of it there, with the right checksum."""
    block = bytearray(1 << 20)
    block[:20_000] = np.random.default_rng(1).bytes(20_000)
    head, rest = header((ROWS, CELLS), "<f4"), bytes(ROWS * CELLS * 4 % len(block))
    repeated = ROWS * CELLS * 4 // len(block)
    crc = zlib.crc32(head)
    for _ in range(repeated):
        crc = zlib.crc32(block, crc)
    # One block is compressed and repeated: a stream of deflate goes on after a full flush as if it began.
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    begun = deflate.compress(head) + deflate.flush(zlib.Z_FULL_FLUSH)
    one = deflate.compress(block) + deflate.flush(zlib.Z_FULL_FLUSH)
    stream = begun + one * repeated + deflate.compress(rest) + deflate.flush()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        _write(archive, {name: array for name, array in arrays.items() if name != "log_relative_hazard"})
        archive.writestr("log_relative_hazard.npy", stream)
        entry = archive.getinfo("log_relative_hazard.npy")
        entry.compress_type, entry.CRC = zipfile.ZIP_DEFLATED, zlib.crc32(rest, crc)
        entry.file_size = len(head) + ROWS * CELLS * 4
    return file.getvalue()


def _write(archive: zipfile.ZipFile, arrays: Arrays) -> None:
    for name, array in arrays.items():
        with archive.open(f"{name}.npy", "w") as stream:
            npy.write_array(stream, array)
