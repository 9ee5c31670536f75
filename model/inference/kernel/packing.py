"""Many arrays as three, because nutpie takes half a second to compile for each array that a model is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.inference.kernel.arrays import compiled
from model.inference.kernel.data import Known


class Packed(NamedTuple):
    """The arrays of `Known`, end to end.

    Attributes
    ----------
    numbers, integers : (value,)
    places : (array, 4)
        Where each array begins among the values of its kind, and its shape.
    """

    numbers: NDArray[np.float64]
    integers: NDArray[np.int64]
    places: NDArray[np.int64]


def packed(known: Known) -> Packed:
    """Return the arrays end to end."""
    values: dict[bool, list[NDArray[Any]]] = {True: [np.zeros(0)], False: [np.zeros(0)]}
    places = np.zeros((len(known), 4), dtype=np.int64)
    for place, array in zip(places, known, strict=True):
        own = values[_is_whole(array)]
        place[0] = sum(each.size for each in own)
        place[1 : 1 + array.ndim] = array.shape
        own.append(array.ravel())
    return Packed(
        np.concatenate(values[False]).astype(np.float64), np.concatenate(values[True]).astype(np.int64), places
    )


def unpacker(known: Known) -> Callable[..., Any]:
    """Return the compiled function that makes of the fields of `Packed` what they were made of.

    Parameters
    ----------
    known : Known
        Any: that the dimensions and the kinds of its arrays are the same is all that is asked.
    """
    parts = [
        f"view_{array.ndim}({'integers' if _is_whole(array) else 'numbers'}, places[{number}])"
        for number, array in enumerate(known)
    ]
    scope: dict[str, Any] = {"Known": Known, "view_1": _vector, "view_2": _matrix, "view_3": _cube}
    exec(f"def unpack(numbers, integers, places): return Known({', '.join(parts)})", scope)  # noqa: S102 - our own words
    unpack: Callable[..., Any] = scope["unpack"]
    return compiled(unpack)


def _is_whole(array: NDArray[Any]) -> bool:
    return array.dtype.kind in "iu"


@compiled
def _vector(values: Any, place: Any) -> Any:
    return values[place[0] : place[0] + place[1]]


@compiled
def _matrix(values: Any, place: Any) -> Any:
    return values[place[0] : place[0] + place[1] * place[2]].reshape(place[1], place[2])


@compiled
def _cube(values: Any, place: Any) -> Any:
    return values[place[0] : place[0] + place[1] * place[2] * place[3]].reshape(place[1], place[2], place[3])
