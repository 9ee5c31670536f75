"""`GET /livez` and `/readyz`: whether the process answers, and whether a model does."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response

from service.resources import registry
from service.responses import json_response

blueprint = Blueprint("health", __name__)


@blueprint.get("/livez")
def show_alive() -> Response:
    """Say that the process answers; a service without a model is alive."""
    return json_response({"status": "alive"})


@blueprint.get("/readyz")
def show_ready() -> Response:
    """Say which version answers, and whether a newer one was refused; 503 while none does."""
    served, refusal = registry().current(), registry().state().refusal
    return json_response(
        {
            "status": "ready",
            "model": served.summary,
            "refused": None if refusal is None else asdict(refusal),
        }
    )
