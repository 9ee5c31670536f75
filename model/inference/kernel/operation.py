"""The kernel as one operation of a PyTensor graph, so that a PyMC model can hold it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytensor.tensor as pt
from pytensor.gradient import DisconnectedType, disconnected_type
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op
from pytensor.link.numba.dispatch.basic import register_funcify_and_cache_key

from model.inference.kernel.arrays import compiled
from model.inference.kernel.data import Point, Structure, known, structure
from model.inference.kernel.likelihood import value_and_gradient
from model.inference.kernel.packing import Packed, unpacker
from model.inference.problem import Problem

PARAMETERS = len(Point._fields)
KNOWN = PARAMETERS + len(Packed._fields)


class LogLikelihood(Op):  # type: ignore[misc]
    """The log-likelihood of everything that is known, and its gradient with respect to the parameters.

    Its inputs are the five groups of parameters, the fields of `Packed` and those of `Structure`; its outputs the value
    and five gradients.

    Parameters
    ----------
    problem : Problem
        Of which the layout, and who serves where, are those of every problem that it is given.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.unpack = unpacker(known(problem.terms, problem.officers))

    def of(self, parameters: Sequence[Any], packed: Sequence[Any]) -> Any:
        """Return the log-likelihood of parameters, given the fields of `Packed`, as a variable."""
        value, *_ = self(*parameters, *packed, *structure(self.problem.layout, self.problem.within_sect))
        return value

    def make_node(self, *given: Any) -> Apply:
        """Return the node of these inputs."""
        inputs = [pt.as_tensor(each) for each in given]
        return Apply(self, inputs, [pt.dscalar(), *(each.type() for each in inputs[:PARAMETERS])])

    def perform(self, node: Apply, inputs: Sequence[Any], output_storage: Any) -> None:
        """Compute it where a graph is not compiled by Numba."""
        del node
        evidence = self.unpack(*inputs[PARAMETERS:KNOWN])
        results = value_and_gradient(Point(*inputs[:PARAMETERS]), Structure(*inputs[KNOWN:]), evidence)
        for storage, result in zip(output_storage, results, strict=True):
            storage[0] = np.asarray(result)

    def pullback(self, inputs: Sequence[Any], outputs: Sequence[Any], cotangents: Sequence[Any]) -> list[Any]:
        """Return the gradient, which the node has computed with the value; there is no second derivative."""
        if any(not isinstance(each.type, DisconnectedType) for each in cotangents[1:]):
            raise NotImplementedError("the log-likelihood has no second derivative")
        slopes = [cotangents[0] * gradient for gradient in outputs[1:]]
        return [*slopes, *(disconnected_type() for _ in inputs[PARAMETERS:])]

    def connection_pattern(self, node: Apply) -> list[list[bool]]:
        """Say that only the parameters move the outputs."""
        return [[number < PARAMETERS] * len(node.outputs) for number in range(len(node.inputs))]


@register_funcify_and_cache_key(LogLikelihood)  # type: ignore[untyped-decorator]
def in_numba(op: LogLikelihood, **_: Any) -> tuple[Callable[..., Any], str]:
    """Return the operation for Numba, and a key under which PyTensor keeps it compiled until the kernel changes."""
    names = [f"x{number}" for number in range(KNOWN + len(Structure._fields))]
    parameters, packed, fixed = (
        ", ".join(part) for part in (names[:PARAMETERS], names[PARAMETERS:KNOWN], names[KNOWN:])
    )
    # Numba makes no NamedTuple of arguments that it is not given by name.
    source = (
        f"def operation({', '.join(names)}):\n"
        f"    result = value_and_gradient(Point({parameters}), Structure({fixed}), unpack({packed}))\n"
        f"    return (np.asarray(result[0]), *result[1:5], np.asarray(result[5]))\n"
    )
    scope: dict[str, Any] = {"value_and_gradient": value_and_gradient, "unpack": op.unpack, "np": np}
    scope |= {"Point": Point, "Structure": Structure}
    exec(source, scope)  # noqa: S102 - built of numbers alone
    operation: Callable[..., Any] = scope["operation"]
    return compiled(operation), f"LogLikelihood {_digest()}"


def _digest() -> str:
    """Return what changes when the source of the kernel does, or a constant that it takes from the definition."""
    here = Path(__file__).parent
    sources = [*sorted(here.glob("*.py")), here.parent / "likelihood.py"]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
