"""A version by its prior set: the current one, else the newest sound one that passed, loaded when it is asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from model.archive import Archive
from service import Settings, create_app
from service import versions as versions_module
from service.errors import InvalidQuestionError, NoModelError
from service.versions import Versions
from tests.service.publishing import publish
from tests.support.clocks import Clock

BODIES = {
    "/v1/assessments": {"officers": [{"rank": "colonel"}]},
    "/v1/comparisons": {"pairs": [{"first": {}, "second": {"sect": "druze"}}]},
    "/v1/counterfactuals": {"officers": [{"rank": "colonel"}]},
    "/v1/distributions": {"officers": [{"rank": "colonel"}]},
    "/v1/outlooks": {"force": [{"count": 3}]},
}


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Return an empty archive."""
    return Archive(tmp_path)


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands."""
    return Clock()


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the versions that were loaded, as they are loaded."""
    names: list[str] = []
    load = versions_module.load

    def counted(archive: Archive, version: str) -> Any:
        names.append(version)
        return load(archive, version)

    monkeypatch.setattr(versions_module, "load", counted)
    return names


@pytest.fixture
def sets(archive: Archive, clock: Clock) -> Versions:
    """Return what hands out versions, looking every 2 seconds and leaving a bad version alone for 30."""
    return Versions(archive, settings=Settings(home=archive.home), clock=clock)


@pytest.fixture
def aside(archive: Archive) -> Callable[..., str]:
    """Return a publisher of versions that passed their checks and are not made current; seeds count up."""
    seeds = iter(range(10, 100))

    def published(prior_set: str, **said: Any) -> str:
        return publish(archive, seed=next(seeds), prior_set=prior_set, promote=False, **{"passed": True} | said)

    return published


def served(sets: Versions, priors: str | None) -> str:
    """Name the version that answers."""
    return sets.served(priors).table.version


def spoil(archive: Archive, version: str, name: str = "risk_table.npz") -> None:
    """Change one bit in the middle of a file."""
    path = archive.home / "versions" / version / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_each_prior_set_has_its_version(archive: Archive, sets: Versions, aside: Callable[..., str]) -> None:
    """A question that names a prior set is answered by a version of it, one that names none by the current one."""
    stratfor, kattan, pooled = aside("stratfor"), aside("al-kattan"), publish(archive, passed=True)
    assert served(sets, None) == served(sets, "pooled") == pooled
    assert (served(sets, "stratfor"), served(sets, "al-kattan")) == (stratfor, kattan)


def test_the_current_version_comes_first(archive: Archive, sets: Versions, aside: Callable[..., str]) -> None:
    """What an operator made current is used for its prior set, though a newer one is there, and though it failed."""
    chosen = publish(archive, passed=False)
    aside("pooled")
    assert served(sets, "pooled") == chosen


def test_nothing_is_loaded_before_it_is_asked_for(
    archive: Archive, sets: Versions, aside: Callable[..., str], loads: list[str]
) -> None:
    """Neither listing what there is nor answering from the current version loads another."""
    aside("stratfor")
    current = publish(archive)
    assert [entry.priors for entry in sets.available()] == ["stratfor", "pooled"]
    served(sets, None)
    assert loads == [current]


def test_it_stays_in_memory(
    archive: Archive, sets: Versions, clock: Clock, aside: Callable[..., str], loads: list[str]
) -> None:
    """However often it is asked for, a version is loaded once."""
    publish(archive)
    version = aside("stratfor")
    for _ in range(5):
        clock.now += 3
        assert served(sets, "stratfor") == version
    assert loads.count(version) == 1


def test_a_newer_version_is_picked_up_within_the_interval(
    archive: Archive, sets: Versions, clock: Clock, aside: Callable[..., str]
) -> None:
    """A version published later answers from the next look on, and not before."""
    publish(archive)
    old = aside("stratfor")
    assert served(sets, "stratfor") == old
    new = max(aside("stratfor"), aside("stratfor"))
    clock.now += 1.9
    assert served(sets, "stratfor") == old
    clock.now += 0.2
    assert served(sets, "stratfor") == max(old, new)


@pytest.mark.parametrize("said", [{"passed": False}, {"passed": None}, {"passed": "yes"}])
def test_a_version_that_did_not_pass_does_not_answer(
    archive: Archive, sets: Versions, aside: Callable[..., str], said: dict[str, Any]
) -> None:
    """A fit that failed a check that gates, or whose manifest does not say, is not handed out by its prior set."""
    publish(archive)
    aside("stratfor", **said)
    with pytest.raises(InvalidQuestionError):
        sets.served("stratfor")


@pytest.mark.parametrize("name", ["risk_table.npz", "manifest.json"])
def test_a_damaged_version_gives_way_to_the_next_older(
    archive: Archive, sets: Versions, clock: Clock, aside: Callable[..., str], loads: list[str], name: str
) -> None:
    """It is refused, left alone for a while, and what is left is what is available."""
    publish(archive)
    older, newer = sorted((aside("stratfor"), aside("stratfor")))
    spoil(archive, newer, name)
    for _ in range(5):
        assert served(sets, "stratfor") == older
        clock.now += 3
    assert sets.available()[0].version == older
    assert loads.count(newer) <= 1


