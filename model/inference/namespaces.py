"""The few array functions that the model is written in, so that NumPy and PyTensor share one definition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.special


@dataclass(frozen=True)
class Namespace:
    """The functions whose name or module differs between NumPy and PyTensor."""

    exp: Callable[[Any], Any]
    log: Callable[[Any], Any]
    log1p: Callable[[Any], Any]
    expm1: Callable[[Any], Any]
    gammaln: Callable[[Any], Any]
    logsumexp: Callable[..., Any]
    concatenate: Callable[..., Any]


NUMPY = Namespace(np.exp, np.log, np.log1p, np.expm1, scipy.special.gammaln, scipy.special.logsumexp, np.concatenate)


def pytensor_namespace() -> Namespace:
    """Return the same functions over PyTensor variables; importing PyTensor costs seconds, so only on request."""
    import pytensor.tensor as pt  # noqa: PLC0415 - heavy

    return Namespace(pt.exp, pt.log, pt.log1p, pt.expm1, pt.gammaln, pt.logsumexp, pt.concatenate)
