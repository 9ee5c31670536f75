"""`GET /v1/vocabulary`: the words that a profile may use."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import fields

from priors.vocabulary import Attribute, Vocabulary
from service.api.resource import JSON, Resource, asked_by_query
from service.api.responses import cacheable, encoded
from service.api.schemas import Answer, VersionQuestionSchema

resource = Resource("vocabulary")


class LevelSchema(Answer):
    """A level of an attribute, how a sentence calls one and several, and its synonyms."""

    name = fields.String()
    called = fields.String()
    plural = fields.String()
    definition = fields.String()
    source = fields.String()
    synonyms = fields.List(fields.String())


class LevelGroupSchema(Answer):
    """Levels of an attribute that have a name together, and how a sentence calls those at any of them."""

    called = fields.String()
    levels = fields.List(fields.String())


class AttributeSchema(Answer):
    """An attribute, its levels (lowest first where they are ordered), and named groups of them."""

    name = fields.String()
    definition = fields.String()
    reads = fields.String(
        metadata={
            "description": "Where it stands in a sentence: `adjective`, `noun`, or words with {} in place of its level."
        }
    )
    ordered = fields.Boolean()
    reference = fields.String()
    levels = fields.List(fields.Nested(LevelSchema))
    groups = fields.Dict(keys=fields.String(), values=fields.Nested(LevelGroupSchema))


class UnitSchema(Answer):
    """A named unit, and the level it stands for."""

    name = fields.String()
    level = fields.String()
    synonyms = fields.List(fields.String())


class UnitsSchema(Answer):
    """The named units, and the attribute of which each stands for a level."""

    attribute = fields.String()
    named = fields.List(fields.Nested(UnitSchema))


class VocabularySchema(Answer):
    """The words a profile may use."""

    attributes = fields.List(fields.Nested(AttributeSchema))
    units = fields.Nested(UnitsSchema, allow_none=True, metadata={"description": "null where no unit is named."})


@resource.document("/v1/vocabulary", tag="What is known", gives=VocabularySchema, asks=VersionQuestionSchema)
def show_vocabulary() -> Response:
    """List attributes, levels and units of the study that the version was fitted to."""
    _, served = asked_by_query()
    return cacheable(encoded(described(served.study.vocabulary)), JSON)


def described(vocabulary: Vocabulary) -> dict[str, Any]:
    """Return a vocabulary as it stands in an answer."""
    named = [{"name": unit.name, "level": unit.level, "synonyms": list(unit.synonyms)} for unit in vocabulary.units]
    attribute = vocabulary.unit_attribute
    return {
        "attributes": [_attribute(each) for each in vocabulary.attributes],
        "units": None if attribute is None else {"attribute": attribute, "named": named},
    }


def _attribute(attribute: Attribute) -> dict[str, Any]:
    return {
        "name": attribute.name,
        "definition": attribute.definition,
        "reads": attribute.reads,
        "ordered": attribute.ordered,
        "reference": attribute.reference,
        "levels": [
            {
                "name": level.name,
                "called": level.called,
                "plural": level.plural,
                "definition": level.definition,
                "source": level.source,
                "synonyms": list(level.synonyms),
            }
            for level in attribute.levels
        ],
        "groups": {group.name: {"called": group.called, "levels": list(group.levels)} for group in attribute.groups},
    }