def test_a_version_that_was_good_keeps_answering(
    archive: Archive, sets: Versions, clock: Clock, aside: Callable[..., str]
) -> None:
    """What is in memory was verified: it answers on when a newer one is bad, and when the archive is gone."""
    publish(archive)
    first = aside("stratfor")
    assert served(sets, "stratfor") == first
    (archive.home / "versions").rename(archive.home / "elsewhere")
    clock.now += 3
    assert served(sets, "stratfor") == first
    assert [entry.version for entry in sets.available() if entry.priors == "stratfor"] == [first]


def test_two_of_one_prior_set_are_not_kept(archive: Archive, sets: Versions, clock: Clock) -> None:
    """Once the current version has a prior set, the one that stood in for it is let go."""
    pooled = publish(archive, passed=True)
    other = publish(archive, seed=2, passed=True, prior_set="stratfor")
    assert (served(sets, "pooled"), served(sets, None)) == (pooled, other)
    archive.promote(pooled)
    clock.now += 3
    assert served(sets, "pooled") == pooled
    assert "pooled" not in sets._states


def test_a_prior_set_without_a_version_is_refused(archive: Archive, sets: Versions, aside: Callable[..., str]) -> None:
    """The refusal names the field, the rule, and the prior sets that can be served."""
    publish(archive)
    aside("al-kattan")
    with pytest.raises(InvalidQuestionError, match="refit --priors") as caught:
        sets.served("stratfor")
    (fault,) = caught.value.faults
    assert (fault.pointer, fault.nearest) == ("/priors", ("al-kattan", "pooled"))


def test_without_any_model_that_is_what_is_said(sets: Versions) -> None:
    """Where nothing can be served at all, the question is not at fault."""
    with pytest.raises(NoModelError):
        sets.served("stratfor")


def test_it_answers_where_none_is_current(sets: Versions, aside: Callable[..., str]) -> None:
    """A version that may be asked for by its prior set needs no current one beside it."""
    version = aside("stratfor")
    assert served(sets, "stratfor") == version


def test_many_who_ask_at_once_load_it_once(
    archive: Archive, sets: Versions, aside: Callable[..., str], loads: list[str]
) -> None:
    """The first to ask loads; the others wait for it, and all have the same version."""
    publish(archive)
    version = aside("stratfor")
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(partial(served, sets), ["stratfor"] * 32))
    assert found == {version}
    assert loads.count(version) == 1


def test_while_a_newer_one_is_loaded_the_others_answer(
    archive: Archive, sets: Versions, clock: Clock, aside: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody who could be answered from memory waits for a newer version."""
    publish(archive)
    versions = sorted(aside("stratfor") for _ in range(2))
    (archive.home / "versions" / versions[1]).rename(archive.home / "later")
    assert served(sets, "stratfor") == versions[0]
    (archive.home / "later").rename(archive.home / "versions" / versions[1])
    clock.now += 3
    loading, done = threading.Event(), threading.Event()
    load = versions_module.load

    def slow(archive: Archive, version: str) -> Any:
        loading.set()
        assert done.wait(20)
        return load(archive, version)

    monkeypatch.setattr(versions_module, "load", slow)
    thread = threading.Thread(target=sets.served, args=("stratfor",))
    thread.start()
    assert loading.wait(20)
    assert served(sets, "stratfor") == versions[0]
    done.set()
    thread.join(20)
    assert served(sets, "stratfor") == versions[1]


@pytest.fixture
def client(archive: Archive, aside: Callable[..., str]) -> FlaskClient:
    """Return a client of a service whose archive lacks a version of al-kattan."""
    publish(archive, passed=True)
    aside("stratfor")
    return create_app(Settings(home=archive.home)).test_client()


@pytest.mark.parametrize("path", BODIES)
def test_every_question_may_name_its_prior_set(client: FlaskClient, path: str) -> None:
    """The answer is wholly that of the version it names; without a prior set it is that of the current one."""
    plain, pooled, stratfor = (
        client.post(path, json=BODIES[path] | named) for named in ({}, {"priors": "pooled"}, {"priors": "stratfor"})
    )
    assert plain.data == pooled.data
    assert stratfor.json["model"]["priors"] == "stratfor"
    assert stratfor.data != plain.data
    refused = client.post(path, json=BODIES[path] | {"priors": "al-kattan"})
    assert (refused.status_code, refused.json["errors"][0]["nearest"]) == (422, ["stratfor", "pooled"])


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize(
    ("priors", "nearest"),
    [("stratfr", ["stratfor"]), ("Pooled", ["pooled"]), ("x", ["al-kattan", "stratfor", "pooled"])],
)
def test_an_unknown_prior_set_is_answered_with_the_nearest(
    client: FlaskClient, path: str, priors: str, nearest: list[str]
) -> None:
    """A word that is no prior set is refused at its place with the nearest, or with all."""
    errors = client.post(path, json=BODIES[path] | {"priors": priors}).json["errors"]
    assert [(error["pointer"], error["nearest"]) for error in errors] == [("/priors", nearest)]


def test_the_model_lists_what_may_be_asked_for(client: FlaskClient) -> None:
    """Each prior set that can be served comes with the version that answers and when it was created."""
    shown = client.get("/v1/model").json
    stratfor, pooled = shown["priors_available"]
    assert (stratfor["priors"], pooled["priors"]) == ("stratfor", "pooled")
    assert pooled["version"] == shown["model"]["version"]
    assert pooled["created"] == shown["fit"]["created"]
    answer = client.post("/v1/assessments", json={"officers": [{}], "priors": "stratfor"}).json
    assert answer["model"]["version"] == stratfor["version"]
