"""Outlooks and counterfactuals over HTTP: the model's own answers, with refusals as precise as those of assessments."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from model.archive import Archive
from model.outlook.answer import outlook
from model.outlook.force import Force
from model.outlook.levers import Contagion, Levers
from model.risk.counterfactuals import counterfactuals
from priors.vocabulary import Vocabulary
from service import Settings, create_app
from tests.service.publishing import priors, publish
from tests.support.made_up import GARRISON, made_up
from tests.support.risk_tables import synthetic_table
from tests.support.syria import ATTRIBUTES, SYRIA

OUTLOOKS, COUNTERFACTUALS = "/v1/outlooks", "/v1/counterfactuals"
GROUP = {"sect": "sunni", "rank": "lt col", "unit": "Field Army", "count": 20}
CANARY = "kanarienvogel"


def ask(client: FlaskClient, **body: Any) -> dict[str, Any]:
    """Return the answer about a force of one group, unless another is stated."""
    answer = client.post(OUTLOOKS, json={"force": [GROUP]} | body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def faults(client: FlaskClient, body: Any, route: str = OUTLOOKS) -> dict[str, tuple[str, list[str]]]:
    """Return the rule and the nearest values at each place where a body is refused."""
    answer = client.post(route, json=body)
    assert answer.status_code == 422, answer.text
    assert CANARY not in answer.text
    return {fault["pointer"]: (fault["rule"], fault["nearest"]) for fault in answer.json["errors"]}


def test_the_answer_is_that_of_the_model(client: FlaskClient, vocabulary: Vocabulary) -> None:
    """Words become levels, and the service says what the risk table says, headed like every answer."""
    found = ask(client, at_least=[1, 5])
    force = Force.of([({"sect": "sunni", "rank": "colonel", "eliteness": "ordinary"}, 20)], vocabulary)
    expected = outlook(synthetic_table(), force, window=vocabulary.timeline.window, at_least=(1, 5)).as_dict()
    assert {name: found[name] for name in expected} == expected
    assert list(found)[:2] == ["model", "window"]


def test_the_whole_corps_is_a_group_of_which_nothing_is_known(client: FlaskClient) -> None:
    """A count alone asks about the armed forces as they are made up."""
    found = ask(client, force=[{"count": 300_000}])
    assert found["force"]["groups"] == [{"profile": {}, "averaged_over": list(ATTRIBUTES), "count": 300_000}]


def test_levers_answer_with_their_claims_and_what_they_changed(client: FlaskClient, vocabulary: Vocabulary) -> None:
    """The prior of contagion is the version's own; every lever is named with the claims that the study lists."""
    stated = {
        "contagion": {"already": [{"sect": "Sunni", "count": 2}, {"sect": "sunni", "count": 1}]},
        "reprisal": {"factor": 0.5, "same": ["rank", "sect"]},
        "incentives": [{"factor": 2, "from": "2012-08-02", "months": 6, "for": {"rank": ["officers"]}}],
    }
    in_force = ask(client, levers=stated)["levers"]["in_force"]
    listed = client.get("/v1/study").json["levers"]
    assert {lever["name"]: lever["claims"] for lever in in_force} == {
        name: behind["claims"] for name, behind in listed.items()
    }
    assert in_force[0]["already"] == {"sunni": 3}
    assert in_force[0]["ratio"]["source"] == "pooled"
    force = Force.of([({"sect": "sunni", "rank": "colonel", "eliteness": "ordinary"}, 20)], vocabulary)
    levers = Levers(contagion=Contagion.from_prior({"prior_set": "pooled"} | priors(SYRIA), SYRIA.behind, "stratfor"))
    expected = outlook(synthetic_table(), force, window=vocabulary.timeline.window, levers=levers).as_dict()
    assert ask(client, levers={"contagion": {"prior_set": "stratfor"}})["levers"] == expected["levers"]


def test_the_same_body_has_the_same_bytes(client: FlaskClient) -> None:
    """Asked again, a simulated answer is the same to the byte; with another seed it is not."""
    body = {"force": [GROUP], "levers": {"contagion": {"ratio": 1.3}}}
    first, second, other = (
        client.post(OUTLOOKS, json=each).data for each in (body, dict(reversed(body.items())), body | {"seed": 1})
    )
    assert first == second != other


