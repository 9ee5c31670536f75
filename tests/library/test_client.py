"""Promises about a service elsewhere: the same methods, the same numbers, the same errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pandas as pd
import pytest

import defection_risk as dr
from defection_risk.answers import Answers
from defection_risk.errors import InvalidQuestionError, ProblemError, UnreachableError
from model.archive import Archive
from service.api.asking import questions
from service.errors import NoKeyError
from service.security.keys import KeyFile, Scope
from tests.support.servers import free_port
from tests.support.serving import serving


@pytest.fixture(scope="module")
def client(archive: Archive) -> Iterator[dr.Client]:
    """Return a client of a service that serves the same archive."""
    with serving(archive.home) as port:
        yield dr.Client(f"http://127.0.0.1:{port}/")


FRAMES: dict[str, Callable[[Answers], pd.DataFrame]] = {
    "assess": lambda who: who.assess(dr.load_example("force"), window=("2012-01-01", None)),
    "compare": lambda who: who.compare({"sect": "sunni"}, [{}, {"rank": "general"}]),
    "surprise": lambda who: who.surprise({"sect": "alawite"}, by="2012-08-02"),
    "outlook": lambda who: who.outlook(dr.load_example("force"), at_least=[5]).over_time,
}


@pytest.mark.parametrize("name", FRAMES)
def test_frames_are_the_same_here_and_there(model: dr.Fitted, client: dr.Client, name: str) -> None:
    """What is returned here and over HTTP agrees to the last digit."""
    pd.testing.assert_frame_equal(FRAMES[name](model), FRAMES[name](client), check_exact=True)


@pytest.mark.parametrize("path", sorted(questions()))
def test_every_question_may_be_asked(model: dr.Fitted, client: dr.Client, path: str) -> None:
    """Each question of the service has the same answer, or the same error, here and there."""
    body = questions()[path].example(model.study)
    told = [_told(who, path, body) for who in (model, client)]
    assert told[0] == told[1]


@pytest.mark.parametrize(
    "body",
    [
        {"officers": [{"sekt": "sunni"}]},
        {"officers": [{"sect": "sunny"}] * 30},
        {"officers": [{}], "version": "nobody"},
        {"officers": []},
        [1],
    ],
)
def test_errors_are_the_same(model: dr.Fitted, client: dr.Client, body: Any) -> None:
    """What cannot be asked raises the same error with the same faults and the same example."""
    with pytest.raises(ProblemError) as here:
        model.ask("/v1/assessments", body)
    with pytest.raises(type(here.value)) as there:
        client.ask("/v1/assessments", body)
    assert (here.value.detail, here.value.faults) == (there.value.detail, there.value.faults)
    assert json.dumps(here.value.example) == json.dumps(there.value.example)


def test_a_fault_in_a_frame_names_its_row(client: dr.Client) -> None:
    """Although each profile is sent once, a fault is told by the row that has it."""
    with pytest.raises(InvalidQuestionError, match=r"^officers\[2\]\.sect: "):
        client.assess(pd.DataFrame({"sect": ["sunni", "sunni", "sunnny"]}))


def test_pictures_need_only_answers(client: dr.Client) -> None:
    """Risks and reasons are drawn of a service elsewhere too."""
    assert client.plot_risk([{}, {"sect": "sunni"}]).get_xlabel() == "leave, of 1,000 alike"
    assert client.plot_why({"sect": "sunni"}).get_yticklabels()[0].get_text() == "sect: sunni"


def test_where_no_service_is_it_says_so() -> None:
    """Where nobody answers, or something that is no service of ours, one sentence says it."""
    client = dr.Client(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(UnreachableError, match=r"no service answers there \(Connection refused\); `"):
        client.assess({})
    for address in ("127.0.0.1:8000", "file:///etc/passwd", "http://"):
        with pytest.raises(ValueError, match="url: must begin with http"):
            dr.Client(address)


class Stranger(BaseHTTPRequestHandler):
    """Something else that answers: a page, or a redirection to one."""

    def do_POST(self) -> None:
        """Answer with a page at one path, and send the caller elsewhere from all others."""
        self.send_response(200 if self.path == "/v1/assessments" else 302)
        self.send_header("Location", "/v1/assessments")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize("path", ["/v1/assessments", "/elsewhere"])
def test_what_is_no_service_is_told(path: str) -> None:
    """A page is taken for no answer, and a redirection is not followed, with the key or without."""
    with HTTPServer(("127.0.0.1", 0), Stranger) as server:
        Thread(target=server.handle_request).start()
        with pytest.raises(UnreachableError, match="what answers there is not this service"):
            dr.Client(f"http://127.0.0.1:{server.server_port}", "secret").ask(path, {})


def test_a_key_is_shown_and_seen_nowhere(archive: Archive, tmp_path: Path) -> None:
    """With a key the service answers, without one it says that it wants one; the key is in no representation."""
    keys = KeyFile(tmp_path / "keys.json")
    key = keys.add("analyst", Scope.ASSESS, now=datetime(2030, 1, 1, tzinfo=UTC))
    with serving(archive.home, KEYS=str(tmp_path / "keys.json")) as port:
        client = dr.Client(f"http://127.0.0.1:{port}", key)
        assert len(client.assess({})) == 1
        assert key not in repr(client)
        with pytest.raises(NoKeyError):
            dr.Client(f"http://127.0.0.1:{port}").ask("/v1/assessments", {"officers": [{}]})


def _told(who: Answers, path: str, body: Any) -> str:
    try:
        return json.dumps(who.ask(path, body))
    except ProblemError as error:
        return f"{type(error).__name__}: {error}"
