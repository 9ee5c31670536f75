"""What the service is measured against: a Flask endpoint on the same gunicorn that parses a body and says a constant.

    python -m benchmarks.plain_service PORT WORKERS ANSWER

The body is parsed with the standard library, not looked at, and answered with the bytes of the file ANSWER.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from gunicorn.app.base import BaseApplication

from service.gunicorn_settings import gunicorn_options
from service.observability import logs, metrics


def plain_app(answer: bytes) -> Flask:
    """Return an application that parses each body and answers with a constant."""
    app = Flask(__name__, static_folder=None)

    @app.post("/v1/assessments")
    def assess() -> Response:
        json.loads(request.get_data(cache=False))
        return Response(answer, content_type="application/json")

    @app.get("/livez")
    def alive() -> str:
        return "alive"

    return app


class PlainServer(BaseApplication):
    """gunicorn with the options that the service gives it."""

    def __init__(self, answer: bytes, options: dict[str, Any]) -> None:
        self._answer, self._options = answer, options
        super().__init__()

    def load_config(self) -> None:
        """Take the options as they are."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application, in each worker."""
        return plain_app(self._answer)


def main() -> None:
    """Serve until told to stop."""
    port, workers, answer = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]).read_bytes()
    logs.configure()
    with tempfile.TemporaryDirectory() as counters:
        os.environ[metrics.FOLDER] = counters  # the worker class, which is the service's own, counts what it refuses
        PlainServer(answer, gunicorn_options(host="127.0.0.1", port=port, workers=workers)).run()


if __name__ == "__main__":
    main()
