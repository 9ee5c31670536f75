"""A version of any study is asked, and answers, in that study's words; one of another study never stands in for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from model.archive import Archive
from priors.study import Study, load_study, study_names, study_of
from service import Settings, create_app
from service.errors import NoSuchVersionError
from service.versions import Versions
from tests.service.publishing import publish
from tests.support.clocks import Clock
from tests.support.contracts import DESCRIBED, QUESTIONS, mismatches
from tests.support.made_up import FLEET, GARRISON, made_up, rewritten

DAY, NEXT = date(1901, 1, 1), date(1901, 1, 2)


def alone() -> Study:
    """Return a study of one attribute with two levels, on one day."""
    told = {"definition": "made up", "source": "made up"}
    origin = {"definition": "made up", "ordered": False, "reference": "plain", "levels": {"plain": told, "hill": told}}
    wide = {"definition": "made up", "without_claims": [0.01, 0.9]}
    claim = {"source": "witness", "quote": "one left", "says": "One left.", "strength": "weak", "bears_on": {}}
    shares = {"source": "made up", "rest_concentration": 1.0, "by_class": {"all": {"plain": 0.6, "hill": 0.4}}}
    return rewritten(
        made_up(GARRISON),
        window={"from": DAY, "to": NEXT},
        periods=[{"name": "both years", "from": DAY, "to": NEXT}],
        attributes={"origin": origin},
        quantities={
            "risk_of_all": wide | {"scale": "risk"},
            "hill_ratio": wide | {"scale": "hazard ratio", "attribute": "origin", "levels": ["hill"]},
        },
        claims={"W1": claim | {"prediction": {"measure": "risk", "of": {}, "below": 0.5}}},
        profiles=[{"name": "one", "profile": {"origin": "plain"}}],
        decisive=[{"origin": "hill"}],
        communities=shares,
        tables=None,
    )


MADE: dict[str, Callable[[], Study]] = {
    **{name: partial(load_study, name) for name in study_names()},
    **{name: partial(made_up, name) for name in (GARRISON, FLEET)},
    "alone": alone,
}


@pytest.fixture(scope="module", params=MADE)
def study(request: pytest.FixtureRequest) -> Study:
    """Return a study: each that comes with the project, small ones, and a large one."""
    return MADE[request.param]()


@pytest.fixture(scope="module")
def app(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return an application that serves a version of it."""
    home = tmp_path_factory.mktemp("other")
    publish(Archive(home), study=study, named=True)
    return create_app(Settings(home=home))


@pytest.fixture
def garrison(tmp_path: Path) -> FlaskClient:
    """Return a client of a service of the least that a study may be."""
    publish(Archive(tmp_path), study=made_up(GARRISON), named=True)
    return create_app(Settings(home=tmp_path)).test_client()


def faults(client: FlaskClient, path: str, body: Any) -> dict[str, list[str]]:
    """Post a body that must be refused; return the nearest values by pointer."""
    answer = client.post(path, json=body)
    assert answer.status_code == 422, answer.text
    return {error["pointer"]: error["nearest"] for error in answer.json["errors"]}


@pytest.mark.parametrize("path", DESCRIBED)
def test_answers_are_as_described(app: Flask, study: Study, path: str) -> None:
    """Examples in a study's own words are answered, with the members that the contract names and no others."""
    asked, client = QUESTIONS.get(path), app.test_client()
    answer = client.get(path) if asked is None else client.post(path, json=asked.example(study))
    assert answer.status_code == 200, answer.text
    assert mismatches(app, DESCRIBED[path], answer.json) == {}


def test_its_contract_is_valid(app: Flask, study: Study) -> None:
    """The contract is OpenAPI 3.1 in the study's words, and profiles have its attributes and units alone."""
    contract = app.test_client().get("/openapi.json").json
    OpenAPIV31SpecValidator(contract).validate()
    assert study.title in contract["info"]["description"]
    assert study.question in contract["info"]["description"]
    assert set(contract["components"]["schemas"]["Profile"]["properties"]) == set(study.vocabulary.members)


