"""A vector times a matrix, small enough for plain loops, and the same backwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np


def compiled[Function: Callable[..., Any]](function: Function) -> Function:
    """Compile as all of the kernel is: a division by zero is infinite, as in NumPy; infinities and NaN are kept."""
    made: Function = numba.njit(function, error_model="numpy", fastmath={"contract", "reassoc", "nsz", "arcp"})
    return made


@compiled
def times(vector: Any, matrix: Any) -> Any:
    """Return `vector @ matrix`."""
    result = np.zeros(matrix.shape[1])
    for row in range(matrix.shape[0]):
        for column in range(matrix.shape[1]):
            result[column] += vector[row] * matrix[row, column]
    return result


@compiled
def times_transposed(matrix: Any, vector: Any) -> Any:
    """Return `matrix @ vector`."""
    result = np.zeros(matrix.shape[0])
    for row in range(matrix.shape[0]):
        for column in range(matrix.shape[1]):
            result[row] += matrix[row, column] * vector[column]
    return result
