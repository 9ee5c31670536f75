"""What is encoded ahead and remembered is, byte for byte, what would have been worked out anew."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import ValidationError

from model.risk.cache import Cache
from priors.vocabulary import Vocabulary
from service import Settings, create_app
from service.questions import answer, read_question
from service.replies import SHORT, reply
from service.resources import registry
from service.responses import encoded
from service.schemas import OfficerSchema, Texts

BODIES: tuple[dict[str, Any], ...] = (
    {"officers": [{}]},
    {"officers": [{"rank": "lt col", "sect": "Sunni"}]},
    {"officers": [{"id": 'a "quoted" é', "rank": "major"}, {"rank": "major"}, {"unit": "AFI", "id": ""}]},
    {"officers": [{"sect": "druze"}] * 30, "window": {"from": "2012-01-01"}, "intervals": [0.8, 0.5, 0.95]},
)


@pytest.fixture
def app(settings: Settings) -> Flask:
    """Return an application that serves."""
    return create_app(settings)


@pytest.mark.parametrize("body", BODIES)
def test_a_reply_is_the_encoded_answer(app: Flask, vocabulary: Vocabulary, body: dict[str, Any]) -> None:
    """What is put together from parts has the very bytes of the whole, and its median risks in order."""
    question = read_question(body, vocabulary)
    with app.app_context():
        served = registry().current()
    expected = answer(question, served)
    found = reply(question, served)
    assert found.content == encoded(expected)
    assert found.risks == tuple(each["risk"]["median"] for each in expected["assessments"])


@pytest.mark.parametrize("body", BODIES)
def test_the_second_answer_is_the_first(client: FlaskClient, body: dict[str, Any]) -> None:
    """A question that is remembered is answered with the same bytes."""
    first, second = (client.post("/v1/assessments", json=body) for _ in range(2))
    assert first.status_code == 200
    assert first.data == second.data


def test_nothing_of_the_callers_own_is_remembered(app: Flask) -> None:
    """Bodies with ids, refused ones and long ones leave no trace; a plain one leaves its digest and its meaning."""
    remembered: Cache = app.extensions["understood"]
    client = app.test_client()
    client.post("/v1/assessments", json={"officers": [{"id": "a-17", "sect": "druze"}]})
    client.post("/v1/assessments", json={"officers": [{"sect": "martian"}]})
    client.post("/v1/assessments", data=b'{"officers": [{}]' + b" " * SHORT + b"}", content_type="application/json")
    assert not remembered._answers
    client.post("/v1/assessments", json={"officers": [{"sect": "druze"}]})
    assert len(remembered._answers) == 1
    assert b"druze" not in json.dumps([repr(key) for key in remembered._answers]).encode()


def test_the_same_body_asks_something_else_on_another_route(client: FlaskClient) -> None:
    """What is remembered for one route is not taken for the question of another."""
    body = {"officers": [{"sect": "druze"}]}
    for _ in range(2):
        assert "assessments" in client.post("/v1/assessments", json=body).json
        assert "distributions" in client.post("/v1/distributions", json=body).json


@pytest.mark.parametrize(
    "officer",
    [{"sect": 1}, {"sect": None}, {"age": "40"}, {"sect": "x" * 65}, [], "druze", None, {"sect": ["druze"]}],
)
def test_texts_refuse_what_their_schema_refuses(officer: Any) -> None:
    """An object that is not as it should be meets the same rules as ever."""
    with pytest.raises(ValidationError):
        Texts(OfficerSchema).deserialize(officer)
