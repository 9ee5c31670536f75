"""`GET /metrics`: what was counted, for Prometheus."""

from __future__ import annotations

from typing import Final

from flask import Response, current_app

from service.api.resource import Resource
from service.observability import metrics

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

resource = Resource("metrics")


@resource.document("/metrics", tag="Operation", gives="text/plain", refuses=(403,), cacheable=False)
def show_metrics() -> Response:
    """Return the metrics of all workers, from whichever of them was asked."""
    response = Response(metrics.of(current_app).exposition(), content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
