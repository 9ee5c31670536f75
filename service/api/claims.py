"""`GET /v1/claims`: the ledger of claims."""

from __future__ import annotations

from flask import Response
from marshmallow import fields

from service.api.model import part
from service.api.resource import Resource
from service.api.schemas import SHARE, Answer, ModelNameSchema, OpenAnswer, VersionQuestionSchema

resource = Resource("claims")


class LinkSchema(Answer):
    """What a claim says of a quantity."""

    interval = fields.List(
        fields.Float(), metadata={"description": "The ends of the 90 % interval that it amounts to."}
    )
    basis = fields.String(
        metadata={"description": "The author's figure, his wording, inferred from it, or the compiler's."}
    )
    horizon = fields.String(metadata={"description": "The time that the claim speaks of."})


class WithoutSchema(Answer):
    """What would become of a claim, were a row left out or a compiler's bound another, by importance weights."""

    term = fields.String(
        metadata={"description": "A row, a list (its rows joined by +), or a row's bound and its value."}
    )
    probability = fields.Float(validate=SHARE)
    bayes_factor = fields.Float()
    verdict = fields.String()
    pareto_k = fields.Float()
    known = fields.Boolean(metadata={"description": "Whether the draws can tell; if not, refit to know."})


class ProbabilitySchema(Answer):
    """How probable a claim's prediction is; null where it is not testable."""

    own_prior = fields.Float(allow_none=True, metadata={"description": "Under the claims of its own article."})
    pooled_prior = fields.Float(allow_none=True, metadata={"description": "Under those of all articles."})
    prior = fields.Float(allow_none=True, metadata={"description": "Under the prior of the fit."})
    posterior = fields.Float(allow_none=True)


class ClaimSchema(OpenAnswer):
    """A claim of an article, what it rests on, and what is left of it."""

    id = fields.String()
    source = fields.String()
    quote = fields.String()
    says = fields.String()
    strength = fields.String()
    quantities = fields.List(fields.String())
    links = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(LinkSchema),
        metadata={"description": "By quantity that it bears on."},
    )
    used = fields.Boolean(metadata={"description": "Whether the fit's prior rests on it."})
    not_testable = fields.String(allow_none=True, metadata={"description": "Why no quantity can carry it."})
    bayes_factor = fields.Float(allow_none=True)
    verdict = fields.String()
    largest_move = fields.Float(
        allow_none=True,
        metadata={"description": "How far its probability moves at most, by any one change of the evidence."},
    )
    without = fields.List(
        fields.Nested(WithoutSchema),
        metadata={"description": "The change that moves it furthest, and all that make the verdict another."},
    )
    hangs_on = fields.List(
        fields.String(),
        metadata={"description": "Changes that make the verdict another, as far as the draws can tell."},
    )
    probability = fields.Nested(ProbabilitySchema)


class ClaimsSchema(Answer):
    """The ledger of claims."""

    model = fields.Nested(ModelNameSchema)
    claims = fields.List(fields.Nested(ClaimSchema))


@resource.document("/v1/claims", tag="What is known", gives=ClaimsSchema, asks=VersionQuestionSchema)
def show_claims() -> Response:
    """List the claims: what each rests on, how probable it was and is, the verdict, and what the verdict hangs on."""
    return part("claims")
