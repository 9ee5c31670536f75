"""`GET /v1/cells`: every cell's share of the armed forces and risk in a window, to be drawn as a map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response
from marshmallow import fields

from model.risk.cells import cells
from priors.timeline import Window
from service.api.resource import JSON, Resource, asked_by_query
from service.api.responses import cacheable, encoded
from service.api.schemas import SHARE, Answer, HeadedAnswer, WindowSchema, headed, version_named

resource = Resource("cells")


class CellsQuestionSchema(WindowSchema):
    """The query of `GET /v1/cells`."""

    version = version_named()

    def made(self, window: Window, stated: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG002 - for those that state more
        """Return the window, as the answer takes it."""
        return {"window": window}


class CellColumnsSchema(Answer):
    """A column of a number for every cell; lower and upper are the ends of the equal-tailed interval of the risk."""

    corps_share = fields.List(fields.Float(validate=SHARE))
    median = fields.List(fields.Float(validate=SHARE))
    lower = fields.List(fields.Float(validate=SHARE))
    upper = fields.List(fields.Float(validate=SHARE))
    probability = fields.Float(validate=SHARE)


class CellsAnswerSchema(HeadedAnswer):
    """The answer about all cells: every combination of levels, that of the last attribute in `order` changing first."""

    order = fields.List(fields.String())
    levels = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    cells = fields.Nested(CellColumnsSchema)


@resource.document("/v1/cells", tag="Questions", gives=CellsAnswerSchema, asks=CellsQuestionSchema)
def show_cells() -> Response:
    """List the share of the forces and the risk of every combination of levels, each as an assessment gives it."""
    asked, served = asked_by_query(CellsQuestionSchema)
    attributes = served.table.vocabulary.attributes
    answer = headed(asked, served) | {
        "order": [attribute.name for attribute in attributes],
        "levels": {attribute.name: list(attribute.names) for attribute in attributes},
        "cells": cells(served.table, window=asked["window"]).as_dict(),
    }
    return cacheable(encoded(answer), JSON)
