"""The few array functions that the model is written in, so that NumPy and JAX share one definition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.special


@dataclass(frozen=True)
class Namespace:
    """The functions whose name or module differs between NumPy and JAX.

    Attributes
    ----------
    sum_by : callable
        Given values, the group of each and the number of groups, the sum of each group.
    """

    exp: Callable[[Any], Any]
    log: Callable[[Any], Any]
    log1p: Callable[[Any], Any]
    expm1: Callable[[Any], Any]
    gammaln: Callable[[Any], Any]
    logsumexp: Callable[..., Any]
    concatenate: Callable[..., Any]
    sum_by: Callable[[Any, Any, int], Any]


def _sum_by(values: Any, groups: Any, count: int) -> Any:
    return np.bincount(groups, weights=values, minlength=count)


NUMPY = Namespace(
    np.exp, np.log, np.log1p, np.expm1, scipy.special.gammaln, np.logaddexp.reduce, np.concatenate, _sum_by
)


def jax_namespace() -> Namespace:
    """Return the same functions over JAX arrays; JAX is not among what the project needs, so only on request."""
    import jax  # noqa: PLC0415 - heavy
    import jax.numpy as jnp  # noqa: PLC0415 - heavy
    from jax.scipy import special  # noqa: PLC0415 - heavy

    return Namespace(
        jnp.exp, jnp.log, jnp.log1p, jnp.expm1, special.gammaln, special.logsumexp, jnp.concatenate,
        jax.ops.segment_sum,
    )  # fmt: skip
