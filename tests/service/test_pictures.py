"""What can be drawn: distributions of profiles, and all cells at once."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from priors.vocabulary import Vocabulary
from tests.support.syria import ATTRIBUTES

BRIGADIER = {"sect": "alawi", "rank": "amid", "unit": "AFI", "proximity": "trusted"}


def assessed(client: FlaskClient, **body: Any) -> dict[str, Any]:
    """Return the first assessment of an answer."""
    answer: dict[str, Any] = client.post("/v1/assessments", json=body).json["assessments"][0]
    return answer


def test_a_distribution_says_what_an_assessment_says(client: FlaskClient) -> None:
    """Words are understood alike, and the posterior's median and intervals are the same numbers."""
    window = {"from": "2012-03-01", "to": "2014-03-01"}
    body = {"officers": [{"id": "a-17", **BRIGADIER}, {}], "window": window, "intervals": [0.9, 0.5]}
    answer = client.post("/v1/distributions", json=body)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    first, second = answer.json["distributions"]
    assert (first["id"], "id" in second) == ("a-17", False)
    expected = assessed(client, **body)
    assert first["profile"] == expected["profile"]
    posterior = first["risk"]["posterior"]
    assert posterior["median"] == expected["risk"]["median"]
    assert posterior["intervals"] == expected["risk"]["intervals"]
    assert second["averaged_over"] == list(ATTRIBUTES)


def test_hazards_come_by_period_clipped_to_the_window(client: FlaskClient, vocabulary: Vocabulary) -> None:
    """One hazard for each period that the window overlaps; the first and the last end where it does."""
    window = {"from": "2012-03-01", "to": "2013-06-01"}
    answer = client.post("/v1/distributions", json={"officers": [{}], "window": window}).json
    days = [(each["from"], each["to"]) for each in answer["distributions"][0]["hazard"]]
    assert days == [
        ("2012-03-01", "2012-04-01"), ("2012-04-01", "2012-07-01"), ("2012-07-01", "2012-08-01"),
        ("2012-08-01", "2012-09-01"), ("2012-09-01", "2013-01-01"), ("2013-01-01", "2013-06-01"),
    ]  # fmt: skip
    whole = client.post("/v1/distributions", json={"officers": [{}]}).json["distributions"][0]["hazard"]
    assert len(whole) == len(vocabulary.timeline.periods)


@pytest.mark.parametrize("count", [0, 21])
def test_distributions_are_of_1_to_20(client: FlaskClient, count: int) -> None:
    """None, or more than twenty, are refused as one fault."""
    errors = client.post("/v1/distributions", json={"officers": [{"rank": 1}] * count}).json["errors"]
    assert [(error["pointer"], error["rule"]) for error in errors] == [("/officers", "must hold 1 to 20 elements")]


def test_cells_come_in_the_order_that_they_say(client: FlaskClient, vocabulary: Vocabulary) -> None:
    """The place of a profile among the cells follows from order and levels; its numbers are its assessment's."""
    query = {"from": "2012-01-01", "to": "2013-01-01"}
    answer = client.get("/v1/cells", query_string=query).json
    assert answer["window"] == query
    assert answer["order"] == list(ATTRIBUTES)
    columns = answer["cells"]
    assert {len(columns[name]) for name in ("corps_share", "median", "lower", "upper")} == {len(vocabulary.cells)}
    profile = {"sect": "druze", "rank": "major", "eliteness": "favoured", "proximity": "connected"}
    place = 0
    for name in answer["order"]:
        place = place * len(answer["levels"][name]) + answer["levels"][name].index(profile[name])
    risk = assessed(client, officers=[profile], window=query, intervals=[columns["probability"]])["risk"]
    assert columns["median"][place] == risk["median"]
    (interval,) = risk["intervals"]
    assert (columns["lower"][place], columns["upper"][place]) == (interval["lower"], interval["upper"])


def test_either_end_of_the_window_may_be_left_to_the_study(client: FlaskClient) -> None:
    """What the query does not state is the study's own."""
    assert client.get("/v1/cells?from=2012-01-01").json["window"] == {"from": "2012-01-01", "to": "2016-03-15"}
    assert client.get("/v1/cells?to=2012-01-01").json["window"] == {"from": "2011-03-15", "to": "2012-01-01"}


def test_another_window_has_another_tag(client: FlaskClient) -> None:
    """Whoever has the cells of one window is not told that those of another are the same."""
    tag = client.get("/v1/cells").headers["ETag"]
    other = client.get("/v1/cells?from=2012-01-01", headers={"If-None-Match": tag})
    assert (other.status_code, client.get("/v1/cells?from=2011-03-15").headers["ETag"]) == (200, tag)


@pytest.mark.parametrize(
    ("query", "pointer", "nearest"),
    [
        ("from=2010-01-01", "/from", ["2011-03-15"]),
        ("to=2017-01-01", "/to", ["2016-03-15"]),
        ("from=2013-01-01&to=2013-01-01", "/to", ["2016-03-15"]),
        ("from=2012-1-1", "/from", []),
        ("from=", "/from", []),
        ("from=2012-01-01&from=2012-01-01", "/from", []),
        ("priors=pooled", "", []),
        ("version=pooled&version=pooled", "/version", []),
        ("form=2012-01-01", "", ["from"]),
        ("window=1", "", []),
        ("xyzzy", "", []),
    ],
)
def test_bad_queries_are_refused(client: FlaskClient, query: str, pointer: str, nearest: list[str]) -> None:
    """What is wrong with a query is named as in a body: where, the rule, the nearest value, and never what was sent."""
    answer = client.get(f"/v1/cells?{query}")
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    (error,) = answer.json["errors"]
    assert (error["pointer"], error["nearest"]) == (pointer, nearest)
    assert b"poled" not in answer.data.replace(b"pooled", b"")
    assert b"xyzzy" not in answer.data
    assert answer.headers["Cache-Control"] == "no-store"
