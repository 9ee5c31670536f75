"""Outlooks and counterfactuals over HTTP: the model's own answers, with refusals as precise as those of assessments."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from model.archive import Archive
from model.outlook.answer import outlook
from model.outlook.contagion import Contagion
from model.outlook.force import Force
from model.outlook.moves import Move, Moves
from model.outlook.numbers import Number
from model.outlook.strength import StrengthTerms
from model.risk.counterfactuals import counterfactuals
from model.risk.errors import MoveError
from priors.moves import NUMBERS
from priors.vocabulary import Vocabulary
from service import Settings, create_app
from service.api.outlooks import OutlookAnswerSchema
from service.served import load
from tests.service.publishing import priors, publish
from tests.support.contracts import mismatches
from tests.support.made_up import GARRISON, made_up
from tests.support.risk_tables import synthetic_table
from tests.support.syria import ATTRIBUTES, SYRIA

OUTLOOKS, COUNTERFACTUALS = "/v1/outlooks", "/v1/counterfactuals"
GROUP = {"sect": "sunni", "rank": "lt col", "unit": "Field Army", "count": 20}
UNSTATED = "must be given: the study has no interval that it could be drawn from"
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


def test_moves_answer_with_their_claims_and_what_they_changed(client: FlaskClient, vocabulary: Vocabulary) -> None:
    """The prior of contagion is the version's own; every move is named with the claims that the study lists."""
    stated = {
        "contagion": {"already": [{"sect": "Sunni", "count": 2}, {"sect": "sunni", "count": 1}]},
        "punish": {"factor": 0.5, "same": ["rank", "sect"]},
        "offers": [{"factor": 2, "from": "2012-08-02", "months": 6, "of": {"rank": ["officers"]}}],
    }
    contagion, punish, offer = ask(client, moves=stated)["moves"]["in_force"]
    listed = client.get("/v1/study").json["moves"]
    assert all(move["claims"] == listed[move["name"]]["claims"] for move in (contagion, punish, offer))
    assert contagion["already"] == {"sunni": 3}
    assert contagion["numbers"]["ratio"]["whose"] == "pooled"
    assert punish["numbers"]["factor"] == {"whose": "yours", "scale": "hazard ratio", "median": 0.5}
    assert (punish["same"], offer["from"], offer["of"]) == (["sect", "rank"], "2012-08-02", {"rank": ["officers"]})
    force = Force.of([({"sect": "sunni", "rank": "colonel", "eliteness": "ordinary"}, 20)], vocabulary)
    manifest = {"prior_set": "pooled"} | priors(SYRIA)
    moves = Moves(
        Contagion.from_prior(manifest, SYRIA.spreading, "stratfor"),
        (Move(name="watch", numbers={"share": Number.stated("share", 0.3, "share")}, of={"rank": ["officers"]},
              says=SYRIA.moves["watch"].says, claims=SYRIA.moves["watch"].claims),),
    )  # fmt: skip
    terms = StrengthTerms.of(SYRIA)
    window = vocabulary.timeline.window
    expected = outlook(synthetic_table(), force, window=window, moves=moves, strength=terms).as_dict()
    asked = {"contagion": {"prior_set": "stratfor"}, "watch": {"share": 0.3, "of": {"rank": ["officers"]}}}
    found = ask(client, moves=asked)
    assert (found["moves"], found["strength"]) == (expected["moves"], expected["strength"])


@pytest.mark.parametrize("move", NUMBERS)
def test_every_move_may_be_in_force_alone(client: FlaskClient, move: str) -> None:
    """With nothing stated its numbers, and whom it falls on, are the study's; a number that is stated is yours."""
    said = SYRIA.moves[move]
    number, scale = next(iter(NUMBERS[move].items()))
    for stated, whose in (({}, "elicited"), ({number: 0.5}, "yours")):
        asked = [stated] if move == "offers" else stated
        answer = ask(client, force=[GROUP, {"count": 300}], moves={move: asked})
        assert mismatches(client.application, OutlookAnswerSchema, answer) == {}
        (found,) = answer["moves"]["in_force"]
        told = found["numbers"][number]
        assert (found["name"], found["says"], told["whose"], told["scale"]) == (move, said.says, whose, scale)
        assert ("interval_90" in told, told.get("source")) == (
            not stated,
            None if stated else said.numbers[number].source,
        )
        assert found.get("of", {}) == said.of
        assert set(answer["moves"]["without"]) >= {"defections", "strength"}


