"""Examples in the vocabulary's own words: what a profile may hold, and bodies that can be sent as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from marshmallow import Schema

from priors.vocabulary import Attribute, Vocabulary
from service.outlook_schemas import CounterfactualQuestionSchema, OutlookQuestionSchema
from service.schemas import AssessmentQuestionSchema, ComparisonQuestionSchema, DistributionQuestionSchema, TermsSchema
from service.surprise_schemas import SurpriseQuestionSchema

INTERVALS: Final = (0.5, 0.9)
HALF_A_YEAR: Final = timedelta(days=182)


def words(vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """Return the words of every member of a profile: the names of the levels, or units, first, then the synonyms."""
    found = {
        attribute.name: (*attribute.names, *(word for level in attribute.levels for word in level.synonyms))
        for attribute in vocabulary.attributes
    }
    names = (unit.name for unit in vocabulary.units)
    return found | {"unit": (*names, *(word for unit in vocabulary.units for word in unit.synonyms))}


def body(question: type[Schema], vocabulary: Vocabulary) -> dict[str, Any]:
    """Return a body that asks a question: with words, synonyms and a unit, a window and intervals.

    Parameters
    ----------
    question : type of Schema
        Of an assessment, a comparison, counterfactuals, distributions, an outlook or surprises.
    vocabulary : Vocabulary
    """
    window = vocabulary.study.window
    known = {attribute.name: _high(attribute) for attribute in vocabulary.attributes}
    plain: Mapping[str, str] = {
        "sect": vocabulary["sect"].reference,
        "rank": _synonym(vocabulary["rank"]),
        "unit": vocabulary.units[0].name,
    }
    asked: Mapping[type[Schema], dict[str, Any]] = {
        AssessmentQuestionSchema: {"officers": [{"id": "a-17", **known}, dict(plain)]},
        ComparisonQuestionSchema: {"pairs": [{"id": "p-1", "first": dict(plain), "second": known}]},
        CounterfactualQuestionSchema: {"officers": [{"id": "a-17", **known}]},
        DistributionQuestionSchema: {"officers": [{"id": "a-17", **known}]},
        OutlookQuestionSchema: {
            "force": [{**plain, "count": 20}, {**known, "count": 3}],
            "at_least": [1, 5],
            "decisive": [{"rank": [known["rank"]]}],
            "levers": {"contagion": {"ratio": 1.2}, "reprisal": {"factor": 0.5, "same": ["sect"]}},
        },
        SurpriseQuestionSchema: {"cases": [{"id": "c-1", "profile": known, "by": str(window.start + HALF_A_YEAR)}]},
    }
    if not issubclass(question, TermsSchema):
        return asked[question]
    return asked[question] | {
        "window": {"from": str(window.start), "to": str(window.end)},
        "intervals": list(INTERVALS),
    }


def _high(attribute: Attribute) -> str:
    """Return a level near the top of a scale, or the first of what is none."""
    return attribute.names[-2 if attribute.ordered else 0]


def _synonym(attribute: Attribute) -> str:
    """Return another name of a level in the upper half of a scale."""
    upper = attribute.levels[len(attribute.levels) // 2 :]
    return next((word for level in upper for word in level.synonyms), attribute.names[0])
