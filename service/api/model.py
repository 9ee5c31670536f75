"""`GET /v1/model` and `/v1/model/diagnostics`: what is served, and the checks of its fit."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from flask import Response
from marshmallow import fields

from service.api.resource import JSON, Resource, asked_by_query, versions
from service.api.responses import cacheable, encoded
from service.api.schemas import Answer, ModelNameSchema, OpenAnswer, VersionQuestionSchema
from service.errors import NothingThereError
from service.served import Served, State

ELSEWHERE: Final = frozenset(
    {"format", "version", "digest", "files", "prior_set", "checks", "claims", "claims_by_level"}
)
"""Entries of the manifest that other routes give, or that only the archive needs."""

resource = Resource("model")


class RefusalSchema(Answer):
    """A version that is current in the archive and was refused."""

    version = fields.String(allow_none=True)
    reason = fields.String()


class AvailableSchema(Answer):
    """A prior set by which a question may name a version, and the version that answers then."""

    priors = fields.String()
    version = fields.String()
    created = fields.String()


class ModelSchema(Answer):
    """A version that answers, and what others do."""

    model = fields.Nested(ModelNameSchema)
    refused = fields.Nested(RefusalSchema, allow_none=True)
    priors_available = fields.List(fields.Nested(AvailableSchema))
    draws = fields.Integer()
    fit = fields.Dict(keys=fields.String())


class CheckSchema(OpenAnswer):
    """A check of the fit."""

    name = fields.String()
    passed = fields.Boolean()


class DiagnosticsSchema(Answer):
    """The checks of the fit that is served."""

    model = fields.Nested(ModelNameSchema)
    checks = fields.List(fields.Nested(CheckSchema))


@resource.document("/v1/model", tag="What is known", gives=ModelSchema, asks=VersionQuestionSchema)
def show_model() -> Response:
    """Say which version answers, whether a newer one was refused, and which version each prior set stands for."""
    _, served = asked_by_query()
    content = stated(served, versions().state()) | {
        "priors_available": [
            {"priors": name, "version": entry.version, "created": entry.created}
            for name, entry in versions().by_prior_set().items()
        ],
        "draws": served.table.posterior.count,
        "fit": {name: value for name, value in served.manifest.items() if name not in ELSEWHERE},
    }
    return cacheable(encoded(content), JSON)


@resource.document("/v1/model/diagnostics", tag="What is known", gives=DiagnosticsSchema, asks=VersionQuestionSchema)
def show_diagnostics() -> Response:
    """List the checks of the fit and their values."""
    return part("checks")


def stated(served: Served, state: State) -> dict[str, Any]:
    """Return which version is served, and which was refused, as they stand in an answer."""
    return {"model": served.summary, "refused": None if state.refusal is None else asdict(state.refusal)}


def part(name: str) -> Response:
    """Return an entry of the manifest of the version that the query names as an answer.

    Raises
    ------
    NothingThereError
        If the version was published without it.
    """
    _, served = asked_by_query()
    if name not in served.manifest:
        raise NothingThereError(
            f"The version that answers was published without {name}; `defection-risk refit` makes one that has them."
        )
    return cacheable(encoded({"model": served.summary, name: served.manifest[name]}), JSON)
