"""A service that drops requests it has read, as workers do that are killed, for what stands in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Dropper(ThreadingHTTPServer):
    """A server that closes the connections of so many POSTs, and then answers; it answers every GET.

    Attributes
    ----------
    left : int
        How many it will still drop.
    """

    left = 0


class _Handler(BaseHTTPRequestHandler):
    server: Dropper

    def do_GET(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.left:
            self.server.left -= 1
        else:
            self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def dropping(posts: int) -> Iterator[int]:
    """Run a service that drops so many POSTs until the end of the block; its port is yielded."""
    with Dropper(("127.0.0.1", 0), _Handler) as server:
        server.left = posts
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
