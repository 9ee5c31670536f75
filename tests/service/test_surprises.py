"""Surprises over HTTP: the model's own answers, precise refusals, and 409 from a version without the priors' draws."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from model.archive import Archive
from model.risk.surprise_by_set import surprise_by_set
from service import Settings, create_app
from tests.service.publishing import publish
from tests.support.risk_tables import synthetic_table
from tests.support.syria import PRIOR_SETS

SURPRISES = "/v1/surprises"
MUSTAFA = {"profile": {"sect": "Alawi", "rank": "brigadier", "unit": "AFI"}, "by": "2012-08-02"}
CANARY = "kanarienvogel"


def test_the_answer_is_that_of_the_model(client: FlaskClient) -> None:
    """Words become levels, ids come back, and the service says what the risk table says, with its caution."""
    answer = client.post(SURPRISES, json={"cases": [{"id": "m", **MUSTAFA}, {"profile": {}, "by": "2016-03-14"}]})
    assert answer.status_code == 200, answer.text
    table, known = synthetic_table(named=True), {"sect": "alawite", "rank": "brigadier", "eliteness": "elite"}
    expected = surprise_by_set(table, known, by=date(2012, 8, 2)).as_dict()
    assert answer.json["surprises"][0] == {"id": "m"} | expected
    assert [each["prior_set"] for each in answer.json["surprises"][1]["priors"]] == [*PRIOR_SETS]
    assert answer.json["corps"] is None
    assert "has seen it already" in answer.json["caution"]


def test_a_smaller_corps_is_less_likely_to_yield_a_case(client: FlaskClient) -> None:
    """The number of men may be stated, and counts."""
    few, many = (
        client.post(SURPRISES, json={"cases": [MUSTAFA], "corps": corps}).json["surprises"][0]["posterior"]
        for corps in (1_000, 325_000)
    )
    assert few["probability"] < many["probability"]
    assert few["expected_men"] == pytest.approx(many["expected_men"] / 325, rel=1e-4)


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, {"/cases"}),
        ({"cases": []}, {"/cases"}),
        ({"cases": [MUSTAFA] * 21}, {"/cases"}),
        ({"cases": [{}]}, {"/cases/0/profile", "/cases/0/by"}),
        ({"cases": [MUSTAFA | {"by": "2016-03-15"}, MUSTAFA | {"by": "2011-03-14"}]}, {"/cases/0/by", "/cases/1/by"}),
        ({"cases": [MUSTAFA | {"by": "2012-8-2"}]}, {"/cases/0/by"}),
        ({"cases": [MUSTAFA | {"profile": {"rank": CANARY}}]}, {"/cases/0/profile/rank"}),
        ({"cases": [MUSTAFA | {CANARY: 1}], "corps": 0, "window": {}}, {"/cases/0", "/corps", ""}),
        ({"cases": [MUSTAFA], "corps": "many", "version": 7}, {"/corps", "/version"}),
    ],
)
def test_what_is_no_question_is_refused_by_place(client: FlaskClient, body: Any, pointers: set[str]) -> None:
    """Each fault is named by where it stands, and nothing is quoted."""
    answer = client.post(SURPRISES, json=body)
    assert answer.status_code == 422, answer.text
    assert CANARY not in answer.text
    assert {fault["pointer"] for fault in answer.json["errors"]} == pointers


def test_a_version_without_the_draws_says_how_to_get_them(tmp_path: Path) -> None:
    """It serves all else and its documentation; this alone is refused, as a state of the version, with the remedy."""
    publish(Archive(tmp_path))
    client = create_app(Settings(home=tmp_path)).test_client()
    answer = client.post(SURPRISES, json={"cases": [MUSTAFA]})
    assert answer.status_code == 409
    assert "defection-risk refit" in answer.json["detail"]
    assert client.post("/v1/assessments", json={"officers": [{}]}).status_code == 200
    assert client.get("/docs").status_code == 200
