"""The contract: valid OpenAPI 3.1, complete, checked in as it is served, and kept by every answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import Schema
from openapi_spec_validator import OpenAPIV31SpecValidator

from priors.vocabulary import Vocabulary
from service.api import examples, specification
from service.api.faults import MOST_FAULTS
from service.api.problems import LARGEST, ProblemSchema
from tests.support.contracts import DESCRIBED, QUESTIONS, mismatches
from tests.support.syria import ATTRIBUTES, SYRIA

CHECKED_IN = Path(__file__).parents[2] / "docs" / "openapi.json"


@pytest.fixture
def contract(client: FlaskClient) -> dict[str, Any]:
    """Return the specification as it is served."""
    answer = client.get("/openapi.json")
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    served: dict[str, Any] = answer.json
    return served


def test_it_is_valid(contract: dict[str, Any]) -> None:
    """What is served is OpenAPI 3.1 by its own schema, examples and references with it."""
    assert contract["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(contract).validate()


def test_what_is_checked_in_is_what_is_served(contract: dict[str, Any]) -> None:
    """A change of routes, schemas or words shows in docs/openapi.json: `make openapi` writes it anew."""
    expected = json.dumps(contract, indent=2) + "\n"
    assert CHECKED_IN.read_text(encoding="utf-8") == expected, "run `make openapi`"


def test_every_route_is_described(app: Flask, contract: dict[str, Any]) -> None:
    """A route without a description would be a route without a contract."""
    routes = {
        (rule.rule, method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        # What the page is made of is the page's own affair; /report/VERSION is told of with /report.
        if rule.endpoint not in {"page.send_file", "report.show_report_of"}
    }
    described = {(path, method) for path, operations in contract["paths"].items() for method in operations}
    assert described == routes


def test_the_limits_are_those_of_the_schemas(contract: dict[str, Any], vocabulary: Vocabulary) -> None:
    """Counts, lengths, bounds and words stand in the contract as the service holds to them."""
    parts = contract["components"]["schemas"]
    question = parts["AssessmentQuestion"]["properties"]
    assert (question["officers"]["minItems"], question["officers"]["maxItems"]) == (1, 10_000)
    assert (question["intervals"]["maxItems"], question["intervals"]["uniqueItems"]) == (10, True)
    assert question["intervals"]["items"] == {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}
    assert parts["ComparisonQuestion"]["properties"]["pairs"]["maxItems"] == 1_000
    assert parts["Window"]["properties"]["from"]["format"] == "date"
    assert parts["Officer"]["properties"]["id"]["maxLength"] == 64
    for name in ATTRIBUTES:
        assert parts["Officer"]["properties"][name]["enum"][: len(vocabulary[name].names)] == [*vocabulary[name].names]
    for name in QUESTIONS:
        asked = contract["paths"][name]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        assert parts[asked.rpartition("/")[2]]["properties"]["version"]["default"] == "current"
    for name in ("AssessmentQuestion", "ComparisonQuestion", "Officer", "Profile", "Pair", "Window"):
        assert parts[name]["additionalProperties"] is False
    assert parts["Problem"]["properties"]["errors"]["maxItems"] == MOST_FAULTS


def test_every_word_of_the_contract_is_taken(client: FlaskClient, vocabulary: Vocabulary) -> None:
    """Whoever sends a word that the contract lists is answered."""
    officers = [{name: word} for name, words in examples.words(vocabulary).items() for word in words]
    assert client.post("/v1/assessments", json={"officers": officers}).status_code == 200


@pytest.mark.parametrize("path", QUESTIONS)
def test_the_examples_are_answered(client: FlaskClient, contract: dict[str, Any], path: str) -> None:
    """The body that the contract shows for a question is answered as it stands."""
    body = contract["paths"][path]["post"]["requestBody"]["content"]["application/json"]["example"]
    assert client.post(path, json=body).status_code == 200


@pytest.mark.parametrize(("path", "schema"), DESCRIBED.items(), ids=DESCRIBED)
def test_answers_are_as_described(app: Flask, path: str, schema: type[Schema]) -> None:
    """An answer has every member that its schema names, of its type, and no other."""
    asked, client = QUESTIONS.get(path), app.test_client()
    answer = client.get(path) if asked is None else client.post(path, json=asked.example(SYRIA))
    assert mismatches(app, schema, answer.json) == {}


def test_problems_are_as_described(client: FlaskClient) -> None:
    """A problem document has the members of its schema and no other, with faults and without."""
    for answer in (client.get("/nothing"), client.post("/v1/assessments", json={"officers": [{"rank": "x"}]})):
        assert ProblemSchema().validate(answer.json) == {}
        assert len(answer.data) < LARGEST


def test_every_refusal_tells_its_headers(contract: dict[str, Any]) -> None:
    """Allow, WWW-Authenticate and Retry-After are promised where HTTP asks for them."""
    refusals = contract["components"]["responses"]
    assert "WWW-Authenticate" in refusals["Unauthorized"]["headers"]
    assert "Allow" in refusals["MethodNotAllowed"]["headers"]
    assert "Retry-After" in refusals["TooManyRequests"]["headers"]
    assert "Retry-After" in refusals["ServiceUnavailable"]["headers"]
    assert {status for status, *_ in specification.PROBLEMS.values()} == set(refusals)
