"""`GET /v1/vocabulary`: the words a profile may use, and the study it lies in."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import fields

from priors.study import Window
from priors.vocabulary import Attribute, Vocabulary
from service.api.resource import JSON, Resource, words
from service.api.responses import cacheable, encoded
from service.api.schemas import Answer, StatedWindowSchema

resource = Resource("vocabulary")


class LevelSchema(Answer):
    """A level of an attribute, and what else it is called."""

    name = fields.String()
    definition = fields.String()
    source = fields.String()
    synonyms = fields.List(fields.String())


class AttributeSchema(Answer):
    """An attribute, its levels (lowest first where they are ordered), and named groups of them."""

    name = fields.String()
    definition = fields.String()
    ordered = fields.Boolean()
    levels = fields.List(fields.Nested(LevelSchema))
    groups = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class UnitSchema(Answer):
    """A named unit, and the eliteness it stands for."""

    name = fields.String()
    eliteness = fields.String()
    synonyms = fields.List(fields.String())


class PeriodSchema(Answer):
    """A part of the study in which the baseline hazard is constant."""

    name = fields.String()
    window = fields.Nested(StatedWindowSchema)


class StudySchema(Answer):
    """The window in which anything is known, and its periods."""

    window = fields.Nested(StatedWindowSchema)
    periods = fields.List(fields.Nested(PeriodSchema))


class VocabularySchema(Answer):
    """The words a profile may use."""

    attributes = fields.List(fields.Nested(AttributeSchema))
    units = fields.List(fields.Nested(UnitSchema))
    study = fields.Nested(StudySchema)


@resource.document("/v1/vocabulary", tag="What is known", gives=VocabularySchema)
def show_vocabulary() -> Response:
    """List attributes, levels, units and periods."""
    return cacheable(encoded(described(words())), JSON)


def described(vocabulary: Vocabulary) -> dict[str, Any]:
    """Return a vocabulary as it stands in an answer."""
    study = vocabulary.study
    return {
        "attributes": [_attribute(attribute) for attribute in vocabulary.attributes],
        "units": [
            {"name": unit.name, "eliteness": unit.eliteness, "synonyms": list(unit.synonyms)}
            for unit in vocabulary.units
        ],
        "study": {
            "window": _window(study.window),
            "periods": [{"name": period.name, "window": _window(period.window)} for period in study.periods],
        },
    }


def _attribute(attribute: Attribute) -> dict[str, Any]:
    return {
        "name": attribute.name,
        "definition": attribute.definition,
        "ordered": attribute.ordered,
        "levels": [
            {
                "name": level.name,
                "definition": level.definition,
                "source": level.source,
                "synonyms": list(level.synonyms),
            }
            for level in attribute.levels
        ],
        "groups": {group: list(names) for group, names in attribute.groups.items()},
    }


def _window(window: Window) -> dict[str, str]:
    return {"from": str(window.start), "to": str(window.end)}
