"""The resources: one file each, with the shape of what it is asked and answers, and its views."""

from __future__ import annotations

from typing import Final

from flask import Flask

from service.api import (
    assessments,
    bodies,
    cells,
    claims,
    comparisons,
    counterfactuals,
    distributions,
    documentation,
    health,
    metrics,
    model,
    outlooks,
    page,
    problems,
    readings,
    report,
    study,
    surprises,
    vocabulary,
    what_if,
)
from service.api.turns import Turns

RESOURCES: Final = (
    assessments,
    comparisons,
    counterfactuals,
    outlooks,
    distributions,
    surprises,
    what_if,
    readings,
    cells,
    study,
    vocabulary,
    model,
    claims,
    report,
    health,
    metrics,
    documentation,
    page,
)
"""In the order in which they are described."""


def init_app(app: Flask) -> None:
    """Give an application its resources, its errors, and turns for large questions."""
    app.extensions["turns"] = Turns()
    problems.init_app(app)
    bodies.init_app(app)
    for each in RESOURCES:
        app.register_blueprint(each.resource)
