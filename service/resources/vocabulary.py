"""`GET /v1/vocabulary`: the words a profile may use, and the study it lies in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from priors.study import Window
from priors.vocabulary import Attribute, Vocabulary
from service.resources import words
from service.responses import cacheable, encoded

blueprint = Blueprint("vocabulary", __name__)


@blueprint.get("/v1/vocabulary")
def show_vocabulary() -> Response:
    """List attributes, levels, units and periods."""
    return cacheable(encoded(described(words())), "application/json")


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
