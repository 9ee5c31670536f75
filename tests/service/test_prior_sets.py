"""A version by its name, or by its prior set: the current one, else the newest sound one that passed."""

from __future__ import annotations

import shutil
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
from service.errors import NoModelError, NoSuchVersionError
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

KNOWN = ("/v1/model", "/v1/model/diagnostics", "/v1/claims", "/v1/study", "/v1/vocabulary", "/v1/cells")


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


def served(sets: Versions, name: str = "current") -> str:
    """Name the version that answers."""
    return sets.served(name).table.version


def spoil(archive: Archive, version: str, name: str = "risk_table.npz") -> None:
    """Change one bit in the middle of a file."""
    path = archive.home / "versions" / version / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_each_prior_set_has_its_version(archive: Archive, sets: Versions, aside: Callable[..., str]) -> None:
    """A question that names a prior set is answered by a version of it, one that names none by the current one."""
    stratfor, kattan, pooled = aside("stratfor"), aside("al-kattan"), publish(archive, passed=True)
    assert served(sets) == served(sets, "pooled") == pooled
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
    assert [*sets.by_prior_set()] == ["stratfor", "pooled"]
    served(sets)
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
    with pytest.raises(NoSuchVersionError):
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
    assert sets.by_prior_set()["stratfor"].version == older
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
    assert sets.by_prior_set()["stratfor"].version == first


def test_few_are_kept_in_memory(archive: Archive, sets: Versions, aside: Callable[..., str], loads: list[str]) -> None:
    """Of many versions that are asked for by name only the last two stay, beside the current one."""
    current = publish(archive)
    versions = [aside("stratfor") for _ in range(4)]
    for version in (*versions, *versions[-2:], current):
        assert served(sets, version) == version
    assert sorted(loads) == sorted((current, *versions))
    assert served(sets, versions[0]) == versions[0]
    assert loads.count(versions[0]) == 2


def test_what_answered_before_stays_in_memory(archive: Archive, sets: Versions, clock: Clock, loads: list[str]) -> None:
    """A version that gives way to a newer one is not read again for those who name it, nor when it is current again."""
    old, new = publish(archive), None
    assert served(sets) == old
    new = publish(archive, seed=2)
    clock.now += 3
    assert (served(sets), served(sets, old)) == (new, old)
    archive.promote(old)
    clock.now += 3
    assert (served(sets), served(sets, new)) == (old, new)
    assert loads == [old, new]


def test_a_version_that_is_gone_is_no_longer_answered_by(
    archive: Archive, sets: Versions, clock: Clock, aside: Callable[..., str]
) -> None:
    """Once a version is taken out of the archive its name is refused, and names that are kept are offered."""
    current, gone = publish(archive), aside("stratfor")
    assert served(sets, gone[:-1]) == gone
    shutil.rmtree(archive.home / "versions" / gone)
    clock.now += 3
    with pytest.raises(NoSuchVersionError) as caught:
        sets.served(gone)
    (fault,) = caught.value.faults
    assert fault.nearest == ("pooled", current)


def test_a_prior_set_without_a_version_is_refused(archive: Archive, sets: Versions, aside: Callable[..., str]) -> None:
    """The refusal names the field, the rule, and the prior sets that can be served."""
    publish(archive)
    aside("al-kattan")
    with pytest.raises(NoSuchVersionError) as caught:
        sets.served("stratfor")
    (fault,) = caught.value.faults
    assert (fault.pointer, fault.nearest[:2]) == ("/version", ("al-kattan", "pooled"))


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
def test_every_question_may_name_its_version(client: FlaskClient, path: str) -> None:
    """By `current`, a version, its beginning or a prior set, the answer is wholly that of the version it names."""
    plain, current, pooled, stratfor = (
        client.post(path, json=BODIES[path] | named)
        for named in ({}, {"version": "current"}, {"version": "pooled"}, {"version": "stratfor"})
    )
    assert plain.data == current.data == pooled.data
    assert stratfor.json["model"]["priors"] == "stratfor"
    assert stratfor.data != plain.data
    version = stratfor.json["model"]["version"]
    for name in (version, version[:-1]):
        assert client.post(path, json=BODIES[path] | {"version": name}).data == stratfor.data


