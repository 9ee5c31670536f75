"""`GET /v1/cells`: every cell's share of the armed forces and risk in a window, to be drawn as a map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from marshmallow import fields

from model.risk.cells import cells
from priors.timeline import Window
from service.api.faults import QUERY
from service.api.resource import JSON, Resource, asked_of_version
from service.api.responses import cacheable, encoded
from service.api.schemas import SHARE, Answer, HeadedAnswer, WindowSchema, headed, prior_set

resource = Resource("cells")


class CellsQuestionSchema(WindowSchema):
    """The query of `GET /v1/cells`."""

    priors = prior_set()

    def made(self, window: Window, stated: Mapping[str, Any]) -> dict[str, Any]:
        """Return the window and the prior set."""
        return {"window": window, "priors": stated.get("priors")}


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
    # A parameter that is repeated is no string.
    stated = {name: values[0] if len(values) == 1 else values for name, values in request.args.lists()}
    asked, served = asked_of_version(CellsQuestionSchema, stated, detail=QUERY)
    attributes = served.table.vocabulary.attributes
    answer = headed(asked, served) | {
        "order": [attribute.name for attribute in attributes],
        "levels": {attribute.name: list(attribute.names) for attribute in attributes},
        "cells": cells(served.table, window=asked["window"]).as_dict(),
    }
    return cacheable(encoded(answer), JSON)
