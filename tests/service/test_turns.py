"""Large questions take turns: one at a time, a few waiting, the rest told to come back; all else goes on."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient

from priors.moves import NUMBERS
from service import Settings, create_app
from service.api.turns import PLACES, Turns
from service.errors import BusyError
from service.gunicorn_settings import THREADS

SECTS = ("alawite", "sunni", "druze")
RANKS = ("nco", "lieutenant", "captain", "major", "colonel", "brigadier", "general")
LARGE = {
    "/v1/outlooks": {"force": [{"count": 300}], "moves": {name: {} for name in NUMBERS} | {"offers": [{}]}},
    "/v1/assessments": {"officers": [{}] * 1_001},
    "/v1/counterfactuals": {"officers": [{"sect": sect, "rank": rank} for sect in SECTS for rank in RANKS]},
    "/v1/comparisons": {"pairs": [{"first": {}, "second": {"sect": "sunni"}}] * 201},
}
SMALL = {
    "/v1/assessments": {"officers": [{}] * 1_000},
    "/v1/counterfactuals": {"officers": [{}] * 100},
    "/v1/comparisons": {"pairs": [{"first": {}, "second": {"sect": "sunni"}}] * 200},
    "/v1/distributions": {"officers": [{}] * 20},
}


@pytest.fixture
def app(settings: Settings) -> Flask:
    """Return an application in which one large question may be asked, and none waits."""
    app = create_app(settings)
    app.extensions["turns"] = Turns(places=1)
    return app


def test_one_at_a_time() -> None:
    """Of eight that are asked at once no two are answered together, and all are."""
    turns, together, answered = Turns(places=8), threading.Semaphore(), list[bool]()

    def ask() -> None:
        with turns.taken(large=True):
            alone = together.acquire(blocking=False)
            answered.append(alone)
            if alone:
                together.release()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answered == [True] * 8


def test_too_many_are_told_to_come_back() -> None:
    """One more than there are places is refused at once, and a place that is left is free again."""
    turns = Turns(places=1)
    with turns.taken(large=True), turns.taken(large=False):
        for _ in range(2):
            with pytest.raises(BusyError) as refusal, turns.taken(large=True):
                pass
    assert refusal.value.retry_after == 5
    with turns.taken(large=True):
        pass


def test_none_waits_for_ever() -> None:
    """A large question whose turn does not come in time is refused, and gives its place back."""
    turns = Turns(places=2, patience=0.01)
    with turns.taken(large=True):
        for _ in range(3):
            with pytest.raises(BusyError), turns.taken(large=True):
                pass


def test_threads_are_left_for_all_else() -> None:
    """However many large questions are asked, health checks and small ones find a thread."""
    assert PLACES < THREADS


@pytest.mark.parametrize("route", LARGE)
def test_a_large_question_takes_its_turn(app: Flask, client: FlaskClient, route: str) -> None:
    """While another is being answered it is a 503 that says when to ask again, and is counted; then it is answered."""
    with app.extensions["turns"].taken(large=True):
        refused = client.post(route, json=LARGE[route])
        metrics = client.get("/metrics").text
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert refused.content_type == "application/problem+json"
    assert 'refusals_total{reason="busy"} 1.0' in metrics
    assert client.post(route, json=LARGE[route]).status_code == 200


def test_health_is_told_while_every_move_is_in_force(app: Flask) -> None:
    """As long as an outlook with every move is being answered, each look at the service's health is."""
    answers = list[int]()
    asking = threading.Thread(
        target=lambda: answers.append(app.test_client().post("/v1/outlooks", json=LARGE["/v1/outlooks"]).status_code)
    )
    asking.start()
    looks = list[int]()
    while asking.is_alive():
        looks.append(app.test_client().get("/livez").status_code)
    assert (set(looks), answers) == ({200}, [200])


@pytest.mark.parametrize("route", SMALL)
def test_a_small_question_never_waits(app: Flask, client: FlaskClient, route: str) -> None:
    """The most that is still small is answered while a large one is."""
    with app.extensions["turns"].taken(large=True):
        assert client.post(route, json=SMALL[route]).status_code == 200
