"""What-if questions over HTTP: the model's own answers, precise refusals, and 409 from a version without terms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from model.archive import Archive
from model.stored import read_table, read_terms
from model.what_if.answer import what_if
from model.what_if.changes import Changes
from priors.timeline import Window
from service import Settings, create_app
from service.served import load
from service.spare import Spare
from tests.service.publishing import publish
from tests.support.syria import SYRIA

WHAT_IF = "/v1/what-if"
MUSTAFA = {"sect": "Alawi", "rank": "brigadier", "unit": "AFI"}
CANARY = "kanarienvogel"


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Return an archive with a version that carries the fits to each article alone."""
    archive = Archive(tmp_path_factory.mktemp("beside"))
    publish(archive, beside=True)
    return archive


@pytest.fixture(scope="module")
def client(beside: Archive) -> FlaskClient:
    """Return a client of a service of that version."""
    return create_app(Settings(home=beside.home)).test_client()


def supposed(client: FlaskClient, **members: Any) -> dict[str, Any]:
    """Ask about one man and return the answer."""
    answer = client.post(WHAT_IF, json={"officers": [{"id": "m", **MUSTAFA}]} | members)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def test_the_answer_is_that_of_the_model(beside: Archive, client: FlaskClient) -> None:
    """Words become levels, ids come back, equal men get equal answers, and the service says what the model says."""
    members = {"without_claims": ["K17"], "weights": {"stratfor": 2, "E22": 0.5}, "bounds": {"E03": {"high": 60}}}
    window = {"from": "2012-01-01", "to": "2013-01-01"}
    body = {"officers": [{"id": "m", **MUSTAFA}, {}, MUSTAFA], "window": window, "intervals": [0.8]} | members
    answer = client.post(WHAT_IF, json=body).json
    version = beside.require_current()
    table, terms = read_table(beside, version), read_terms(beside, version, SYRIA)
    assert terms is not None
    weights = {"stratfor": 2.0, "E22": 0.5}
    changes = Changes.of(SYRIA, terms.rows, without_claims=["K17"], weights=weights, bounds={"E03": (None, 60.0)})
    profiles = [{"sect": "alawite", "rank": "brigadier", "eliteness": "elite"}, {}]
    found = what_if(table, terms, profiles, changes, window=Window.from_dict(window), intervals=[0.8]).as_dict()
    known, everybody = found.pop("officers")
    assert answer["officers"] == [{"id": "m"} | known, everybody, known]
    assert {name: answer[name] for name in found} == found
    assert answer["changes"] == members | {"without_rows": []}
    assert answer["refit"] == (
        "defection-risk refit --priors pooled --without K17 --weight stratfor=2 --weight E22=0.5 "
        "--bound E03=:60 --no-promote"
    )


def test_where_nothing_is_supposed_all_stays(client: FlaskClient) -> None:
    """The answer is as it is, from every draw of the version alone."""
    answer = supposed(client)
    assert answer["reweighting"] == {
        "pareto_k": 0,
        "effective_draws": 40,
        "draws": 40,
        "from": ["pooled"],
        "known": True,
    }
    assert answer["officers"][0]["ratio"] == 1
    assert all(each["probability"] == pytest.approx(each["would_be"]) for each in answer["claims"])


def test_a_row_of_a_list_strikes_the_list(client: FlaskClient) -> None:
    """A list is one report: the answer names every row that goes with the one that was named, and so does the refit."""
    answer = supposed(client, without_rows=["E08"])
    assert answer["changes"]["without_rows"] == ["E07", "E08", "E09", "E10"]
    assert answer["refit"].count("--without-row") == 4


def test_what_draws_cannot_tell_is_not_said(client: FlaskClient) -> None:
    """Over Pareto k 0.7 nothing is said of what would be; that a refit would tell is."""
    answer = supposed(client, bounds={"E01": {"high": 1000}}, weights={"E01": 10})
    assert answer["reweighting"]["pareto_k"] > 0.7
    assert answer["reweighting"]["known"] is False
    assert "refit" in answer["in_words"]
    assert (answer["officers"][0]["as_it_would_be"], answer["officers"][0]["ratio"]) == (None, None)
    assert {each["would_be"] for each in answer["claims"]} == {None}


