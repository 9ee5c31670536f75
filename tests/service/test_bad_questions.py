"""JSON that is no question: every fault named by pointer, rule and nearest value, nothing echoed, all of it small."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

CANARY = "kanarienvogel"
MEMBERS = ("id", "sect", "rank", "eliteness", "proximity", "unit")
GOOD = {"sect": "sunni", "rank": "colonel", "eliteness": "ordinary", "proximity": "outside"}


def faults(client: FlaskClient, body: Any) -> dict[str, tuple[str, list[str]]]:
    """Post a body that must be refused; return rule and nearest values by pointer."""
    answer = client.post("/v1/assessments", data=json.dumps(body), content_type="application/json")
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert len(answer.data) < 8192
    assert set(answer.json) - {"example"} == {"type", "title", "status", "detail", "errors"}
    return {error["pointer"]: (error["rule"], error["nearest"]) for error in answer.json["errors"]}


@pytest.mark.parametrize("body", [None, True, 0, 1.5, "", CANARY, [], [GOOD]])
def test_the_body_is_an_object(client: FlaskClient, body: Any) -> None:
    """Any other JSON is refused as a whole."""
    assert faults(client, body) == {"": ("must be an object", [])}


@pytest.mark.parametrize("member", MEMBERS)
@pytest.mark.parametrize("value", [True, False, 0, 17, -1.5, [], ["sunni"], {}, {"sunni": 1}])
def test_words_are_strings(client: FlaskClient, member: str, value: Any) -> None:
    """No other type stands for a word, or for an id."""
    assert faults(client, {"officers": [{member: value}]}) == {f"/officers/0/{member}": ("must be a string", [])}


@pytest.mark.parametrize("member", MEMBERS)
def test_null_is_not_unknown(client: FlaskClient, member: str) -> None:
    """An attribute that is not known is left out; null is refused and told so."""
    rule, _ = faults(client, {"officers": [{member: None}]})[f"/officers/0/{member}"]
    assert "leave it out" in rule


@pytest.mark.parametrize("member", MEMBERS)
def test_words_are_short(client: FlaskClient, member: str) -> None:
    """A word, or an id, of more than 64 characters is refused unread."""
    found = faults(client, {"officers": [{member: CANARY * 10}]})
    assert found == {f"/officers/0/{member}": ("must have at most 64 characters", [])}


@pytest.mark.parametrize(
    ("member", "word", "nearest"),
    [
        ("sect", "alawit", "alawite"),
        ("rank", "colonell", "colonel"),
        ("rank", "brigadeer general", "brigadier"),
        ("eliteness", "ordinry", "ordinary"),
        ("proximity", "trustd", "trusted"),
        ("unit", "republican gard", "Republican Guard"),
    ],
)
def test_the_nearest_word_is_offered(client: FlaskClient, member: str, word: str, nearest: str) -> None:
    """A misspelt word is answered with the word it comes nearest to, at its place."""
    rule, offered = faults(client, {"officers": [GOOD, {member: word}]})[f"/officers/1/{member}"]
    assert rule == "must be a word of the vocabulary"
    assert offered[0].casefold() == nearest.casefold()


@pytest.mark.parametrize("word", ["", " ", "-", "\u0000", "officers", "enlisted", "\u0639\u0644\u0648\u064a"])
def test_other_words_are_refused_too(client: FlaskClient, word: str) -> None:
    """Where no word is near, all levels are offered; a group of levels is no level."""
    assert len(faults(client, {"officers": [{"rank": word}]})["/officers/0/rank"][1]) >= 1


def test_all_wrong_words_of_an_officer_are_named(client: FlaskClient) -> None:
    """An officer with two wrong words has two faults."""
    assert set(faults(client, {"officers": [{**GOOD, "sect": "x", "rank": "y"}]})) == {
        "/officers/0/sect",
        "/officers/0/rank",
    }


def test_a_wrong_member_does_not_hide_wrong_words(client: FlaskClient) -> None:
    """Faults of shape, of the window and of words are told together, so that one answer mends them all."""
    officers = [{**GOOD, "rnak": "x", "sect": "suni"}, {"id": 3, "rank": "colonell"}]
    found = faults(client, {"officers": officers, "window": {"from": "2010-01-01"}, "intervals": [2]})
    assert set(found) == {
        "/intervals/0", "/officers/0", "/officers/1/id", "/window/from", "/officers/0/sect", "/officers/1/rank",
    }  # fmt: skip
    assert found["/officers/0"][1] == ["rank"]


def test_a_contradiction_offers_what_the_unit_stands_for(client: FlaskClient) -> None:
    """A unit and another eliteness are refused with the eliteness of the unit."""
    found = faults(client, {"officers": [{"unit": "Republican Guard", "eliteness": "ordinary"}]})
    assert found["/officers/0/eliteness"][1] == ["elite"]


@pytest.mark.parametrize(
    ("body", "pointer", "nearest"),
    [
        ({"officers": [GOOD], "oficers": 1}, "", ["officers"]),
        ({"officers": [GOOD], "Window": 1}, "", ["window"]),
        ({"officers": [{"rnak": "colonel"}]}, "/officers/0", ["rank"]),
        ({"officers": [{CANARY: CANARY}]}, "/officers/0", []),
        ({"officers": [{"": 1, "_schema": 1, "/": 1, "0": 1}]}, "/officers/0", []),
        ({"officers": [GOOD], "window": {"start": "2012-01-01"}}, "/window", []),
        ({"officers": [GOOD], "window": {"form": "2012-01-01"}}, "/window", ["from"]),
    ],
)
def test_members_that_are_not_allowed(client: FlaskClient, body: Any, pointer: str, nearest: list[str]) -> None:
    """A member that is not allowed is refused at its object, with the nearest name, its own being no word of ours."""
    rule, offered = faults(client, body)[pointer]
    assert rule.startswith("must have no members but ")
    assert offered == nearest


@pytest.mark.parametrize("officers", [None, True, 3, "x", {}, {"0": GOOD}])
def test_officers_are_an_array(client: FlaskClient, officers: Any) -> None:
    """No other type stands for the officers."""
    assert set(faults(client, {"officers": officers})) == {"/officers"}


@pytest.mark.parametrize("officer", [None, True, 3, "x", [], [GOOD]])
def test_an_officer_is_an_object(client: FlaskClient, officer: Any) -> None:
    """No other type stands for an officer, and the good ones about it are not complained of."""
    assert set(faults(client, {"officers": [GOOD, officer, GOOD]})) == {"/officers/1"}


@pytest.mark.parametrize("count", [0, 10_001])
def test_officers_are_1_to_10_000(client: FlaskClient, count: int) -> None:
    """None, or more than ten thousand, are refused as one fault whatever they are."""
    assert faults(client, {"officers": [1] * count}) == {"/officers": ("must hold 1 to 10,000 elements", [])}


def test_officers_must_be_given(client: FlaskClient) -> None:
    """A question without officers is told what it lacks."""
    assert faults(client, {}) == {"/officers": ("must be given", [])}


@pytest.mark.parametrize("body", [{"sect": "sunni"}, GOOD, [GOOD], {"officers": GOOD}])
def test_a_body_of_another_shape_is_shown_one_that_can_be_sent(client: FlaskClient, body: Any) -> None:
    """An officer who is not in a list is answered with an example, which is answered when it is sent."""
    refused = client.post("/v1/assessments", json=body)
    assert refused.status_code == 422
    assert client.post("/v1/assessments", json=refused.json["example"]).status_code == 200


def test_what_is_wrong_inside_a_list_needs_no_example(client: FlaskClient) -> None:
    """Where the body has its members, what it lacks is a word."""
    assert "example" not in client.post("/v1/assessments", json={"officers": [{"sect": "suni"}]}).json


def test_the_detail_names_the_place_and_the_rule(client: FlaskClient) -> None:
    """Whoever reads no further than the detail knows which officer, which member, and what would do; of many, three."""
    officers = [GOOD, GOOD, {"rank": "colonell"}]
    detail = client.post("/v1/assessments", json={"officers": officers}).json["detail"]
    assert detail.startswith("officers[2].rank: must be a word of the vocabulary; nearest: colonel. ")
    detail = client.post("/v1/assessments", json={"officers": [*officers[2:] * 5]}).json["detail"]
    assert (detail.count("officers["), "`errors` has 2 more" in detail) == (3, True)


@pytest.mark.parametrize(
    ("number", "nearest"), [(95, "0.95"), (50, "0.5"), (99.5, "0.995"), (100, "0.99"), (-1, "0.01")]
)
def test_a_percentage_is_answered_with_its_probability(client: FlaskClient, number: float, nearest: str) -> None:
    """A number from 1 to 100 is taken to mean so many in a hundred; others get the end of the range."""
    found = faults(client, {"officers": [GOOD], "intervals": [number]})
    assert found == {"/intervals/0": ("must lie strictly between 0 and 1", [nearest])}


@pytest.mark.parametrize("window", [None, True, 3, "2012", [], ["2012-01-01", "2013-01-01"]])
def test_a_window_is_an_object(client: FlaskClient, window: Any) -> None:
    """No other type stands for a window."""
    assert set(faults(client, {"officers": [GOOD], "window": window})) == {"/window"}


@pytest.mark.parametrize("end", ["from", "to"])
@pytest.mark.parametrize(
    "day",
    [
        None, True, 20120101, 1.5, [], {}, "", "2012", "2012-01", "20120101", "2012-W01-1", "2012-1-1", "01/02/2012",
        "2012-02-30", "2012-13-01", "0000-01-01", "2012-01-01T00:00:00", "2012-01-01Z", " 2012-01-01", "2012-01-01\n",
        "\u0662\u0660\u0661\u0662-01-01", "+2012-01-01",
    ],
)  # fmt: skip
def test_days_are_iso_dates(client: FlaskClient, end: str, day: Any) -> None:
    """A day is a real one, written YYYY-MM-DD, and nothing else."""
    assert set(faults(client, {"officers": [GOOD], "window": {end: day}})) == {f"/window/{end}"}


@pytest.mark.parametrize(
    ("window", "pointer", "nearest"),
    [
        ({"from": "2010-01-01"}, "/window/from", ["2011-03-15"]),
        ({"to": "2017-01-01"}, "/window/to", ["2016-03-15"]),
        ({"from": "2016-03-16"}, "/window/from", ["2016-03-15"]),
        ({"to": "2011-03-14"}, "/window/to", ["2011-03-15"]),
        ({"from": "0001-01-01", "to": "9999-12-31"}, "/window/to", ["2016-03-15"]),
        ({"from": "2013-01-01", "to": "2013-01-01"}, "/window/to", ["2016-03-15"]),
        ({"from": "2014-01-01", "to": "2013-01-01"}, "/window/to", ["2016-03-15"]),
        ({"from": "2016-03-15"}, "/window/to", []),
    ],
)
def test_windows_lie_in_the_study(client: FlaskClient, window: Any, pointer: str, nearest: list[str]) -> None:
    """A window that is empty, turned round or outside the study is refused with the nearest day."""
    assert faults(client, {"officers": [GOOD], "window": window})[pointer][1] == nearest


@pytest.mark.parametrize("probability", [None, True, False, "0.5", [], {}, 0, 1, -0.5, 1.5, 50, 90, 10**60, 1e300, 0.0])
def test_probabilities_are_numbers_between_0_and_1(client: FlaskClient, probability: Any) -> None:
    """No string, boolean or percentage stands for a probability."""
    assert set(faults(client, {"officers": [GOOD], "intervals": [0.5, probability]})) == {"/intervals/1"}


@pytest.mark.parametrize(
    "intervals", [None, True, 0.5, "0.5", {}, [], [0.5, 0.5], [0.5, 0.9, 0.50], [n / 100 for n in range(1, 12)]]
)
def test_intervals_are_1_to_10_distinct_probabilities(client: FlaskClient, intervals: Any) -> None:
    """None, more than ten, or the same one twice is refused."""
    assert set(faults(client, {"officers": [GOOD], "intervals": intervals})) == {"/intervals"}


@pytest.mark.parametrize(
    "officer",
    [
        {"sect": CANARY, "unit": CANARY},
        {"sect": 1, "rank": 2, "id": 3},
        {CANARY + str(number): 1 for number in range(9)},
        CANARY,
        None,
    ],
    ids=["unknown words", "wrong types", "unknown members", "strings", "nulls"],
)
def test_ten_thousand_bad_officers_are_cheap(client: FlaskClient, officer: Any) -> None:
    """Twenty faults are listed, and the rest is not even looked at."""
    start = time.process_time()
    assert len(faults(client, {"officers": [officer] * 10_000})) == 20
    assert time.process_time() - start < 2


def test_an_object_of_many_unknown_members_is_cheap(client: FlaskClient) -> None:
    """A hundred thousand unknown members are one fault."""
    assert len(faults(client, {"officers": [{str(number): 1 for number in range(100_000)}]})) == 1


def test_pointers_name_the_officer(client: FlaskClient) -> None:
    """The faults of the officers among many good ones carry their places, in order."""
    officers = [dict(GOOD) for _ in range(100)]
    officers[3]["rank"], officers[71]["sect"] = "x", "y"
    assert list(faults(client, {"officers": officers})) == ["/officers/3/rank", "/officers/71/sect"]


nasty = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.just(CANARY),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("officers", "window", "intervals", "from", "to", *MEMBERS, CANARY, "_schema")),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@hypothesis_settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nasty)
@example({"officers": [{"id": {CANARY: [CANARY]}}], CANARY: CANARY})
def test_nothing_of_a_refused_body_is_echoed(client: FlaskClient, body: Any) -> None:
    """Whatever its shape, a body that is refused is refused with 4xx, in small, and without its own text."""
    data = json.dumps(body)
    answer = client.post("/v1/assessments", data=data, content_type="application/json")
    assert answer.status_code in {200, 400, 422}
    if answer.status_code != 200:
        assert CANARY.encode() not in answer.data
        assert len(answer.data) < 8192
