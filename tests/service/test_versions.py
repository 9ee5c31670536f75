"""A newer version is picked up in place; whatever is wrong with one, the last good one keeps serving."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from model.archive import Archive
from service import Settings
from service import versions as versions_module
from service.errors import NoModelError
from service.versions import Versions
from tests.service.publishing import publish
from tests.support.clocks import Clock
from tests.support.risk_tables import packed, synthetic_arrays
from tests.support.syria import SYRIA


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Return an empty archive."""
    return Archive(tmp_path)


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands."""
    return Clock()


@pytest.fixture
def versions(archive: Archive, clock: Clock) -> Versions:
    """Return a store that looks every 2 seconds and leaves a bad version alone for 30."""
    return Versions(archive, settings=Settings(home=archive.home), clock=clock)


def served(versions: Versions) -> str:
    """Name the version that is served."""
    return versions.served().table.version


def test_nothing_is_read_before_it_is_needed(archive: Archive, versions: Versions) -> None:
    """A store made before the first version serves it once asked."""
    version = publish(archive)
    assert served(versions) == version


def test_a_newer_version_is_picked_up_within_the_interval(archive: Archive, versions: Versions, clock: Clock) -> None:
    """A version made current is served at the next look, and not before."""
    old, new = publish(archive), None
    assert served(versions) == old
    new = publish(archive, seed=2)
    clock.now += 1.9
    assert served(versions) == old
    clock.now += 0.2
    assert served(versions) == new


def test_the_same_version_is_not_loaded_again(archive: Archive, versions: Versions, clock: Clock) -> None:
    """A look that finds nothing new leaves the very same table in place."""
    publish(archive)
    table = versions.served().table
    clock.now += 5
    assert versions.served().table is table


def test_going_back_to_an_older_version_is_picked_up(archive: Archive, versions: Versions, clock: Clock) -> None:
    """What is current is served, newer or older."""
    old = publish(archive)
    publish(archive, seed=2)
    served(versions)
    archive.promote(old)
    clock.now += 3
    assert served(versions) == old


def flip(path: Path) -> None:
    """Change one bit in the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def nan_table() -> bytes:
    """Return a risk table with a number that is none."""
    arrays = synthetic_arrays(SYRIA)
    arrays["baseline"][3, 2] = np.nan
    return packed(arrays)


Harm = Callable[[Archive], object]
HARMS: dict[str, Harm] = {
    "flipped bit": lambda archive: flip(archive.home / "versions" / publish(archive, seed=2) / "risk_table.npz"),
    "changed manifest": lambda archive: flip(archive.home / "versions" / publish(archive, seed=2) / "manifest.json"),
    "missing file": lambda archive: (archive.home / "versions" / publish(archive, seed=2) / "risk_table.npz").unlink(),
    "not a table": lambda archive: publish(archive, files={"risk_table.npz": b"PK but no table"}),
    "NaN in the table": lambda archive: publish(archive, files={"risk_table.npz": nan_table()}),
    "files that are no study": lambda archive: publish(archive, seed=2, files={"study.yaml": b"title: nothing else"}),
    "a missing file of the study": lambda archive: (
        archive.home / "versions" / publish(archive, seed=2) / "claims.yaml"
    ).unlink(),
    "no priors to draw contagion from": lambda archive: publish(archive, seed=2, priors=None, prior_sets=None),
    "claims of the wrong shape": lambda archive: publish(archive, seed=2, claims_by_level=[1, 2]),
    "claims missing": lambda archive: publish(archive, seed=2, claims_by_level=None),
    "current names nothing": lambda archive: (archive.home / "current").write_text("20990101T000000Z-abcdef\n"),
    "current escapes": lambda archive: (archive.home / "current").write_text("../../etc\n"),
    "current is gone": lambda archive: (archive.home / "current").unlink(),
    "current is a folder": lambda archive: ((archive.home / "current").unlink(), (archive.home / "current").mkdir()),
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
def test_the_last_good_version_keeps_serving(archive: Archive, versions: Versions, clock: Clock, harm: Harm) -> None:
    """A version that is damaged, no table, or not there is refused with a reason, and the good one stays."""
    good = publish(archive)
    table = versions.served().table
    harm(archive)
    clock.now += 3
    assert served(versions) == good
    assert versions.served().table is table
    refusal = versions.state().refusal
    assert refusal is not None
    assert refusal.reason
    assert str(archive.home) not in refusal.reason


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
def test_a_service_that_starts_with_a_bad_version_says_so(archive: Archive, versions: Versions, harm: Harm) -> None:
    """Where there is no good version to keep, the error has the reason and the command, and no path of the host."""
    publish(archive)
    harm(archive)
    with pytest.raises(NoModelError, match="defection-risk refit") as caught:
        versions.served()
    assert str(archive.home) not in caught.value.detail


def test_a_good_version_after_a_bad_one_is_picked_up(archive: Archive, versions: Versions, clock: Clock) -> None:
    """A refusal ends as soon as another version is current."""
    publish(archive)
    served(versions)
    publish(archive, files={"risk_table.npz": nan_table()})
    clock.now += 3
    served(versions)
    better = publish(archive, seed=3)
    clock.now += 3
    assert served(versions) == better
    assert versions.state().refusal is None


def test_a_bad_version_is_left_alone_for_a_while(
    archive: Archive, versions: Versions, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version that could not be loaded is not read again at every look, but is tried again later."""
    publish(archive)
    served(versions)
    bad = publish(archive, seed=2)
    path = archive.home / "versions" / bad / "risk_table.npz"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    loads: list[str] = []
    load = versions_module.load
    monkeypatch.setattr(
        versions_module,
        "load",
        lambda archive, version: (loads.append(version), load(archive, version))[1],
    )
    for _ in range(10):
        clock.now += 2.5
        served(versions)
    assert loads == [bad]
    path.write_bytes(whole)
    clock.now += 30
    assert served(versions) == bad


def test_while_one_thread_loads_the_others_answer(
    archive: Archive, versions: Versions, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer version is loaded aside: nobody else waits for it."""
    old = publish(archive)
    served(versions)
    new = publish(archive, seed=2)
    clock.now += 3
    loading, done = threading.Event(), threading.Event()
    load = versions_module.load

    def slow_load(archive: Archive, version: str) -> object:
        loading.set()
        assert done.wait(20)
        return load(archive, version)

    monkeypatch.setattr(versions_module, "load", slow_load)
    thread = threading.Thread(target=versions.served)
    thread.start()
    assert loading.wait(20)
    assert served(versions) == old
    done.set()
    thread.join(20)
    assert served(versions) == new


def test_refusals_are_logged_once(
    archive: Archive, versions: Versions, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """The log has one line for a refusal, however often it is found again."""
    for _ in range(5):
        clock.now += 40
        with pytest.raises(NoModelError):
            versions.served()
    assert len(caplog.records) == 1
    assert not archive.versions()


def test_a_version_that_fails_for_some_profiles_is_refused(archive: Archive, versions: Versions, clock: Clock) -> None:
    """Where nobody of a sect serves, nothing can be said of it: the version before goes on."""
    old = publish(archive)
    assert served(versions) == old
    arrays = synthetic_arrays(SYRIA, seed=2)
    arrays["heads"].reshape(len(arrays["heads"]), *SYRIA.vocabulary.shape)[:, 0] = 0
    bad = publish(archive, files={"risk_table.npz": packed(arrays)})
    clock.now += 3
    refusal = versions.state().refusal
    assert refusal is not None
    assert (served(versions), refusal.version) == (old, bad)
