"""The worker: gunicorn's own, but it quotes nothing it cannot parse, and stopping drops nobody who was connected."""

from __future__ import annotations

import logging
import select
import socket
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import Flask
from gunicorn.http import errors as http_errors  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from service.api import problems
from service.observability import metrics
from service.observability.requests import UNMATCHED, client_address

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


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker; no setting of it does what is changed here."""

    wsgi: Flask

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
        try:
            client.sendall(_refusal(status, identity))
        except OSError:
            self.log.debug("the client left before its answer")


def _refusal(status: HTTPStatus, identity: str) -> bytes:
    """Return a whole answer: a problem document that says nothing of the request."""
    content = problems.document(status, status.phrase, "This request cannot be read; send it anew.")
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\nContent-Type: {problems.MEDIA_TYPE}\r\n"
        f"Content-Length: {len(content)}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        f"X-Request-ID: {identity}\r\n\r\n"
    )
    return head.encode("ascii") + content
