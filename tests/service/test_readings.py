"""Readings over HTTP: a text becomes a profile that can be asked about, or is refused."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

READINGS = "/v1/readings"


def test_a_text_becomes_a_profile_that_can_be_asked_about(client: FlaskClient) -> None:
    """What is understood is a profile in a question's own words; what is not comes with the nearest name."""
    answer = client.post(READINGS, json={"text": "lt col, suni, Republican Guard"})
    assert answer.status_code == 200, answer.text
    assert list(answer.json) == ["model", "profile", "not_understood", "stated_twice"]
    assert answer.json["profile"] == {"rank": "colonel", "unit": "Republican Guard"}
    assert answer.json["not_understood"] == [{"word": "suni", "nearest": "sunni"}]
    assert client.post("/v1/assessments", json={"officers": [answer.json["profile"]]}).status_code == 200


@pytest.mark.parametrize("body", [{}, {"text": 1}, {"text": "x" * 501}, {"text": "", "words": ""}, {"text": None}])
def test_what_is_no_text_is_refused(client: FlaskClient, body: dict[str, Any]) -> None:
    """A text that is missing, no string or too long is a problem."""
    assert client.post(READINGS, json=body).status_code == 422


def test_the_longest_text_of_strange_words_is_answered_briefly(client: FlaskClient) -> None:
    """However many words are unknown, few are told."""
    answer = client.post(READINGS, json={"text": "qz " * 166})
    assert len(answer.json["not_understood"]) == 5
