"""How gunicorn runs the service."""

from __future__ import annotations

import ctypes
import dataclasses
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from service.application import create_app
from service.observability import logs, metrics
from service.security.binding import bound
from service.settings import Settings
from service.worker import Worker

THREADS: Final = 16
"""For each worker: enough that a few slow clients do not hold up the health checks."""

CONNECTIONS: Final = 900
"""For each worker, which may open 1,024 files on most systems and needs some for itself; at the last one it ends."""

M_ARENA_MAX: Final = -8
"""A parameter of mallopt, in glibc's malloc.h."""

POOLS: Final = 2

SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - files that gunicorn and we make with names nobody can guess


def run(settings: Settings, *, host: str, port: int, workers: int, allow_public: bool = False) -> None:
    """Serve until told to stop; SIGTERM lets requests finish first.

    Parameters
    ----------
    settings : Settings
        What every worker makes its application from.
    host, port : str, int
        Where to listen.
    workers : int
        How many processes.
    allow_public : bool
        Whether to listen beyond loopback although no key guards the service.

    Raises
    ------
    UnsafeBindError
        If the host is beyond loopback, no key guards the service, and that was not allowed.
    KeyFileError
        If there should be keys and they cannot be read.
    """
    settings = bound(settings, host=host, allow_public=allow_public)
    logs.configure()
    _share_memory()
    # What workers share is made here, before a worker imports what counts, and goes with the last of them.
    counters = os.environ[metrics.FOLDER] = tempfile.mkdtemp(prefix="defection-risk-metrics-", dir=_shared_memory())
    spare = tempfile.mkdtemp(prefix="defection-risk-spare-")
    options, master = gunicorn_options(host=host, port=port, workers=workers), os.getpid()
    try:
        _Server(dataclasses.replace(settings, spare=Path(spare)), options).run()
    finally:
        if os.getpid() == master:  # workers, which are forks, come by here too
            for folder in (counters, spare):
                shutil.rmtree(folder, ignore_errors=True)


def gunicorn_options(*, host: str, port: int, workers: int) -> dict[str, Any]:
    """Return gunicorn's settings by name.

    Notes
    -----
    Nothing is preloaded: a worker loads the model itself, so that it also picks up a newer one itself.
    """
    address = f"[{host}]" if ":" in host else host
    return {
        "bind": f"{address}:{port}",
        "workers": workers,
        "worker_class": Worker,
        "threads": THREADS,
        "worker_connections": CONNECTIONS,
        "timeout": 60,
        "graceful_timeout": 30,
        "keepalive": 5,
        "max_requests": 100_000,
        "max_requests_jitter": 10_000,
        "preload_app": False,
        # On by default since 25.1: a way in that nobody asked for.
        "control_socket_disable": True,
        # By default any neighbour on loopback is believed about scheme and path; DEFECTION_RISK_PROXIES says who is.
        "forwarded_allow_ips": "",
        "forwarder_headers": "",
        "proc_name": "defection-risk",
        "logger_class": logs.GunicornLog,
        "worker_tmp_dir": _shared_memory(),
        "child_exit": lambda _, worker: metrics.forget_worker(worker.pid),
    }


def _share_memory() -> None:
    """Have glibc keep two pools of freed memory, not one for each thread: a worker then needs a third of it."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, POOLS)


def _shared_memory() -> str | None:
    # A heartbeat, or a counter, on a slow disk blocks the worker.
    return str(SHARED_MEMORY) if SHARED_MEMORY.is_dir() else None


class _Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with the settings above, and none from files, arguments or the environment."""

    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self._settings = settings
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        app = create_app(self._settings)
        # Before it takes a request, so that nobody waits for the model while another worker has it.
        app.extensions["versions"].state()
        return app
