"""`GET /livez` and `/readyz`: whether the process answers, and whether a model does."""

from __future__ import annotations

from flask import Response
from marshmallow import fields, validate

from service.api.model import RefusalSchema, stated
from service.api.resource import Resource, versions
from service.api.responses import encoded, uncached
from service.api.schemas import Answer, ModelNameSchema

resource = Resource("health")


class AliveSchema(Answer):
    """The process answers."""

    status = fields.String(validate=validate.Equal("alive"))


class ReadySchema(Answer):
    """A model answers."""

    status = fields.String(validate=validate.Equal("ready"))
    model = fields.Nested(ModelNameSchema)
    refused = fields.Nested(RefusalSchema, allow_none=True)


@resource.document("/livez", tag="Operation", gives=AliveSchema, cacheable=False)
def show_alive() -> Response:
    """Say that the process answers; a service without a model is alive."""
    return uncached(encoded({"status": "alive"}))


@resource.document("/readyz", tag="Operation", gives=ReadySchema, refuses=(503,), cacheable=False)
def show_ready() -> Response:
    """Say which version answers, and whether a newer one was refused; 503 while none does."""
    return uncached(encoded({"status": "ready"} | stated(versions().served(), versions().state())))
