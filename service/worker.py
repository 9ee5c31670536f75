"""The worker: gunicorn's own, but it echoes nothing it cannot parse, and neither silence nor a crowd brings it down."""

from __future__ import annotations

import errno
import logging
import resource
import select
import socket
import struct
import time
import uuid
from collections.abc import Mapping
from concurrent.futures import Future
from http import HTTPStatus
from typing import Any, Final

from flask import Flask
from gunicorn import util  # type: ignore[import-untyped]
from gunicorn.http import errors as http_errors  # type: ignore[import-untyped]
from gunicorn.workers.gthread import _DEFER, TConn, ThreadWorker  # type: ignore[import-untyped]

from service import metrics
from service.api import problems
from service.observation import UNMATCHED, client_address

STATUSES: Final[Mapping[type[Exception], HTTPStatus]] = {
    http_errors.InvalidResponseHeader: HTTPStatus.INTERNAL_SERVER_ERROR,
    http_errors.InvalidResponseHeaderName: HTTPStatus.INTERNAL_SERVER_ERROR,
    http_errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    http_errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    http_errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    http_errors.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
    http_errors.ParseException: HTTPStatus.BAD_REQUEST,
}
"""What each error of gunicorn's parser means; the first that fits counts."""


SILENCE: Final = 20
"""Seconds for which a thread waits for a client that neither sends nor takes a byte."""

DISCARDED: Final = 32 << 20
LINGERING: Final = 5
"""Bytes that are taken, and seconds for which a thread waits, while a client sends on that was answered already."""

OTHER_FILES: Final = 48
"""What a worker has open besides connections: libraries, counters, pipes, a selector for each thread."""

NO_FILES: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
PAUSE: Final = 0.1
"""Seconds after which to try again to accept when the system has no file to give."""


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker, with changes for clients that are broken, silent, or many."""

    wsgi: Flask
    worker_connections: int

    def init_process(self) -> None:
        """Begin to serve, within the files that the system gives, and with bounds on silence."""
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        if files != resource.RLIM_INFINITY:
            self.worker_connections = max(1, min(self.worker_connections, files - OTHER_FILES))
        for listener in self.sockets:
            bound_silence(listener, seconds=SILENCE)
        super().init_process()

    def accept(self, listener: socket.socket) -> None:
        """Accept a connection; where the system has no file for it, it waits, rather than that the worker ends."""
        try:
            super().accept(listener)
        except OSError as error:
            if error.errno not in NO_FILES:
                raise
            time.sleep(PAUSE)

    def handle(self, conn: TConn) -> object:
        """Answer a request; a connection that has sent nothing yet waits among the others, and holds no thread.

        A connection that is not kept is closed here, once the rest of a body that was refused unread is thrown away: a
        client that is reset while it sends misses its answer. gunicorn would throw away 64 KiB, and wait for them on
        the thread that accepts.
        """
        if self.alive and not (conn.initialized or conn.data_ready or conn.wait_for_data(0)):
            return _DEFER
        kept = super().handle(conn)
        if not kept:
            util.close_graceful(conn.sock, timeout=LINGERING, max_drain=DISCARDED)
        return kept

    def finish_request(self, conn: TConn, fs: Future[object]) -> None:
        """Take back a connection; at the end one that was to wait is given to a thread, which still hears it out."""
        if fs.exception() is None and not fs.result():
            self.nr_conns -= 1
        elif not self.alive and fs.exception() is None and fs.result() is _DEFER:
            self.enqueue_req(conn)
        else:
            super().finish_request(conn, fs)

    def set_accept_enabled(self, enabled: bool) -> None:  # noqa: FBT001 - gunicorn's signature
        """Start or stop accepting; a worker that stops for good first takes those who are connected already.

        The kernel completes connections that no worker has accepted yet. When the last listener closes it resets them,
        and their requests are lost although the service looked open. So they are accepted, and the door is shut at
        once: whoever comes later is refused, or finds another worker, and has sent nothing.
        """
        super().set_accept_enabled(enabled)
        if not (enabled or self.alive):
            for listener in self.sockets:
                while select.select([listener], [], [], 0)[0]:
                    self.accept(listener)
                listener.close()

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        """Answer a request that cannot be parsed; gunicorn's own answer and log line would quote it."""
        status = next(
            (status for kind, status in STATUSES.items() if isinstance(exc, kind)), HTTPStatus.INTERNAL_SERVER_ERROR
        )
        if req is not None and status is not HTTPStatus.INTERNAL_SERVER_ERROR:
            # Answered already, unread: it failed as the rest of its body was thrown away. A second answer would be
            # taken for that of the next request.
            return
        identity = uuid.uuid4().hex
        content = problems.document(status, status.phrase, "This request cannot be read; send it anew.")
        line = {
            "request_id": identity,
            "method": "other",
            "route": UNMATCHED,
            "status": int(status),
            "error": type(exc).__name__,
            "client": client_address(addr[0] if isinstance(addr, tuple) else None),
        }
        failed = exc if status is HTTPStatus.INTERNAL_SERVER_ERROR else None
        logging.getLogger("service.requests").info("request", extra={"fields": line}, exc_info=failed)
        metrics.of(self.wsgi).count_request(method="other", route=UNMATCHED, status=status, seconds=0.0)
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\nContent-Type: {problems.MEDIA_TYPE}\r\n"
            f"Content-Length: {len(content)}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
            f"X-Request-ID: {identity}\r\n\r\n"
        )
        try:
            client.sendall(head.encode("ascii") + content)
        except OSError:
            self.log.debug("the client left before its answer")


def bound_silence(listener: socket.socket, *, seconds: float) -> None:
    """Bound for how long the connections of a listener, which inherit it, may neither send nor take a byte."""
    whole, part = divmod(seconds, 1)
    for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        listener.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", int(whole), int(part * 1e6)))
