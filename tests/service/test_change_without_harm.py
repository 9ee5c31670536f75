"""While clients ask, versions change, break and come back, and workers come and go: nobody notices."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.archive import Archive, ArchiveUnwritableError
from tests.service.publishing import publish
from tests.support.clients import BODIES, Reference, asking
from tests.support.harms import HARMS
from tests.support.ordeal import Ordeal
from tests.support.servers import PROJECT, running

RECYCLED_SOON = {"max_requests": 100, "max_requests_jitter": 100}
PUBLISH = """
import sys
from pathlib import Path
from model.archive import Archive
from tests.service.publishing import publish
for seed in range(5):
    publish(Archive(Path(sys.argv[1])), seed=int(sys.argv[2]) + seed)
"""


def test_sixteen_clients_see_no_change(tmp_path: Path) -> None:
    """Good versions, every kind of bad one, HUP, TERM of a worker, recycling, TERM of all: each request is answered
    with 200 and the numbers of the version it states, until nobody listens any more.
    """
    archive = Archive(tmp_path / "home")
    publish(archive)
    with running(archive.home, log=tmp_path / "log", **RECYCLED_SOON) as server:
        ordeal = Ordeal(server, archive, pause=0.3)
        with asking(server.port, Reference(archive)) as tally:
            for number, name in enumerate(HARMS):
                if number % 4 == 0:
                    ordeal.change()
                ordeal.harm(name)
                if number % 4 == 0:
                    ordeal.reload()
            ordeal.go_back()
            ordeal.lose_worker(signal.SIGTERM)
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(40) == 0
    assert (tally.lost, tally.cut, tally.wrong) == ([], 0, [])
    assert set(tally.statuses) == {200}
    assert len(tally.versions) > 4
    # More workers than HUP and TERM account for: recycling took place.
    assert sum("Booting worker" in line["event"] for line in server.lines()) > 2 + 2 * 3 + 1


def test_a_killed_worker_takes_only_what_it_held(tmp_path: Path) -> None:
    """Without a front, what is lost to kill -9 was under way in that worker at that moment; nothing else is."""
    archive = Archive(tmp_path / "home")
    publish(archive)
    with (
        running(archive.home, log=tmp_path / "log") as server,
        asking(server.port, Reference(archive), clients=16) as tally,
    ):
        time.sleep(0.5)
        killed = time.monotonic()
        Ordeal(server, archive).lose_worker(signal.SIGKILL)
        time.sleep(0.5)
    assert set(tally.statuses) == {200}
    assert (tally.wrong, tally.refused) == ([], 0)
    assert len(tally.lost) + tally.cut <= 16
    assert all(begun < killed + 0.1 for begun, _ in tally.lost)


def test_the_start_with_no_model(tmp_path: Path) -> None:
    """With an empty archive the service is alive and says what to do; the first version is served without a restart."""
    archive = Archive(tmp_path / "home")
    with running(archive.home, log=tmp_path / "log") as server:
        assert server.ask("GET", "/livez")[0] == 200
        for method, path, body in (("GET", "/readyz", None), ("POST", "/v1/assessments", BODIES[0])):
            status, content = server.ask(method, path, body)
            assert status == 503
            assert "`defection-risk refit`" in json.loads(content)["detail"]
        version = publish(archive)
        Ordeal(server, archive).until(lambda ready: ready["model"]["version"] == version)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a disk of one and a half megabytes of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only root may mount a disk")
    made = subprocess.run([mount, "-t", "tmpfs", "-o", "size=1500k", "tmpfs", folder], check=False, capture_output=True)
    if made.returncode != 0:
        pytest.skip("this system mounts nothing, not even for root")
    try:
        yield folder
    finally:
        subprocess.run([str(shutil.which("umount")), folder], check=True)


def test_a_disk_that_fills_while_publishing(small_disk: Path, tmp_path: Path) -> None:
    """A publisher who fills the disk is told so; what was served goes on, nothing is left behind, and room helps."""
    archive = Archive(small_disk)
    first = good = publish(archive)
    with (
        running(archive.home, log=tmp_path / "log") as server,
        asking(server.port, Reference(archive), clients=4) as tally,
    ):
        with pytest.raises(ArchiveUnwritableError, match="the disk is full; free some space"):
            for seed in range(2, 20):
                good = publish(archive, seed=seed, promote=False)
        archive.promote(good)
        assert list((archive.home / "drafts").iterdir()) == []
        assert archive.current() == good
        for version in archive.versions():
            archive.verify(version)
        # One that was never current, and so is stated by no answer that is still to be checked.
        spare = next(version for version in archive.versions() if version not in {first, good})
        shutil.rmtree(archive.home / "versions" / spare)
        last = publish(archive, seed=30)
        Ordeal(server, archive).until(lambda ready: ready["model"]["version"] == last)
    assert (tally.lost, tally.cut, tally.wrong, set(tally.statuses)) == ([], 0, [], {200})


def test_two_publishers_at_once(tmp_path: Path) -> None:
    """Ten versions from two processes are all kept and all whole, and what is served is one of them, the current."""
    archive = Archive(tmp_path / "home")
    publish(archive)
    with (
        running(archive.home, log=tmp_path / "log") as server,
        asking(server.port, Reference(archive), clients=4) as tally,
    ):
        commands = [[sys.executable, "-c", PUBLISH, str(archive.home), seed] for seed in ("40", "50")]
        processes = [subprocess.Popen(command, cwd=PROJECT) for command in commands]
        assert [process.wait(60) for process in processes] == [0, 0]
        current = archive.require_current()
        Ordeal(server, archive).until(lambda ready: ready["model"]["version"] == current)
    for version in archive.versions():
        archive.verify(version)
    assert len(archive.versions()) == 11
    assert (tally.lost, tally.cut, tally.wrong, set(tally.statuses)) == ([], 0, [], {200})


def test_an_archive_that_vanishes(tmp_path: Path) -> None:
    """A disk that goes away takes nothing with it: old workers and new ones go on with what they had."""
    archive = Archive(tmp_path / "home")
    version = publish(archive)
    with running(archive.home, log=tmp_path / "log") as server:
        ordeal = Ordeal(server, archive)
        reference = Reference(archive)
        for question, body in enumerate(BODIES):
            assert reference.agrees(question, version, server.ask("POST", "/v1/assessments", body)[1])
        with asking(server.port, reference, clients=8) as tally:
            archive.home.rename(tmp_path / "elsewhere")
            ordeal.until(lambda ready: ready["refused"] is not None)
            ordeal.reload()
            ordeal.until(lambda ready: ready["refused"] is not None and ready["model"]["version"] == version)
            (tmp_path / "elsewhere").rename(archive.home)
            ordeal.until(lambda ready: ready["refused"] is None)
    assert (tally.lost, tally.cut, tally.wrong, set(tally.statuses)) == ([], 0, [], {200})