def test_what_a_move_leaves_out_is_the_studys(client: FlaskClient) -> None:
    """Whom it falls on, its beginning unless that is past, the risk, and who replaces are as the study says."""
    asked: dict[str, Any] = {"purge": {}, "confine": {}, "militias": {}}
    purge, confine, militias = ask(client, moves=asked)["moves"]["in_force"]
    assert (purge["replaced_by"], confine["above"]) == (SYRIA.moves["purge"].replaced_by, SYRIA.moves["confine"].above)
    assert (militias["from"], purge["from"], purge["months"]) == ("2012-09-01", "2011-03-15", None)
    later = ask(client, moves=asked, window={"from": "2013-01-01"})["moves"]["in_force"][2]
    assert later["from"] == "2013-01-01"
    other = {"purge": {"replaced_by": {}, "of": {}, "rate": 0.1}, "militias": {"of": {"unit": "AFI"}, "men": 5}}
    purge, militias = ask(client, moves=other)["moves"]["in_force"]
    assert (purge["replaced_by"], purge["of"], militias["of"]) == ({}, {}, {"eliteness": ["elite"]})


def test_strength_is_told_where_it_is_asked_for(client: FlaskClient) -> None:
    """Without a move it is told on request alone, and changes nothing else; terms left out are the study's."""
    plain, asked = ask(client), ask(client, strength={})
    assert "strength" not in plain
    assert plain["defections"] == asked["defections"]
    own = asked["strength"]
    assert (own["reliable_below"], own["by"]) == (SYRIA.strength.reliable_below, "sect")
    assert (own["unit"]["men"], own["unit"]["spread"]) == (SYRIA.strength.unit.men, SYRIA.strength.unit.spread)
    terms = {"reliable_below": 0.05, "by": "rank", "unit": {"men": 40, "of": {"sect": ["sunni"]}, "loses": 0.5}}
    found = ask(client, strength=terms)["strength"]
    assert {name: found["unit"][name] for name in terms["unit"]} == terms["unit"]
    assert (found["reliable_below"], found["by"]) == (0.05, "rank")
    assert "colonel" in found["over_time"][-1]["levels"]


def test_the_decisive_set_may_be_widened(client: FlaskClient) -> None:
    """Those whom the study names besides count where a question asks for it, and not beside a set of its own."""
    plain, wide = ask(client, decisive_widened=False), ask(client, decisive_widened=True)
    listed = client.get("/v1/study").json
    assert plain["decisive_are"] == listed["decisive"]
    assert wide["decisive_are"] == listed["decisive"] + listed["decisive_widened"]
    own = {"force": [GROUP], "decisive": [{"rank": ["general"]}], "decisive_widened": True}
    assert faults(client, own) == {"/decisive_widened": ("must be left out where `decisive` is stated", [])}
    assert faults(client, {"force": [GROUP], "decisive_widened": 1}) == {
        "/decisive_widened": ("must be true or false", ["true", "false"])
    }


