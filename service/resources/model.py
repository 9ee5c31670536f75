"""`GET /v1/model`, `/v1/model/diagnostics` and `/v1/claims`: what is served, its checks, its ledger."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from flask import Blueprint, Response

from service.errors import NothingThereError
from service.registry import Served
from service.resources import prior_sets, registry
from service.responses import cacheable, encoded

ELSEWHERE: Final = frozenset(
    {"format", "version", "digest", "files", "prior_set", "checks", "claims", "claims_by_level"}
)
"""Entries of the manifest that other routes give, or that only the archive needs."""

blueprint = Blueprint("model", __name__)


@blueprint.get("/v1/model")
def show_model() -> Response:
    """Say which version is served, what of, whether a newer one was refused, and what prior sets may be asked for."""
    served, refusal = registry().current(), registry().state().refusal
    content = {
        "model": served.summary,
        "refused": None if refusal is None else asdict(refusal),
        "priors_available": [entry.as_dict() for entry in prior_sets().available()],
        "draws": served.table.posterior.count,
        "fit": {name: value for name, value in served.manifest.items() if name not in ELSEWHERE},
    }
    return cacheable(encoded(content), "application/json")


@blueprint.get("/v1/model/diagnostics")
def show_diagnostics() -> Response:
    """List the checks of the fit and their values."""
    return _part(registry().current(), "checks")


@blueprint.get("/v1/claims")
def show_claims() -> Response:
    """List the claims, with the probability of each under the prior and under the posterior."""
    return _part(registry().current(), "claims")


def _part(served: Served, name: str) -> Response:
    if name not in served.manifest:
        raise NothingThereError(
            f"The version being served was published without {name}; `defection-risk refit` makes one that has them."
        )
    content: dict[str, Any] = {"model": served.summary, name: served.manifest[name]}
    return cacheable(encoded(content), "application/json")
