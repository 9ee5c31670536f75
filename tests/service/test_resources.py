"""What can be read of the service: words, model, checks, claims, report, health."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from model.archive import Archive
from priors.vocabulary import Vocabulary
from service import Settings, create_app
from tests.service.publishing import CHECKS, CLAIMS, publish

MODEL_ROUTES = [
    "/v1/cells", "/v1/study", "/v1/vocabulary", "/v1/model", "/v1/model/diagnostics", "/v1/claims", "/report",
    "/openapi.json", "/docs", "/readyz",
]  # fmt: skip


def test_the_vocabulary_lists_every_level(client: FlaskClient, vocabulary: Vocabulary) -> None:
    """Every level of every attribute is there with its definition, its source and words the service takes."""
    answer = client.get("/v1/vocabulary").json
    for attribute, shown in zip(vocabulary.attributes, answer["attributes"], strict=True):
        assert (shown["name"], shown["reads"]) == (attribute.name, attribute.reads)
        assert [level["name"] for level in shown["levels"]] == list(attribute.names)
        assert all(level["called"] and level["plural"] and level["definition"] for level in shown["levels"])
        assert shown["groups"] == {
            group.name: {"called": group.called, "levels": list(group.levels)} for group in attribute.groups
        }
    assert answer["units"]["attribute"] == vocabulary.unit_attribute
    assert [unit["name"] for unit in answer["units"]["named"]] == [unit.name for unit in vocabulary.units]


def test_every_word_of_the_vocabulary_is_taken(client: FlaskClient) -> None:
    """A caller may use any word that the vocabulary shows."""
    answer = client.get("/v1/vocabulary").json
    officers = [
        {attribute["name"]: word}
        for attribute in answer["attributes"]
        for level in attribute["levels"]
        for word in (level["name"], *level["synonyms"])
    ] + [{"unit": word} for unit in answer["units"]["named"] for word in (unit["name"], *unit["synonyms"])]
    assert client.post("/v1/assessments", json={"officers": officers}).status_code == 200


def test_the_model_says_what_it_is(client: FlaskClient) -> None:
    """Version and prior set are named as in an answer, with what the fit was made of."""
    shown = client.get("/v1/model").json
    asked = client.post("/v1/assessments", json={"officers": [{}]}).json
    assert list(shown) == ["model", "refused", "priors_available", "draws", "fit"]
    assert shown["model"] == asked["model"]
    assert shown["draws"] == 40
    assert shown["refused"] is None
    assert "created" in shown["fit"]
    assert not {"files", "digest", "claims_by_level", "checks"} & shown["fit"].keys()


def test_diagnostics_and_claims_are_those_of_the_version(client: FlaskClient) -> None:
    """The checks and the ledger come as the fit wrote them."""
    assert client.get("/v1/model/diagnostics").json["checks"] == CHECKS
    assert client.get("/v1/claims").json["claims"] == CLAIMS


def test_the_report_is_served(client: FlaskClient) -> None:
    """The report of the version comes as HTML."""
    answer = client.get("/report")
    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    assert answer.data.startswith(b"<!doctype html>")


@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("/report", "defection-risk refit"),
        ("/v1/claims", "defection-risk refit"),
        ("/v1/model/diagnostics", "defection-risk refit"),
    ],
)
def test_what_a_version_lacks_is_404_with_the_command(tmp_path: Path, path: str, command: str) -> None:
    """A part that the version was published without is a problem that says how to make it."""
    publish(Archive(tmp_path), checks=None, claims=None)
    answer = create_app(Settings(home=tmp_path)).test_client().get(path)
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert command in answer.json["detail"]


def test_a_report_that_was_changed_is_not_served(tmp_path: Path) -> None:
    """A report whose bytes are not those published is a 503, not the bytes."""
    archive = Archive(tmp_path)
    version = publish(archive, files={"report.html": b"as published"})
    client = create_app(Settings(home=tmp_path)).test_client()
    assert client.get("/report").data == b"as published"
    (tmp_path / "versions" / version / "report.html").write_bytes(b"is published")
    assert client.get("/report").status_code == 503


@pytest.mark.parametrize(
    ("call", "number"), [("read_bytes", errno.EIO), ("is_dir", errno.EACCES), ("stat", errno.ESTALE)]
)
def test_a_report_that_the_system_will_not_read_is_503(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    """A disk that fails, at whatever step, is told as a problem that names no path of the host."""

    def fail(path: Path, *_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), str(path))

    assert client.get("/report").status_code == 200
    monkeypatch.setattr(Path, call, fail)
    answer = client.get("/report")
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert "versions/" not in answer.text


@pytest.mark.parametrize("path", MODEL_ROUTES)
def test_without_a_model_there_is_a_way_out(empty: FlaskClient, path: str) -> None:
    """Where there is no model the answer is 503, with the command that makes one and when to ask again."""
    answer = empty.get(path)
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert "defection-risk refit" in answer.json["detail"]
    assert int(answer.headers["Retry-After"]) >= 1


def test_a_good_question_without_a_model_is_503(empty: FlaskClient) -> None:
    """A question that could be answered is told that the model is missing, not that it is wrong."""
    assert empty.post("/v1/assessments", json={"officers": [{}]}).status_code == 503


def test_alive_is_not_ready(empty: FlaskClient, client: FlaskClient) -> None:
    """A process without a model is alive but not ready; with one it is both."""
    assert (empty.get("/livez").status_code, empty.get("/readyz").status_code) == (200, 503)
    assert empty.get("/metrics").status_code == 200
    assert (client.get("/livez").status_code, client.get("/readyz").status_code) == (200, 200)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/cells", "/v1/study", "/v1/vocabulary", "/v1/model", "/v1/model/diagnostics", "/v1/claims", "/report",
        "/openapi.json", "/docs",
    ],
)  # fmt: skip
def test_what_has_not_changed_is_not_sent_again(client: FlaskClient, path: str) -> None:
    """A caller that shows the tag it was given is told that nothing changed."""
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_condition_that_fails_is_a_problem(client: FlaskClient) -> None:
    """If-Match with another tag is a 412 without the content; with the right one, the content."""
    tag = client.get("/v1/vocabulary").headers["ETag"]
    assert client.get("/v1/vocabulary", headers={"If-Match": tag}).status_code == 200
    answer = client.get("/v1/vocabulary", headers={"If-Match": '"another"'})
    assert (answer.status_code, answer.content_type) == (412, "application/problem+json")