@pytest.mark.parametrize(
    ("members", "faults"),
    [
        ({"officers": []}, {"/officers": []}),
        ({CANARY: 1}, {"": []}),
        ({"without_claims": [CANARY, "K17"]}, {"/without_claims": None}),
        ({"without_claims": ["K17"] * 1_001}, {"/without_claims": []}),
        ({"without_claims": [7]}, {"/without_claims/0": []}),
        ({"without_rows": ["E3"]}, {"/without_rows": None}),
        ({"weights": {CANARY: 1}}, {"/weights": None}),
        ({"weights": {CANARY: "much"}}, {"/weights": []}),
        ({"weights": {CANARY * 6: 1}}, {"/weights": []}),
        ({"weights": {str(each): 1 for each in range(1_001)}}, {"/weights": []}),
        ({"weights": {"stratfor": 11}}, {"/weights/stratfor": ["10"]}),
        ({"weights": {"E07": 2, "E08": 3}}, {"/weights/E08": ["2"]}),
        ({"weights": ["stratfor"]}, {"/weights": []}),
        ({"bounds": {CANARY: {"low": 1}}}, {"/bounds": None}),
        ({"bounds": {CANARY: {CANARY: 1}}}, {"/bounds": []}),
        ({"bounds": {"E03": {"low": 200}}}, {"/bounds/E03/high": ["200"]}),
        ({"bounds": {"E03": {"low": -1}}}, {"/bounds/E03/low": ["0"]}),
        ({"bounds": {"E03": {"high": 60.5}}}, {"/bounds/E03/high": ["60"]}),
        ({"window": {"from": "1999-01-01"}}, {"/window/from": ["2011-03-15"]}),
    ],
)
def test_what_is_no_question_is_refused_by_place(
    client: FlaskClient, members: dict[str, Any], faults: dict[str, list[str] | None]
) -> None:
    """Each fault is named by where it stands, with what is nearest, and nothing is quoted."""
    answer = client.post(WHAT_IF, json={"officers": [MUSTAFA]} | members)
    assert answer.status_code == 422, answer.text
    assert CANARY not in answer.text
    found = {fault["pointer"]: fault["nearest"] for fault in answer.json["errors"]}
    assert found.keys() == faults.keys()
    for pointer, nearest in faults.items():
        assert found[pointer] == nearest if nearest is not None else found[pointer]


def test_a_version_without_terms_says_how_to_get_them(tmp_path: Path) -> None:
    """It serves all else; this alone is refused, as a state of the version, with the remedy."""
    publish(Archive(tmp_path), terms=False)
    client = create_app(Settings(home=tmp_path)).test_client()
    answer = client.post(WHAT_IF, json={"officers": [MUSTAFA]})
    assert answer.status_code == 409
    assert "defection-risk refit" in answer.json["detail"]
    assert client.post("/v1/assessments", json={"officers": [{}]}).status_code == 200
    assert client.get("/docs").status_code == 200


def test_a_version_whose_terms_are_damaged_is_not_served(tmp_path: Path) -> None:
    """Terms that are no terms are found when the version is loaded, not when somebody asks."""
    publish(Archive(tmp_path), files={"terms.npz": b"no terms"})
    answer = create_app(Settings(home=tmp_path)).test_client().get("/v1/model")
    assert answer.status_code == 503
    assert "terms.npz" in answer.json["detail"]


def test_a_spare_answers_too(beside: Archive, tmp_path: Path) -> None:
    """What a worker falls back on when the archive is gone keeps its terms."""
    spare, version = Spare(tmp_path), beside.require_current()
    spare.keep(beside, version)
    assert load(spare.archive, version).terms is not None
