"""What lies within the bounds of a risk table is answered; what does not is never served, and `/readyz` says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from numpy.typing import NDArray

from model.archive import Archive
from service import Settings, create_app
from tests.service.publishing import contagion, publish
from tests.support.contracts import DESCRIBED, mismatches
from tests.support.doctored import CELLS, ROWS, declaring
from tests.support.risk_tables import beside_arrays, named_arrays, packed, synthetic_arrays
from tests.support.syria import PRIOR_SETS, SYRIA

CONTAGION = contagion(SYRIA)
ALONE = synthetic_arrays(SYRIA, draws=40, prior_draws=8) | named_arrays(SYRIA, draws=8)
ARRAYS = ALONE | beside_arrays(SYRIA, draws=30)
HAZARDS = tuple(name for name in ARRAYS if not name.endswith("heads"))
BESIDE = [article.name for article in SYRIA.articles]
GENERAL = {"sect": "alawite", "rank": "general", "eliteness": "elite", "proximity": "core"}
MOVES = {"contagion": {"prior_set": "stratfor"}, "watch": {}, "punish": {"factor": 0.5}, "confine": {}, "militias": {}}
QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/v1/assessments", {"officers": [{}, {"sect": "druze"}, GENERAL], "intervals": [0.0001, 0.9999]}),
    ("/v1/assessments", {"officers": [GENERAL], "window": {"from": "2011-03-15", "to": "2011-03-16"}}),
    ("/v1/comparisons", {"pairs": [{"first": {}, "second": {"sect": "druze"}}]}),
    ("/v1/counterfactuals", {"officers": [{"rank": "colonel"}]}),
    ("/v1/distributions", {"officers": [{"rank": "colonel"}, GENERAL]}),
    ("/v1/outlooks", {"force": [{"count": 30, "sect": "sunni"}, {"count": 7}]}),
    ("/v1/outlooks", {"force": [{"count": 30, "sect": "sunni"}, {"count": 7}], "moves": MOVES}),
    ("/v1/what-if", {"officers": [{}, GENERAL], "without_claims": ["K17"], "weights": {"stratfor": 0}}),
    ("/v1/surprises", {"cases": [{"profile": {"sect": "alawite"}, "by": "2012-08-02"}]}),
)

Change = Callable[[NDArray[Any]], Any]


def changed(change: Change, names: tuple[str, ...] = HAZARDS) -> bytes:
    """Return a table in whose arrays of some names something was changed."""
    arrays = {name: array.copy() for name, array in ARRAYS.items()}
    for name in names:
        change(arrays[name])
    return packed(arrays)


def published(archive: Archive, table: bytes, **fields: Any) -> str:
    """Publish a version with a table of ours, by default with other fits beside its own."""
    return publish(archive, named=True, files={"risk_table.npz": table}, **{"fitted_beside": BESIDE} | fields)


def app_of(home: Path) -> Flask:
    """Return a service that looks at its archive at every request."""
    return create_app(Settings(home=home, recheck_seconds=0))


def client_of(home: Path) -> FlaskClient:
    """Return a client of such a service."""
    return app_of(home).test_client()


def apart(array: NDArray[Any]) -> None:
    """Put every number at one of its bounds, by chance."""
    array[:] = np.random.default_rng(1).choice([-100, 100], array.shape)


EXTREMES: dict[str, Change] = {
    "all certain": lambda array: array.fill(100),
    "all impossible": lambda array: array.fill(-100),
    "far apart": apart,
    "one draw certain": lambda array: array[0].fill(100),
    "one draw impossible": lambda array: array[0].fill(-100),
    "some cells and periods certain": lambda array: array[:, ::2].fill(100),
}


@pytest.mark.parametrize("change", EXTREMES.values(), ids=EXTREMES.keys())
def test_every_question_is_answered_at_the_bounds(tmp_path: Path, change: Change) -> None:
    """A version that is served answers whatever is asked of it, however far its numbers lie from what can be."""
    published(Archive(tmp_path), changed(change))
    app = app_of(tmp_path)
    client = app.test_client()
    assert client.get("/readyz").status_code == 200
    for path, body in QUESTIONS:
        answer = client.post(path, json=body)
        assert answer.status_code == 200
        assert mismatches(app, DESCRIBED[path], answer.json) == {}  # above all, no null in place of a number
    assert client.get("/v1/cells").status_code == client.get("/docs").status_code == 200


def one(number: float) -> Change:
    """Return what puts a number into one draw."""
    return lambda array: array[-1].fill(number)


def empty_cell(array: NDArray[Any]) -> None:
    """Let nobody serve in one cell of one draw."""
    array[0, 100] = 0


NAMED = "named_prior/stratfor"
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "a baseline of 1e30": ({"table": changed(one(1e30), ("baseline",))}, "baseline: every number"),
    "one draw at 1e308": ({"table": changed(one(1e308), ("baseline",))}, "baseline: every number"),
    "a prior of 1e30": ({"table": changed(one(1e30), ("prior_baseline",))}, "prior_baseline: every number"),
    "a named prior of 1e30": ({"table": changed(one(1e30), (f"{NAMED}/baseline",))}, f"{NAMED}/baseline: every number"),
    "a named prior where nobody serves in a cell": (
        {"table": changed(empty_cell, (f"{NAMED}/heads",))},
        f"{NAMED}/heads: every number",
    ),
    "a fit beside it of 1e30": (
        {"table": changed(one(1e30), ("beside/stratfor/baseline",))},
        "beside/stratfor/baseline: every number",
    ),
    "an effect over time of 1e30": (
        {"table": changed(one(1e30), ("over_time/sect",))},
        "over_time/sect: every number",
    ),
    "forces of ten billion men": ({"table": changed(one(1e8), ("heads",))}, "heads: every draw must have"),
    "a gibibyte": ({"table": declaring(ARRAYS, {"baseline": ((ROWS, CELLS), "<f4")})}, "baseline: must have shape"),
    "contagion of 1e308": (
        {"table": packed(ARRAYS), "priors": [CONTAGION | {"parameters": [1e308, 0.1]}]},
        "log of the ratio of contagion: must be",
    ),
    "contagion of a prior set that varies by 1e9": (
        {"table": packed(ARRAYS), "prior_sets": {PRIOR_SETS[0]: [CONTAGION | {"parameters": [0.1, 1e9]}]}},
        "deviation of the log of the ratio of contagion: must be",
    ),
}


@pytest.mark.parametrize(("harm", "reason"), BAD.values(), ids=BAD.keys())
def test_what_is_out_of_bounds_is_never_served(tmp_path: Path, harm: dict[str, Any], reason: str) -> None:
    """The version before goes on, and `/readyz` says which was refused and why; without one before, it is 503."""
    archive = Archive(tmp_path)
    good = published(archive, packed(ARRAYS))
    client = client_of(tmp_path)
    assert client.get("/readyz").json["refused"] is None
    bad = published(archive, **harm)
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json["model"]["version"], ready.json["refused"]["version"]) == (200, good, bad)
    assert reason in ready.json["refused"]["reason"]
    path, body = QUESTIONS[0]
    assert client.post(path, json=body).json["model"]["version"] == good
    unready = client_of(tmp_path).get("/readyz")
    assert unready.status_code == 503
    assert reason in unready.json["detail"]


def test_a_prior_set_falls_back_on_its_last_sound_version(tmp_path: Path) -> None:
    """A question that names a prior set is answered by the newest version of it whose numbers can be."""
    archive = Archive(tmp_path)
    published(archive, packed(ARRAYS))
    of_set = {"prior_set": "stratfor", "fitted_beside": [], "passed": True, "promote": False}
    sound = published(archive, packed(ALONE), **of_set)
    published(archive, packed(ALONE | {"baseline": np.full_like(ALONE["baseline"], 1e30)}), **of_set)
    answer = client_of(tmp_path).post("/v1/assessments", json={"officers": [{}], "version": "stratfor"})
    assert answer.json["model"]["version"] == sound
