"""Prometheus metrics, which add up across workers: what was asked, what was answered, and by which model."""

from __future__ import annotations

import os
from collections.abc import Iterable
from http import HTTPMethod
from typing import Any, Final, cast

from flask import Flask, current_app

from service.served import Served, State

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder which workers share; without it a process counts for itself alone."""

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
OFFICERS: Final = (1, 2, 5, 10, 50, 100, 500, 1000, 2500, 5000, 10_000)
RISKS: Final = (1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0)
KNOWN_METHODS: Final = frozenset(HTTPMethod)


class Metrics:
    """The metrics of one application.

    Labels are route templates, statuses, versions and words of this code: never anything a caller chose.
    """

    def __init__(self) -> None:
        # On import it settles, by the variable above, whether processes share what they count.
        import prometheus_client as prometheus  # noqa: PLC0415

        self._registry = prometheus.CollectorRegistry()
        own: dict[str, Any] = {"namespace": "defection_risk", "registry": self._registry}
        self._requests = prometheus.Counter("requests", "Requests.", ["method", "route", "status"], **own)
        self._seconds = prometheus.Histogram(
            "request_seconds", "Seconds until an answer was ready.", ["route"], buckets=SECONDS, **own
        )
        self._batches = prometheus.Histogram(
            "batch_size", "Officers, or pairs of them, in one request.", ["route"], buckets=OFFICERS, **own
        )
        self._risks = prometheus.Histogram("served_risk", "Median risks in answers.", ["version"], buckets=RISKS, **own)
        self._refusals = prometheus.Counter("refusals", "Requests turned away at the door.", ["reason"], **own)
        self._loads = prometheus.Counter(
            "model_loads",
            "Attempts to load what is current: loaded, or the error that kept it out.",
            ["outcome"],
            **own,
        )
        self._serving = prometheus.Gauge(
            "model_workers",
            "Workers that serve a version.",
            ["version", "priors", "study"],
            multiprocess_mode="livesum",
            **own,
        )
        self._refusing = prometheus.Gauge(
            "model_refusing_workers", "Workers that refuse what is current.", multiprocess_mode="livesum", **own
        )
        self._created = prometheus.Gauge(
            "model_created_timestamp_seconds",
            "When the oldest version being served was published; time() minus this is its age.",
            multiprocess_mode="livemin",
            **own,
        )

    def count_request(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request that was answered, whatever the answer."""
        self._requests.labels(method if method in KNOWN_METHODS else "other", route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def count_batch(self, *, route: str, size: int) -> None:
        """Count the officers, or pairs, of one answered request."""
        self._batches.labels(route).observe(size)

    def count_risks(self, version: str, risks: Iterable[float]) -> None:
        """Count the median risks that one answer gave."""
        histogram = self._risks.labels(version)
        for risk in risks:
            histogram.observe(risk)

    def count_refusal(self, reason: str) -> None:
        """Count a request turned away for a reason, which must be a word of this code."""
        self._refusals.labels(reason).inc()

    def notice(self, before: State, after: State) -> None:
        """Take note of what a look at the archive changed."""
        self._refusing.set(after.refused is not None)
        if after.served is not None and after.served is not before.served:
            self._loads.labels("loaded").inc()
            self._take(after.served, before.served)
        if after.refused is not None and after.refused is not before.refused:
            self._loads.labels(after.refused.error).inc()

    def exposition(self) -> bytes:
        """Return everything counted so far, by all workers that share a folder, in Prometheus's text format."""
        from prometheus_client import CollectorRegistry, generate_latest, multiprocess  # noqa: PLC0415 - as above

        registry, folder = self._registry, os.environ.get(FOLDER)
        if folder is not None:
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]
        return generate_latest(registry)

    def _take(self, served: Served, old: Served | None) -> None:
        if old is not None:
            self._serving.labels(*old.summary.values()).set(0)
        self._serving.labels(*served.summary.values()).set(1)
        self._created.set(served.created.timestamp())


def of(app: Flask) -> Metrics:
    """Return the metrics of an application."""
    return cast("Metrics", app.extensions["metrics"])


def count_refusal(reason: str) -> None:
    """Count a request that the application answering turns away at the door.

    Parameters
    ----------
    reason : str
        Why, in a word of this code: "no_key", "unknown_key", "scope", "rate".
    """
    of(current_app).count_refusal(reason)


def forget_worker(process: int) -> None:
    """Take what a dead worker served out of the gauges; what it counted stays counted."""
    from prometheus_client import multiprocess  # noqa: PLC0415 - as above

    multiprocess.mark_process_dead(process, os.environ[FOLDER])  # type: ignore[no-untyped-call]