def test_counterfactuals_are_those_of_the_model(client: FlaskClient, vocabulary: Vocabulary) -> None:
    """Each profile comes back with its id and every neighbour, in the order asked."""
    officers = [{"id": "a", "rank": "lt col", "sect": "Sunni"}, {"unit": "AFI"}]
    found = client.post(COUNTERFACTUALS, json={"officers": officers}).json["counterfactuals"]
    plain = [{"sect": "sunni", "rank": "colonel"}, {"eliteness": "elite"}]
    table = synthetic_table()
    expected = [counterfactuals(table, profile, window=vocabulary.timeline.window).as_dict() for profile in plain]
    assert found == [{"id": "a"} | expected[0], expected[1]]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, {"/force"}),
        ({"force": []}, {"/force"}),
        ({"force": [{"rank": "colonel"}]}, {"/force/0/count"}),
        ({"force": [{"count": 0}, {"count": 1.5}, {"count": "3"}, {"count": True}]},
         {f"/force/{index}/count" for index in range(4)}),
        ({"force": [{"count": 1, "rank": CANARY}], "at_least": [0], "seed": -1},
         {"/force/0/rank", "/at_least/0", "/seed"}),
        ({"force": [GROUP], "decisive": [{"rank": ["general", CANARY], "age": [CANARY]}]},
         {"/decisive/0/rank/1", "/decisive/0"}),
        ({"force": [GROUP], "levers": {"contagion": {"ratio": 0, "months": 61, "against": CANARY}}},
         {f"/levers/contagion/{name}" for name in ("ratio", "months", "against")}),
        ({"force": [GROUP], "levers": {"contagion": {"already": [{"sect": CANARY, "count": 1}]}}},
         {"/levers/contagion/already/0/sect"}),
        ({"force": [GROUP], "levers": {"contagion": {"ratio": 1.2, "prior_set": "stratfor"}}},
         {"/levers/contagion/prior_set"}),
        ({"force": [GROUP], "levers": {"contagion": {"prior_set": CANARY}}}, {"/levers/contagion/prior_set"}),
        ({"force": [GROUP], "levers": {"reprisal": {"same": ["age"]}}},
         {"/levers/reprisal/factor", "/levers/reprisal/same/0"}),
        ({"force": [GROUP], "levers": {"incentives": [{"factor": 2, "from": "2012-01-01", "for": {"rank": [CANARY]}}]}},
         {"/levers/incentives/0/for/rank/0"}),
        ({"force": [GROUP], "levers": {CANARY: {}}}, {"/levers"}),
        ({"force": [GROUP], "window": {"from": "2016-03-15"}}, {"/window/to"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_place(client: FlaskClient, body: Any, pointers: set[str]) -> None:
    """Each fault has its pointer, and no word of the caller's is quoted."""
    assert set(faults(client, body)) == pointers


def test_the_nearest_is_offered(client: FlaskClient) -> None:
    """Misspelt words of a selection, groups among them, and numbers out of bounds are answered with the nearest."""
    found = faults(client, {"force": [{"count": 0}], "decisive": [{"rank": ["oficers"]}]})
    assert found["/force/0/count"] == ("must be from 1 to 1,000,000", ["1"])
    assert found["/decisive/0/rank/0"][1][0] == "officers"


def test_where_no_quantity_is_of_contagion_a_ratio_is_stated(tmp_path: Path) -> None:
    """A study without a quantity that the ratio is drawn from asks for the ratio, and has no prior set of it."""
    publish(Archive(tmp_path), study=made_up(GARRISON))
    client = create_app(Settings(home=tmp_path)).test_client()
    question = {"force": [{"grade": "gunner", "count": 20}]}
    found = faults(client, question | {"levers": {"contagion": {"prior_set": "witness"}}})
    assert found["/levers/contagion/ratio"] == ("must be given", [])
    assert "prior_set" not in found["/levers/contagion"][0]
    ask(client, **question, levers={"contagion": {"ratio": 1.1, "services_weight": 2}})


def test_a_hundred_groups_are_bounded(client: FlaskClient) -> None:
    """The largest question is answered in seconds; one group more, or a hundred bad ones, cost next to nothing."""
    levers = {"contagion": {"months": 60}, "reprisal": {"factor": 0.9, "months": 60, "same": []}}
    groups = [{"sect": "sunni", "count": 1_000_000}] * 100
    start = time.process_time()
    assert ask(client, force=groups, levers=levers)["force"]["total"] == 100_000_000
    assert time.process_time() - start < 10
    start = time.process_time()
    assert faults(client, {"force": [*groups, 1]}) == {"/force": ("must hold 1 to 100 elements", [])}
    assert len(faults(client, {"force": [{CANARY: 1, "rank": CANARY}] * 100})) <= 20
    assert time.process_time() - start < 2


@pytest.mark.parametrize("route", [OUTLOOKS, COUNTERFACTUALS])
def test_without_a_model_a_good_question_is_503(empty: FlaskClient, route: str) -> None:
    """A question that could be answered is told that the model is missing."""
    body = {"force": [GROUP]} if route == OUTLOOKS else {"officers": [{}]}
    assert empty.post(route, json=body).status_code == 503
