"""The log-likelihood for samplers that run on JAX: what NumPy computes, differentiated by JAX itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
from pytensor.link.jax.dispatch import jax_funcify

from model.inference.hazard import Parameters, hazards
from model.inference.kernel.data import known
from model.inference.kernel.operation import PARAMETERS, LogLikelihood
from model.inference.likelihood import expected, log_likelihood, officers_log_likelihood
from model.inference.namespaces import jax_namespace


@jax_funcify.register(LogLikelihood)  # type: ignore[untyped-decorator]
def in_jax(op: LogLikelihood, **_: Any) -> Callable[..., Any]:
    """Return the operation for JAX; the evidence is that of the problem it was made for."""
    xp, layout, within_sect = jax_namespace(), op.problem.layout, op.problem.within_sect
    data: Any = known(op.problem.terms, op.problem.officers)

    def value(*groups: Any) -> Any:
        parameters = Parameters(*groups)
        table = hazards(parameters, layout, xp)
        expectation = expected(table, within_sect, layout.sect_of_cell, data, xp)
        evidence = log_likelihood(expectation, parameters.log_count_concentration, data, xp).sum()
        return evidence + officers_log_likelihood(table, data, xp)

    with_gradient = jax.value_and_grad(value, argnums=tuple(range(PARAMETERS)))

    def operation(*inputs: Any) -> Any:
        found, gradient = with_gradient(*inputs[:PARAMETERS])
        return found, *gradient

    return operation