def test_its_documentation_is_of_it(app: Flask, study: Study) -> None:
    """The page for people has its title, its question and its levels, and tells of units only where there are any."""
    page = app.test_client().get("/docs").text
    assert f"<h1>{study.title}: how to ask</h1>" in page
    assert study.question in page
    assert all(f">{name}</th>" in page for each in study.vocabulary.attributes for name in each.names)
    assert (">Unit</th>" in page) == bool(study.vocabulary.units)


def test_every_answer_names_its_study(app: Flask, study: Study) -> None:
    """Whatever is asked, the model that answers is named with the study it was fitted to."""
    client = app.test_client()
    for path, asked in QUESTIONS.items():
        assert client.post(path, json=asked.example(study)).json["model"]["study"] == study.name
    for path in ("/v1/model", "/v1/cells", "/v1/study", "/readyz"):
        assert client.get(path).json["model"]["study"] == study.name


def test_what_it_has_not_is_no_member(garrison: FlaskClient) -> None:
    """Where no unit is named none can be stated, and what is near is its own: members, levels, communities."""
    assert faults(garrison, "/v1/assessments", {"officers": [{"unit": "x"}]}) == {"/officers/0": []}
    assert faults(garrison, "/v1/assessments", {"officers": [{"grad": "gunner"}]}) == {"/officers/0": ["grade"]}
    assert faults(garrison, "/v1/assessments", {"officers": [{"grade": "guner"}]}) == {"/officers/0/grade": ["gunner"]}
    force = [{"count": 3}]
    moves = {"contagion": {"ratio": 1.2, "already": [{"orign": "hill", "count": 1}]}}
    place = "/moves/contagion/already/0"
    found = faults(garrison, "/v1/outlooks", {"force": force, "moves": moves})
    assert found == {place: ["origin"], f"{place}/origin": []}
    same = {"punish": {"factor": 0.5, "same": ["grade", "rank"]}}
    assert set(faults(garrison, "/v1/outlooks", {"force": force, "moves": same})) == {"/moves/punish/same/1"}


def test_moves_are_of_its_own_community(garrison: FlaskClient) -> None:
    """Defections are counted by the study's first attribute, and those alike agree in all of its attributes."""
    moves = {
        "contagion": {"ratio": 1.2, "already": [{"origin": "highlands", "count": 2}, {"origin": "hill", "count": 1}]},
        "punish": {"factor": 0.5},
    }
    answer = garrison.post("/v1/outlooks", json={"force": [{"count": 3}], "moves": moves}).json
    contagion, punish = answer["moves"]["in_force"]
    assert contagion["already"] == {"hill": 3}
    assert punish["same"] == ["origin", "grade"]
    assert answer["decisive_are"] == [{"grade": ["ensign"]}]


def test_articles_are_weighed_however_many_there_are(tmp_path: Path, garrison: FlaskClient) -> None:
    """One article gives a probability and nothing to set it beside; of three the likeliest is set beside the others."""
    case = {"profile": {}, "by": "1902-01-01"}
    alone = garrison.post("/v1/surprises", json={"cases": [case]}).json
    assert alone["corps"] is None
    assert alone["surprises"][0]["bayes_factors"] == []
    assert "the witness gave this a probability of " in alone["surprises"][0]["in_words"]
    publish(Archive(tmp_path / "fleet"), study=made_up(FLEET), named=True)
    client = create_app(Settings(home=tmp_path / "fleet")).test_client()
    (found,) = client.post("/v1/surprises", json={"cases": [case | {"by": "1790-08-01"}]}).json["surprises"]
    pairs = {(each["first"], each["second"]) for each in found["bayes_factors"]}
    assert {("purser", "surgeon"), ("purser", "chaplain"), ("surgeon", "chaplain")} <= pairs
    assert found["in_words"].count(" times as probable as ") == 2


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Return an archive with a version of each of two prior sets of the large study, the pooled one current."""
    archive = Archive(tmp_path / "several")
    publish(archive, study=made_up(FLEET), prior_set="purser", passed=True, promote=False)
    publish(archive, study=made_up(FLEET), passed=True)
    return archive


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands."""
    return Clock()


