"""The study as the service tells it, which page and callers take their words from."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from model.archive import Archive
from priors.moves import NUMBERS
from service import Settings, create_app
from tests.service.publishing import publish
from tests.support.made_up import FLEET, GARRISON, made_up
from tests.support.syria import SYRIA


def test_it_tells_what_the_files_say(client: FlaskClient) -> None:
    """Question, window, articles, who served, moves, strength and what is weighed come as they are."""
    told = client.get("/v1/study").json
    assert list(told) == [
        "model", "name", "title", "digest", "question", "limits", "window", "periods", "everyone", "heads", "classes",
        "articles", "prior_sets", "profiles", "decisive", "decisive_widened", "moves", "strength",
        "roles", "topics", "cases",
    ]  # fmt: skip
    assert {name: told[name] for name in ("name", "title", "digest")} == SYRIA.summary
    assert told["window"] == {"from": "2011-03-15", "to": "2016-03-15"}
    assert [period["name"] for period in told["periods"]] == list(SYRIA.timeline.period_names)
    assert told["heads"] == {"all": 295_708, "by_class": {"officers": 54_772, "enlisted": 240_936}}
    assert told["classes"] == [
        {"name": "officers", "of": {"rank": ["officers"]}, "heads": 54_772},
        {"name": "enlisted", "of": {"rank": ["enlisted"]}, "heads": 240_936},
    ]
    assert [(each["name"], each["called"], each["date"]) for each in told["articles"]] == [
        ("al-kattan", "al-Kattan", "2016-09"),
        ("stratfor", "Stratfor", "2012-08-03"),
    ]
    assert told["prior_sets"] == ["al-kattan", "stratfor", "pooled"]
    assert told["decisive"][0] == {"rank": ["general"], "proximity": ["core"]}
    assert told["decisive_widened"] == [{"rank": ["brigadier", "general"], "eliteness": ["favoured", "elite"]}]
    assert told["moves"]["contagion"]["services"] == {"eliteness": ["favoured", "elite"]}
    assert told["moves"]["offers"]["claims"] == ["K13", "K30"]
    assert [list(each["numbers"]) for each in list(told["moves"].values())[1:]] == [
        list(each) for each in NUMBERS.values()
    ]
    assert told["moves"]["purge"]["replaced_by"] == {"sect": "alawite"}
    assert told["moves"]["confine"]["above"] == 0.2
    assert told["moves"]["militias"]["from"] == "2012-09-01"
    assert "from" not in told["moves"]["watch"]
    assert told["strength"]["unit"]["of"] == {"eliteness": ["ordinary"]}
    assert told["strength"]["known"][0]["men"] == 325_000
    first = told["cases"][0]
    assert (first["by"], first["happened"], first["profile"]["unit"]) == ("2012-08-02", True, "Air Force Intelligence")


def test_every_case_can_be_weighed(client: FlaskClient) -> None:
    """What is listed as a case is a question that the service takes, about as many as served in each draw."""
    told = client.get("/v1/study").json
    cases = [{"profile": case["profile"], "by": case["by"]} for case in told["cases"]]
    answer = client.post("/v1/surprises", json={"cases": cases})
    assert answer.status_code == 200, answer.text
    assert answer.json["corps"] is None


def test_what_a_study_lacks_is_missing(tmp_path: Path) -> None:
    """A study without moves, units or cases has none, and its one article is its one prior set."""
    publish(Archive(tmp_path), study=made_up(GARRISON))
    client = create_app(Settings(home=tmp_path)).test_client()
    told = client.get("/v1/study").json
    assert (told["moves"], told["cases"], told["topics"], told["roles"]) == ({}, [], {}, {})
    assert told["prior_sets"] == ["witness"]
    assert told["classes"] == [{"name": "all", "of": {}, "heads": 1_000}]
    assert client.get("/v1/vocabulary").json["units"] is None


@pytest.mark.parametrize("path", ["/v1/study", "/v1/vocabulary", "/openapi.json", "/docs"])
def test_it_is_that_of_the_current_version(tmp_path: Path, path: str) -> None:
    """Once a version of another study is current its words are told, and whoever keeps the old ones is sent them."""
    archive = Archive(tmp_path)
    publish(archive, study=made_up(GARRISON))
    client = create_app(Settings(home=tmp_path, recheck_seconds=0)).test_client()
    before = client.get(path)
    assert "grade" in before.text
    publish(archive, study=made_up(FLEET))
    after = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "station" in after.text
    assert "grade" not in after.text