def test_the_same_body_has_the_same_bytes(client: FlaskClient) -> None:
    """Asked again, a simulated answer is the same to the byte; with another seed it is not."""
    body = {"force": [GROUP], "moves": {"contagion": {"ratio": 1.3}, "watch": {}}}
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
        ({"force": [GROUP], "moves": {"contagion": {"ratio": 0, "months": 61, "against": CANARY}}},
         {f"/moves/contagion/{name}" for name in ("ratio", "months", "against")}),
        ({"force": [GROUP], "moves": {"contagion": {"already": [{"sect": CANARY, "count": 1}]}}},
         {"/moves/contagion/already/0/sect"}),
        ({"force": [GROUP], "moves": {"contagion": {"ratio": 1.2, "prior_set": "stratfor"}}},
         {"/moves/contagion/prior_set"}),
        ({"force": [GROUP], "moves": {"contagion": {"prior_set": CANARY}}}, {"/moves/contagion/prior_set"}),
        ({"force": [GROUP], "moves": {"punish": {"factor": -1, "same": ["age"]}}},
         {"/moves/punish/factor", "/moves/punish/same/0"}),
        ({"force": [GROUP], "moves": {"offers": [{"factor": 2, "from": "2012-01-01", "of": {"rank": [CANARY]}}]}},
         {"/moves/offers/0/of/rank/0"}),
        ({"force": [GROUP], "moves": {"watch": {"share": 1.1, "against": CANARY, "months": 0, "from": "soon"}}},
         {f"/moves/watch/{name}" for name in ("share", "against", "months", "from")}),
        ({"force": [GROUP], "moves": {"watch": {"share": 1, "against": "fit"}}}, {"/moves/watch/share"}),
        ({"force": [GROUP], "moves": {"purge": {"rate": 2, "replaced_by": {"sect": ["sunni"]}, "above": 0.2}}},
         {"/moves/purge/rate", "/moves/purge/replaced_by/sect", "/moves/purge"}),
        ({"force": [GROUP], "moves": {"militias": {"men": -1, "of": {"rank": "officers"}}, "allies": {"of": {}}}},
         {"/moves/militias/men", "/moves/militias/of/rank", "/moves/allies"}),
        ({"force": [GROUP], "moves": {"offers": []}}, {"/moves/offers"}),
        ({"force": [GROUP], "moves": {CANARY: {}}}, {"/moves"}),
        ({"force": [GROUP], "levers": {}}, {""}),
        ({"force": [GROUP], "strength": {"reliable_below": 0, "by": CANARY, "unit": {"men": 0, "loses": 2}}},
         {f"/strength/{name}" for name in ("reliable_below", "by", "unit/men", "unit/loses")}),
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
    found = faults(client, question | {"moves": {"contagion": {"prior_set": "witness"}}})
    assert found["/moves/contagion/ratio"] == (UNSTATED, [])
    assert "prior_set" not in found["/moves/contagion"][0]
    ask(client, **question, moves={"contagion": {"ratio": 1.1, "services_weight": 2}})


def test_a_study_without_moves_has_their_numbers_stated(tmp_path: Path) -> None:
    """Of a study that speaks of no move every number is asked for; with them stated each is in force."""
    publish(Archive(tmp_path), study=made_up(GARRISON))
    client = create_app(Settings(home=tmp_path)).test_client()
    question = {"force": [{"grade": "gunner", "count": 20}]}
    for move, numbers in NUMBERS.items():
        nothing, stated = ({}, dict.fromkeys(numbers, 1))
        several = move == "offers"
        found = faults(client, question | {"moves": {move: [nothing] if several else nothing}})
        place = f"/moves/{move}/0" if several else f"/moves/{move}"
        assert found == {f"{place}/{number}": (UNSTATED, []) for number in numbers}
        answer = ask(client, **question, moves={move: [stated] if several else stated})
        assert mismatches(client.application, OutlookAnswerSchema, answer) == {}
        (told,) = answer["moves"]["in_force"]
        assert (told["says"], told["claims"], told.get("of", {})) == ("", [], {})


@pytest.mark.parametrize("kept", [{}, {"watch": {}}, {"watch": {"share": 3}}])
def test_a_version_keeps_what_its_moves_are_drawn_from(tmp_path: Path, kept: dict[str, Any]) -> None:
    """A version whose manifest lacks the distribution of an elicited number is not served."""
    version = publish(Archive(tmp_path), moves=kept)
    with pytest.raises(MoveError, match="lacks the distribution"):
        load(Archive(tmp_path), version)


def test_a_hundred_groups_are_bounded(client: FlaskClient) -> None:
    """The largest question is answered in seconds; one group more, or a hundred bad ones, cost next to nothing."""
    moves: dict[str, Any] = {name: {} for name in NUMBERS} | {"contagion": {"months": 60}, "offers": [{}] * 10}
    groups = [{"sect": "sunni", "count": 1_000_000}] * 100
    start = time.process_time()
    assert ask(client, force=groups, moves=moves)["force"]["total"] == 100_000_000
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
