"""Promises about questions asked here: whatever the service answers, the library answers, byte for byte."""

from __future__ import annotations

import json
from typing import Any

import pytest

import defection_risk as dr
from defection_risk.errors import InvalidQuestionError, NoSuchVersionError, NothingThereError
from model.archive import Archive
from service import Settings, create_app
from service.api.asking import answered, questions


@pytest.fixture(scope="module")
def client(archive: Archive) -> Any:
    """Return a client of the service on the same archive."""
    return create_app(Settings(home=archive.home)).test_client()


@pytest.mark.parametrize("path", sorted(questions()))
def test_every_question_has_the_services_answer(model: dr.Fitted, client: Any, path: str) -> None:
    """Each question that the service takes, with its own example as the body, has the very bytes of its answer."""
    body = json.dumps(questions()[path].example(model.study)).encode()
    served = client.post(path, data=body, content_type="application/json")
    if served.status_code == 200:
        assert answered(path, body, model._served_as) == served.data
        assert json.dumps(model.ask(path, json.loads(body))) == json.dumps(served.json)
    else:
        with pytest.raises(Exception, match=r".") as error:
            model.ask(path, json.loads(body))
        assert str(error.value) == served.json["detail"]


def test_a_version_may_be_named(model: dr.Fitted) -> None:
    """A question is answered by the version that was opened, or by another of its archive that the body names."""
    asked = [model.ask("/v1/assessments", {"officers": [{}]} | named) for named in ({}, {"version": "stratfor"})]
    assert [each["model"]["priors"] for each in asked] == ["pooled", "stratfor"]
    assert asked[0]["model"]["version"] == model.version
    with pytest.raises(NoSuchVersionError) as error:
        model.ask("/v1/assessments", {"officers": [{}], "version": "strat"})
    assert error.value.faults[0].nearest == ("stratfor",)


def test_dates_may_be_dates(model: dr.Fitted) -> None:
    """Days of any kind that a frame may hold stand in a body as days."""
    start = model.study.timeline.window.start
    found = [model.assess({}, window=(day, None)).attrs["window"]["from"] for day in (start, str(start))]
    assert found == [str(start), str(start)]


def test_what_cannot_be_asked_is_told_with_what_is_nearest(model: dr.Fitted) -> None:
    """A wrong path names the nearest, and a wrong member or word carries the service's fault."""
    with pytest.raises(NothingThereError, match="nearest: /v1/assessments"):
        model.ask("/v1/assesments", {})
    with pytest.raises(InvalidQuestionError) as error:
        model.ask("/v1/assessments", {"officers": [{"sekt": "other"}]})
    assert (error.value.faults[0].pointer, error.value.faults[0].nearest) == ("/officers/0", ("sect",))
