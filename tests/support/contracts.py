"""Answers held against what is said of them."""

from __future__ import annotations

from typing import Any, Final

from flask import Flask
from marshmallow import Schema
from marshmallow.experimental.context import Context

from service import api
from service.api.resource import Operation

OPERATIONS: Final[dict[str, Operation]] = {
    path: said for each in api.RESOURCES for (path, _), said in each.resource.operations.items()
}
QUESTIONS: Final = {path: said.question for path, said in OPERATIONS.items() if said.question is not None}
DESCRIBED: Final = {path: said.gives for path, said in OPERATIONS.items() if not isinstance(said.gives, str)}


def mismatches(app: Flask, schema: type[Schema], answer: Any) -> dict[str, Any]:
    """Return where an answer is not what a schema says, in the words of the version that an application serves."""
    with Context(app.extensions["versions"].served().study):
        return dict(schema().validate(answer))
