"""`GET /v1/vocabulary`: the words a profile may use, and the study it lies in."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Response
from marshmallow import fields

from priors.cases import Facts
from priors.study import Window
from priors.vocabulary import Attribute, Vocabulary
from service.api.resource import JSON, Resource, facts, words
from service.api.responses import cacheable, encoded
from service.api.schemas import Answer, StatedWindowSchema

resource = Resource("vocabulary")


class LevelSchema(Answer):
    """A level of an attribute, how a sentence calls it, and its synonyms."""

    name = fields.String()
    called = fields.String()
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


class HeadsSchema(Answer):
    """How many served when the study begins: in all, and officers."""

    corps = fields.Integer()
    officers = fields.Integer()


class ArticleSchema(Answer):
    """An article whose claims are weighed."""

    name = fields.String(metadata={"description": "As the source of claims, and as the prior set of these alone."})
    author = fields.String()
    called = fields.String(metadata={"description": "The author, in a sentence."})
    year = fields.Integer()
    title = fields.String()
    published = fields.String()
    stands = fields.String(metadata={"description": "How far into the war it was written."})


class StudyCaseSchema(Answer):
    """A kind of man of whom at least one had left by a day or, where it did not happen, none."""

    title = fields.String()
    profile = fields.Dict(keys=fields.String(), values=fields.String())
    by = fields.Date()
    happened = fields.Boolean()
    rests = fields.String(metadata={"description": "What is to be known before it is weighed."})
    claims = fields.List(fields.String(), metadata={"description": "Those that speak of it."})


class StudySchema(Answer):
    """The window in which anything is known, its periods, and the facts of the case."""

    window = fields.Nested(StatedWindowSchema)
    periods = fields.List(fields.Nested(PeriodSchema))
    heads = fields.Nested(HeadsSchema)
    articles = fields.List(fields.Nested(ArticleSchema))
    levers = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "The claims behind each lever of an outlook."},
    )
    topics = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "On which the articles differ, each with the quantity that claims on it bear on."},
    )
    cases = fields.List(fields.Nested(StudyCaseSchema))


class VocabularySchema(Answer):
    """The words a profile may use."""

    attributes = fields.List(fields.Nested(AttributeSchema))
    units = fields.List(fields.Nested(UnitSchema))
    study = fields.Nested(StudySchema)


@resource.document("/v1/vocabulary", tag="What is known", gives=VocabularySchema)
def show_vocabulary() -> Response:
    """List attributes, levels, units and periods, and the facts of the case."""
    return cacheable(encoded(described(words(), facts())), JSON)


def described(vocabulary: Vocabulary, known: Facts) -> dict[str, Any]:
    """Return a vocabulary and the facts of the case as they stand in an answer."""
    study = vocabulary.study
    return {
        "attributes": [_attribute(attribute) for attribute in vocabulary.attributes],
        "units": [
            {"name": unit.name, str(vocabulary.unit_attribute): unit.level, "synonyms": list(unit.synonyms)}
            for unit in vocabulary.units
        ],
        "study": {
            "window": _window(study.window),
            "periods": [{"name": period.name, "window": _window(period.window)} for period in study.periods],
        }
        | asdict(known),
    }


def _attribute(attribute: Attribute) -> dict[str, Any]:
    return {
        "name": attribute.name,
        "definition": attribute.definition,
        "ordered": attribute.ordered,
        "levels": [
            {
                "name": level.name,
                "called": level.called,
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
