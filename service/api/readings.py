"""`POST /v1/readings`: the profile that a text describes in the vocabulary's words."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import fields

from priors.reading import read_profile
from priors.strict import StrictSchema, Text
from service.api import examples
from service.api.resource import Asked, Resource
from service.api.schemas import Answer, ModelNameSchema, version_named
from service.served import Served

LONGEST_TEXT: Final = 500

resource = Resource("readings")


class ReadingQuestionSchema(StrictSchema):
    """The body of `POST /v1/readings`."""

    text = Text(
        longest=LONGEST_TEXT,
        required=True,
        metadata={"description": "Levels, synonyms and names of units in any order."},
    )
    version = version_named()


class UnknownWordSchema(Answer):
    """A word of the text that is none of the vocabulary's."""

    word = fields.String()
    nearest = fields.String(allow_none=True, metadata={"description": "The name that is nearest, if any is near."})


class ReadingSchema(Answer):
    """What is understood of a text, and what is not."""

    model = fields.Nested(ModelNameSchema)
    profile = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "In the names of levels, and `unit` as in a question; the first statement of each."},
    )
    not_understood = fields.List(fields.Nested(UnknownWordSchema))
    stated_twice = fields.List(fields.String(), metadata={"description": "Attributes that are stated in two ways."})


@resource.question(
    "/v1/readings",
    takes=ReadingQuestionSchema,
    gives=ReadingSchema,
    example=lambda study: {"text": ", ".join(examples.spoken(study).values())},
    size=lambda _: 1,
    is_large=lambda _: False,
)
def read_text(asked: Asked, served: Served) -> dict[str, Any]:
    """Say which profile a text describes, in the words of the version that answers.

    Words that are none of the vocabulary's are told, at most five, each with the name that is nearest to it.
    """
    return {"model": served.summary} | read_profile(asked["text"], served.table.vocabulary).as_dict()
