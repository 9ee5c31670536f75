"""Clients that send a byte now and then, and so hold whatever waits for the rest."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

HEAD: Final = b"POST /v1/assessments HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
SECONDS_BETWEEN: Final = 0.5


@contextmanager
def dribbling(port: int, *, sockets: int) -> Iterator[list[int]]:
    """Let sockets dribble throughout the block, half of them headers and half a body, from eight addresses.

    Yields
    ------
    list of int
        How many of them are open; filled when all have begun, and again at the end of the block.
    """
    stop, open_ones, held = threading.Event(), [_connected(port, number) for number in range(sockets)], [sockets]
    thread = threading.Thread(target=_dribble, args=(open_ones, stop))
    thread.start()
    try:
        yield held
    finally:
        stop.set()
        thread.join(20)
        held.append(len(open_ones))
        for sock in open_ones:
            sock.close()


def _connected(port: int, number: int) -> socket.socket:
    # All of 127/8 is this machine: one address for the clients that behave, others for these.
    sock = socket.create_connection(("127.0.0.1", port), timeout=5, source_address=(f"127.0.0.{2 + number % 8}", 0))
    sock.sendall(HEAD + (b"X-Slow: " if number % 2 else b"Content-Length: 100000\r\n\r\n"))
    return sock


def _dribble(open_ones: list[socket.socket], stop: threading.Event) -> None:
    while not stop.wait(SECONDS_BETWEEN):
        for sock in tuple(open_ones):
            try:
                sock.sendall(b" ")
            except OSError:
                open_ones.remove(sock)
                sock.close()
