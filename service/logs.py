"""Logs: each thing that happens is one line of JSON on standard error, and quotes nothing that a caller sent.

The standard library's logging, since Flask, gunicorn and Python's warnings speak it already: one formatter makes their
lines and ours alike, and the serving host installs nothing for it.
"""

from __future__ import annotations

import json
import logging
import logging.config
import os
import select
import sys
import threading
import traceback
from datetime import UTC, datetime
from typing import Any, Final, TextIO

from gunicorn.config import Config  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from model.archive import ArchiveError
from priors.errors import PriorsError
from service.errors import ServiceError

QUOTE_NOBODY: Final = (ServiceError, ArchiveError, PriorsError, OSError)
"""Errors whose text is ours or the system's; that of any other could quote a profile, and is left out."""


AT_ONCE: Final = select.PIPE_BUF
ENCODER: Final = json.JSONEncoder(default=str)


class JSONLines(logging.Formatter):
    """Formats a record as one line of JSON: time, level, event, the fields it was given, and what failed."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"time": time.replace("+00:00", "Z"), "level": record.levelname.lower()}
        line |= {"event": record.getMessage()} | getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1] is not None:
            line |= _failure(record.exc_info[1])
        return ENCODER.encode(line)


class WholeLines(logging.StreamHandler[TextIO]):
    """Writes each line to standard error at once, and has no thread wait for another's: the system takes it whole.

    A pipe does so up to `AT_ONCE` bytes; longer lines, which are tracebacks, wait for each other. A record marked as
    `followed` is written with the next of its thread: each time that a thread writes, it hands Python to another.
    """

    def __init__(self) -> None:
        super().__init__()
        self._first = threading.local()

    def handle(self, record: logging.LogRecord) -> bool:
        """Write a record that no filter keeps back; logging's own takes a lock first, at which threads would queue."""
        passed = self.filter(record)
        if passed:
            self.emit(passed if isinstance(passed, logging.LogRecord) else record)
        return bool(passed)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        try:
            line = (self.format(record) + "\n").encode()
            if getattr(record, "followed", False):
                self._first.line = line
                return
            first, self._first.line = getattr(self._first, "line", b""), b""
            self._write(first + line)
        except Exception:  # noqa: BLE001 - as logging's own handlers: what cannot be logged harms no request
            self.handleError(record)

    def _write(self, lines: bytes) -> None:
        file = self.stream.fileno()
        if len(lines) <= AT_ONCE:
            os.write(file, lines)
            return
        self.acquire()
        try:
            while lines:
                lines = lines[os.write(file, lines) :]
        finally:
            self.release()


class GunicornLog(Logger):  # type: ignore[misc]
    """gunicorn's log, handed on to the root logger; it keeps no access log, since each request has a line already."""

    def setup(self, cfg: Config) -> None:
        """Take gunicorn's settings but for where its log goes and how it looks."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True

    def access(self, *_: Any) -> None:
        """Say nothing."""

    def exception(self, msg: str, *args: Any, **options: Any) -> None:
        """Log a failure, but for that of a client who was silent for too long."""
        if isinstance(sys.exception(), BlockingIOError):
            self.debug("a client was silent for too long")
        else:
            super().exception(msg, *args, **options)


def configure() -> None:
    """Send whatever this process logs to standard error, as lines of JSON."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"json": {"()": JSONLines}},
            "handlers": {"stderr": {"()": WholeLines, "formatter": "json"}},
            "root": {"handlers": ["stderr"], "level": "WARNING"},
            "loggers": {"service": {"level": "INFO"}},
        }
    )
    logging.captureWarnings(capture=True)
    # What no line tells need not be found out for each (Logging HOWTO, "Optimization").
    logging._srcfile = None  # noqa: SLF001
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


def _failure(error: BaseException) -> dict[str, Any]:
    failure: dict[str, Any] = {
        "error": type(error).__name__,
        "frames": "".join(traceback.format_tb(error.__traceback__)),
    }
    return failure | ({"message": str(error)} if isinstance(error, QUOTE_NOBODY) else {})
