"""Pairs are compared in the same draws, answered in their order, and refused as precisely as officers are."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from model.archive import Archive
from model.risk.comparison import compare
from priors.timeline import Window
from priors.vocabulary import Vocabulary
from service import Settings
from service.served import load
from tests.support.syria import ATTRIBUTES

ROUTE = "/v1/comparisons"
FIRST = {"sect": "sunni", "rank": "colonel"}
SECOND = {"sect": "alawite", "rank": "brigadier", "eliteness": "elite", "proximity": "trusted"}
CANARY = "kanarienvogel"


def ask(client: FlaskClient, *pairs: Any, **more: Any) -> Any:
    """Ask about pairs and return the answer."""
    answer = client.post(ROUTE, json={"pairs": list(pairs), **more})
    assert answer.status_code == 200, answer.text
    return answer.json


def faults(client: FlaskClient, body: Any) -> dict[str, tuple[str, list[str]]]:
    """Post a body that must be refused; return rule and nearest values by pointer."""
    answer = client.post(ROUTE, json=body)
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert len(answer.data) < 8192
    assert CANARY not in answer.text
    return {error["pointer"]: (error["rule"], error["nearest"]) for error in answer.json["errors"]}


def test_the_numbers_are_those_of_the_risk_table(client: FlaskClient, settings: Settings) -> None:
    """The service adds the caller's id, the model and the window to what the risk table says, and nothing else."""
    archive = Archive(settings.home)
    table = load(archive, archive.require_current()).table
    window = {"from": "2012-01-01", "to": "2014-07-01"}
    answer = ask(client, {"id": "p-1", "first": FIRST, "second": SECOND}, window=window, intervals=[0.9, 0.8])
    expected = compare(
        table, FIRST, SECOND, window=Window(date(2012, 1, 1), date(2014, 7, 1)), intervals=(0.8, 0.9)
    ).as_dict()
    assert answer["comparisons"] == [{"id": "p-1"} | expected]
    assert list(answer) == ["model", "window", "comparisons"]
    assert answer["window"] == window


def test_words_are_read_as_for_assessments(client: FlaskClient) -> None:
    """Synonyms and units stand on either side; an empty profile is the armed forces."""
    plain, spoken = ask(
        client,
        {"first": {"rank": "brigadier", "eliteness": "elite"}, "second": {}},
        {"first": {"rank": "Brig. Gen.", "unit": "4th Armoured Division"}, "second": {}},
    )["comparisons"]
    assert plain == spoken
    assert plain["second"]["profile"] == {}
    assert plain["second"]["averaged_over"] == list(ATTRIBUTES)


def test_the_same_body_has_the_same_bytes(client: FlaskClient) -> None:
    """Asked again, the answer is the same to the byte."""
    body = {"pairs": [{"first": FIRST, "second": SECOND}]}
    assert client.post(ROUTE, json=body).data == client.post(ROUTE, json=body).data


def test_a_thousand_pairs_are_answered_in_their_order(client: FlaskClient, vocabulary: Vocabulary) -> None:
    """The most pairs that are allowed are answered, one for one; one more is refused unread."""
    cells = [dict(zip(ATTRIBUTES, cell, strict=True)) for cell in vocabulary.cells]
    pairs = [{"first": cells[n % 576], "second": cells[(7 * n + 1) % 576]} for n in range(1000)]
    answers = ask(client, *pairs)["comparisons"]
    assert [answer["first"]["profile"] for answer in answers] == [pair["first"] for pair in pairs]
    assert faults(client, {"pairs": [*pairs, 1]}) == {"/pairs": ("must hold 1 to 1,000 elements", [])}


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, {"/pairs"}),
        ({"pairs": []}, {"/pairs"}),
        ({"pairs": {"first": FIRST, "second": SECOND}}, {"/pairs"}),
        ({"pairs": [[FIRST, SECOND]]}, {"/pairs/0"}),
        ({"pairs": [{"first": FIRST}]}, {"/pairs/0/second"}),
        ({"pairs": [{"first": None, "second": CANARY}]}, {"/pairs/0/first", "/pairs/0/second"}),
        ({"pairs": [{"id": 3, "first": {"id": "x"}, "second": {}}]}, {"/pairs/0/id", "/pairs/0/first"}),
        ({"pairs": [{"first": {"rank": CANARY}, "second": {"sect": CANARY}}]},
         {"/pairs/0/first/rank", "/pairs/0/second/sect"}),
        ({"officers": [FIRST]}, {"", "/pairs"}),
        ({"pairs": [{"first": FIRST, "second": SECOND}], "window": {"from": "2016-03-15"}}, {"/window/to"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_place(client: FlaskClient, body: Any, pointers: set[str]) -> None:
    """Each fault has its pointer, on the side where it is."""
    assert set(faults(client, body)) == pointers


def test_the_nearest_word_is_offered(client: FlaskClient) -> None:
    """A misspelt word on one side is answered with the nearest."""
    found = faults(client, {"pairs": [{"first": FIRST, "second": {"rank": "colonell"}}]})
    assert found["/pairs/0/second/rank"][1][0] == "colonel"


def test_a_thousand_bad_pairs_are_cheap(client: FlaskClient) -> None:
    """Twenty faults are listed, and the rest is not even looked at."""
    start = time.process_time()
    assert len(faults(client, {"pairs": [{"first": {CANARY: 1}, "second": {"sect": CANARY}}] * 1000})) == 20
    assert time.process_time() - start < 2


def test_without_a_model_a_good_question_is_503(empty: FlaskClient) -> None:
    """A question that could be answered is told that the model is missing."""
    assert empty.post(ROUTE, json={"pairs": [{"first": {}, "second": {}}]}).status_code == 503
