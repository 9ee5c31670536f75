"""`GET /v1/claims`: the ledger of claims."""

from __future__ import annotations

from flask import Response
from marshmallow import fields

from service.api.model import part
from service.api.resource import Resource, versions
from service.api.schemas import Answer, ModelNameSchema, OpenAnswer

resource = Resource("claims")


class ClaimSchema(OpenAnswer):
    """A claim of an article, and what is left of it."""

    id = fields.String()
    quote = fields.String()
    probability = fields.Dict(keys=fields.String(), allow_none=True)


class ClaimsSchema(Answer):
    """The ledger of claims."""

    model = fields.Nested(ModelNameSchema)
    claims = fields.List(fields.Nested(ClaimSchema))


@resource.document("/v1/claims", tag="What is known", gives=ClaimsSchema, refuses=(404,))
def show_claims() -> Response:
    """List the claims, with the probability of each under the prior and under the posterior."""
    return part(versions().served(), "claims")