@pytest.fixture
def versions(archive: Archive, clock: Clock) -> Versions:
    """Return what hands out versions, looking every 2 seconds."""
    return Versions(archive, settings=Settings(home=archive.home), clock=clock)


def test_a_version_of_another_study_stands_in_for_none(archive: Archive, versions: Versions) -> None:
    """A prior set of which only another study has a version is refused, and not listed, however new that version is."""
    publish(archive, study=made_up(GARRISON), passed=True, promote=False)
    publish(archive, study=made_up(GARRISON), prior_set="purser", passed=True, promote=False)
    assert [(name, entry.study) for name, entry in versions.by_prior_set().items()] == [
        ("purser", FLEET),
        ("pooled", FLEET),
    ]
    assert versions.served("purser").study.name == FLEET
    with pytest.raises(NoSuchVersionError):
        versions.served("witness")


def test_a_prior_set_is_of_the_study_that_is_current(archive: Archive, versions: Versions, clock: Clock) -> None:
    """Once a version of another study is current, one of the study before answers by its own name alone."""
    before = versions.served("purser")
    assert before.study.name == FLEET
    publish(archive, study=made_up(GARRISON), passed=True)
    clock.now += 3
    assert versions.served().study.name == GARRISON
    assert [*versions.by_prior_set()] == ["witness"]
    with pytest.raises(NoSuchVersionError):
        versions.served("purser")
    assert versions.served(before.table.version) is before


def test_words_are_those_of_the_version_that_answers(archive: Archive) -> None:
    """A question is understood by the version that it names, though the current one has other words."""
    fleet = made_up(FLEET)
    files = dict(fleet.files) | {"vocabulary.yaml": fleet.files["vocabulary.yaml"].replace(b"[sailor]", b"[tar]")}
    publish(archive, study=study_of(FLEET, files), prior_set="surgeon", passed=True, promote=False)
    client = create_app(Settings(home=archive.home)).test_client()
    for word, taken_by in (("sailor", {}), ("tar", {"version": "surgeon"})):
        body = {"officers": [{"station": word}]}
        assert client.post("/v1/assessments", json=body | taken_by).status_code == 200
        for named in ({}, {"version": "surgeon"}, {"version": "purser"}):
            expected = 200 if (named == {"version": "surgeon"}) == bool(taken_by) else 422
            assert client.post("/v1/assessments", json=body | named).status_code == expected


def test_all_that_is_wrong_is_told_whatever_the_version(archive: Archive) -> None:
    """What else is wrong is told first, in the words of the current version; then that no version has the name."""
    client = create_app(Settings(home=archive.home)).test_client()
    wrong = {"officers": [{"station": "hnd"}], "version": "chaplain"}
    assert faults(client, "/v1/assessments", wrong) == {"/officers/0/station": ["hand"]}
    refused = client.post("/v1/assessments", json=wrong | {"officers": [{}]})
    assert refused.status_code == 404
    (error,) = refused.json["errors"]
    assert (error["pointer"], error["nearest"][:2]) == ("/version", ["purser", "pooled"])


def test_before_a_model_is_missing_nothing_else_is_wrong(empty: FlaskClient) -> None:
    """Without a version there are no words to find fault with: a bad question is a 503 like a good one."""
    for path in QUESTIONS:
        assert empty.post(path, json={"unheard": "of", "version": "nobody"}).status_code == 503
    assert empty.post("/v1/assessments", data=b"{", content_type="application/json").status_code == 400