def test_an_answer_by_a_version_stays_put(client: FlaskClient, archive: Archive) -> None:
    """Whatever is published and made current later, the same body asked of the same version has the same bytes."""
    body = BODIES["/v1/assessments"] | {"version": str(archive.current())}
    before = client.post("/v1/assessments", json=body).data
    for seed in (31, 32, 33):
        publish(archive, seed=seed, passed=True)
    fresh = create_app(Settings(home=archive.home)).test_client()
    assert fresh.post("/v1/assessments", json=body).data == before
    assert fresh.post("/v1/assessments", json=BODIES["/v1/assessments"]).data != before


@pytest.mark.parametrize("path", KNOWN)
def test_what_is_known_may_be_asked_of_a_version(client: FlaskClient, path: str) -> None:
    """Every GET that a version answers takes its name in the query, and refuses a name that none has."""
    plain, stratfor = client.get(path), client.get(f"{path}?version=stratfor")
    assert (plain.status_code, stratfor.status_code) == (200, 200)
    assert ("model" not in plain.json) or stratfor.json["model"]["priors"] == "stratfor"
    for name in ("20200101T000000Z-000000", "nobody"):
        assert client.get(f"{path}?version={name}").status_code == 404
    assert client.get(f"{path}?version=current&version=stratfor").status_code == 422


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize(
    ("name", "nearest"),
    [("stratfr", ["stratfor"]), ("Pooled", ["pooled"]), ("al-kattan", ["stratfor", "pooled"])],
)
def test_an_unknown_name_is_answered_with_the_nearest(
    client: FlaskClient, path: str, name: str, nearest: list[str]
) -> None:
    """A name that no version has is refused at its place with the nearest, or with all prior sets first."""
    refused = client.post(path, json=BODIES[path] | {"version": name})
    assert refused.status_code == 404
    (error,) = refused.json["errors"]
    assert (error["pointer"], error["nearest"][: len(nearest)]) == ("/version", nearest)


def test_a_beginning_of_several_versions_names_them(client: FlaskClient, archive: Archive) -> None:
    """What begins more than one version is refused, and the versions are offered."""
    (error,) = client.get(f"/v1/model?version={archive.versions()[0][:4]}").json["errors"]
    assert set(error["nearest"]) == set(archive.versions())


def test_the_model_lists_what_may_be_asked_for(client: FlaskClient) -> None:
    """Each prior set that can be served comes with the version that answers and when it was created."""
    shown = client.get("/v1/model").json
    stratfor, pooled = shown["priors_available"]
    assert (stratfor["priors"], pooled["priors"]) == ("stratfor", "pooled")
    assert pooled["version"] == shown["model"]["version"]
    assert pooled["created"] == shown["fit"]["created"]
    answer = client.post("/v1/assessments", json={"officers": [{}], "version": "stratfor"}).json
    assert answer["model"]["version"] == stratfor["version"]


def test_a_report_is_had_by_the_name_of_its_version(archive: Archive) -> None:
    """`/report/VERSION` and `/report?version=` give the report of that version, `/report` that of the current one."""
    old = publish(archive, files={"report.html": b"old"})
    publish(archive, seed=2, files={"report.html": b"new"})
    client = create_app(Settings(home=archive.home)).test_client()
    assert client.get("/report").data == client.get("/report/current").data == b"new"
    shown = client.get(f"/report/{old}")
    assert shown.data == client.get(f"/report?version={old}").data == b"old"
    assert shown.headers["Content-Security-Policy"] == client.get("/report").headers["Content-Security-Policy"]
    assert client.get("/report/20200101T000000Z-000000").status_code == 404
