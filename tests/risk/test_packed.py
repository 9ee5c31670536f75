"""Nothing of a file is unpacked before its headers are what they must be, and no bytes are more than refused."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.lib import format as npy

from model.risk import packed as packed_module
from model.risk.errors import RiskTableError
from model.risk.table import RiskTable
from priors.study import load_study
from tests.support.doctored import CELLS, GIBIBYTE, ROWS, declaring, gibibyte
from tests.support.risk_tables import packed, synthetic_arrays, synthetic_manifest
from tests.support.syria import SYRIA

VOCABULARY = load_study().vocabulary
MANIFEST = synthetic_manifest(SYRIA)
ARRAYS = synthetic_arrays(SYRIA, draws=3, prior_draws=3)
SOUND = packed(ARRAYS)
LITTLE = 1 << 20


def read(data: bytes) -> RiskTable:
    """Return the table that bytes hold."""
    return RiskTable.from_bytes(data, MANIFEST, SYRIA)


@contextmanager
def little_memory() -> Iterator[None]:
    """Assert that the block never takes more than a mebibyte."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < LITTLE
    finally:
        tracemalloc.stop()


def test_a_gibibyte_in_22_megabytes_is_not_unpacked() -> None:
    """A table that is whole, but for an array far larger than its baseline says, is refused by its headers."""
    data = gibibyte(ARRAYS)
    assert len(data) < 23e6
    with (
        little_memory(),
        pytest.raises(RiskTableError, match=rf"must have shape \(3, {CELLS}\), not \({ROWS}, {CELLS}\)"),
    ):
        read(data)


HUGE = {
    "draws that agree": {
        "baseline": ((ROWS, 8), "<f8"),
        "log_relative_hazard": ((ROWS, CELLS), "<f4"),
        "heads": ((ROWS, CELLS), "<f4"),
        "over_time/sect": ((ROWS, 6, 8), "<f4"),
        "over_time/rank": ((ROWS, 8, 8), "<f4"),
    },
    "an array that is not asked for": {"another": ((GIBIBYTE,), "|u1")},
    "numbers of a gibibyte each": {"log_relative_hazard": ((3, CELLS), f"|S{GIBIBYTE}")},
    "one text": {"baseline": ((), f"<U{GIBIBYTE // 16}")},
    "objects": {"log_relative_hazard": ((3, CELLS), "|O")},
    "less than nothing": {"baseline": ((3, -5), "<f8")},
    "numbers that are not there": {"prior_log_relative_hazard": ((3, CELLS), "<f4")},
}


@pytest.mark.parametrize("declared", HUGE.values(), ids=HUGE.keys())
def test_what_headers_declare_is_refused_unread(declared: dict[str, tuple[tuple[int, ...], str]]) -> None:
    """Whatever is declared, nothing is made room for that a risk table does not have."""
    data = declaring(ARRAYS, declared)
    with little_memory(), pytest.raises(RiskTableError):
        read(data)


def member(content: bytes, *, size: int | None = None) -> bytes:
    """Return a sound table whose baseline is other content, of which the zip directory states a size."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SOUND)) as sound, zipfile.ZipFile(file, "w") as other:
        for name in sound.namelist():
            other.writestr(name, content if name == "baseline.npy" else sound.read(name))
        other.getinfo("baseline.npy").file_size = len(content) if size is None else size
    return file.getvalue()


def later_format(length: int) -> bytes:
    """Return the start of an array whose header has a length of four bytes."""
    return npy.magic(2, 0) + length.to_bytes(4, "little") + b" " * 64


ODD = {
    "no array": member(b"x" * 999),
    "nothing": member(b""),
    "a header of a gibibyte": member(later_format(GIBIBYTE), size=GIBIBYTE),
    "a header that is no Python": member(npy.magic(1, 0) + (200).to_bytes(2, "little") + b"(" * 200),
    "a directory that states more": member(b"x" * 999, size=GIBIBYTE),
}


@pytest.mark.parametrize("data", ODD.values(), ids=ODD.keys())
def test_a_member_that_is_no_array_is_refused(data: bytes) -> None:
    """What stands in an array's place is not read to its end to be told apart."""
    with little_memory(), pytest.raises(RiskTableError, match="cannot be read as arrays of numbers"):
        read(data)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_array_that_is_there_twice_is_refused() -> None:
    """Of two arrays of one name, with or without the ending that NumPy gives it, none is chosen."""
    for name in ("baseline.npy", "baseline"):
        file = io.BytesIO(SOUND)
        with zipfile.ZipFile(file, "a") as archive, zipfile.ZipFile(io.BytesIO(SOUND)) as sound:
            archive.writestr(name, sound.read("baseline.npy"))
        with pytest.raises(RiskTableError, match="cannot be read as arrays of numbers"):
            read(file.getvalue())


def test_all_arrays_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table whose arrays agree with each other may still be too large for a worker."""
    monkeypatch.setattr(packed_module, "LARGEST", 12_000)
    with pytest.raises(RiskTableError, match="its arrays must take at most"):
        read(SOUND)


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_no_bytes_are_more_than_refused(data: st.DataObject) -> None:
    """A table with some bytes changed, or cut short, is read as it was or is refused; nothing else happens."""
    content = bytearray(SOUND[: data.draw(st.sampled_from((len(SOUND), data.draw(st.integers(0, len(SOUND))))))])
    # Half of the places are near the end, where the directory is.
    places = st.integers(0, len(SOUND) - 1) | st.integers(len(SOUND) - 700, len(SOUND) - 1)
    for place, byte in data.draw(st.dictionaries(places, st.integers(0, 255), max_size=4)).items():
        if place < len(content):
            content[place] = byte
    try:
        found = read(bytes(content))
    except RiskTableError:
        return
    np.testing.assert_array_equal(found.posterior.baseline, ARRAYS["baseline"])
    np.testing.assert_array_equal(found.prior.log_relative_hazard, ARRAYS["prior_log_relative_hazard"])
