"""Logs: each thing that happens is one line on standard error, and quotes nothing that a caller sent.

Lines are JSON, but short and for people where standard error is a terminal.

The standard library's logging, since Flask, gunicorn and Python's warnings speak it already: one formatter makes their
lines and ours alike, and the serving host installs nothing for it.
"""

from __future__ import annotations

import json
import logging
import logging.config
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, Final

from gunicorn.config import Config  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from model.archive import ArchiveError
from priors.errors import PriorsError
from service.errors import ServiceError

QUOTE_NOBODY: Final = (ServiceError, ArchiveError, PriorsError, OSError)
"""Errors whose text is ours or the system's; that of any other could quote a profile, and is left out."""


class JSONLines(logging.Formatter):
    """Formats a record as one line of JSON: time, level, event, the fields it was given, and what failed."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"time": time.replace("+00:00", "Z"), "level": record.levelname.lower()}
        line |= {"event": record.getMessage()} | getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1] is not None:
            line |= _failure(record.exc_info[1])
        return json.dumps(line, default=str)


class ShortLines(logging.Formatter):
    """Formats a record for people: the time of day, what happened, and the fields it was given; frames below it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        said = dict(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[1] is not None:
            said |= _failure(record.exc_info[1])
        frames = said.pop("frames", "")
        event = record.getMessage() if record.levelno == logging.INFO else f"{record.levelname}: {record.getMessage()}"
        if "seconds" in said:
            event = f"{said['method']} {said['route']} {said['status']} in {1000 * said['seconds']:.0f} ms"
            said = {name: said[name] for name in ("error", "message") if name in said}
        time = datetime.fromtimestamp(record.created, UTC).astimezone().strftime("%H:%M:%S")
        line = " ".join([time, event, *(f"{name}={value}" for name, value in said.items())])
        return f"{line}\n{frames}".rstrip()


class GunicornLog(Logger):  # type: ignore[misc]
    """gunicorn's log, handed on to the root logger; it keeps no access log, since each request has a line already."""

    def setup(self, cfg: Config) -> None:
        """Take gunicorn's settings but for where its log goes and how it looks."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True

    def access(self, *_: Any) -> None:
        """Say nothing."""


def configure() -> None:
    """Send whatever this process logs to standard error: short lines where that is a terminal, else lines of JSON."""
    terminal = sys.stderr is not None and sys.stderr.isatty()
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": {"()": ShortLines if terminal else JSONLines}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "root": {"handlers": ["stderr"], "level": "WARNING"},
            # What is for audit is kept where lines are kept.
            "loggers": {"service": {"level": "INFO"}, "service.audit": {"level": "WARNING" if terminal else "INFO"}},
        }
    )
    logging.captureWarnings(capture=True)


def _failure(error: BaseException) -> dict[str, Any]:
    failure: dict[str, Any] = {
        "error": type(error).__name__,
        "frames": "".join(traceback.format_tb(error.__traceback__)),
    }
    return failure | ({"message": str(error)} if isinstance(error, QUOTE_NOBODY) else {})
