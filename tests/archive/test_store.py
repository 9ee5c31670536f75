"""Publishing, promoting and reading versions."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Barrier, Thread

import pytest

from model.archive import (
    Archive,
    DamagedVersionError,
    NoCurrentVersionError,
    UnknownVersionError,
    UnsafeNameError,
)
from model.archive.manifest import FORMAT

ROOT = Path(__file__).parents[2]
Publish = Callable[..., str]


def test_read_returns_what_was_written(archive: Archive, publish: Publish) -> None:
    """A published file reads back byte for byte, and the version verifies."""
    version = publish("some table")
    archive.verify(version)
    assert archive.read(version, "risk_table.npz") == b"some table"


def test_manifest_says_what_the_publisher_said_and_more(archive: Archive, publish: Publish) -> None:
    """The manifest keeps the publisher's fields and adds format, version, time, files and digest."""
    version = publish("t", checks={"r_hat": 1.003, "passed": True}, shape=(6, 8))
    manifest = archive.manifest(version)
    assert manifest["prior_set"] == "pooled"
    assert manifest["checks"] == {"r_hat": 1.003, "passed": True}
    assert manifest["shape"] == [6, 8]
    assert manifest["format"] == FORMAT
    assert manifest["version"] == version
    assert manifest["created"] == "2026-11-21T09:30:00Z"
    assert manifest["files"]["risk_table.npz"]["bytes"] == 1
    assert set(manifest["files"]) == {"risk_table.npz", "model_card.md"}


def test_a_draft_has_its_name_before_it_is_published(archive: Archive) -> None:
    """A version is named by the UTC time and six digits when it is begun, so that its own files can state the name."""
    with archive.draft() as draft:
        assert re.fullmatch(r"20261121T093000Z-[0-9a-f]{6}", draft.version)
        (draft.path / "report.html").write_text(draft.version)
        assert draft.publish({}) == draft.version
    assert archive.read(draft.version, "report.html") == draft.version.encode()
    assert draft.named.items() <= archive.manifest(draft.version).items()


def test_time_of_another_zone_is_named_in_utc(tmp_path: Path) -> None:
    """A clock in another zone names the same moment in UTC."""
    damascus = timezone(timedelta(hours=3))
    archive = Archive(tmp_path, clock=lambda: datetime(2026, 11, 21, 1, 0, tzinfo=damascus))
    with archive.draft() as draft:
        assert draft.publish({}).startswith("20261120T220000Z-")


def test_versions_are_listed_oldest_first(archive: Archive) -> None:
    """Versions are listed in the order of their times, whatever the order they were published in."""
    published = []
    for day in (3, 1, 2):
        later = replace(archive, clock=lambda day=day: datetime(2026, 1, day, tzinfo=UTC))  # type: ignore[misc]
        with later.draft() as draft:
            published.append(draft.publish({}))
    assert archive.versions() == tuple(sorted(published))


def test_an_archive_without_a_home_is_empty(archive: Archive) -> None:
    """Looking into an archive that does not exist finds nothing and creates nothing."""
    assert archive.versions() == ()
    assert archive.current() is None
    with pytest.raises(NoCurrentVersionError, match="refit"):
        archive.require_current()
    assert not archive.home.exists()


def test_promote_makes_current_and_can_roll_back(archive: Archive, publish: Publish) -> None:
    """Publishing alone changes nothing that is served; promoting does, forwards and backwards."""
    old, new = publish("old"), publish("new")
    assert archive.current() is None
    for version in (old, new, old):
        archive.promote(version)
        assert archive.require_current() == version
    assert (archive.home / "current").read_text() == f"{old}\n"
    assert not (archive.home / "current").is_symlink()
    assert list((archive.home / "drafts").iterdir()) == []


def test_a_damaged_version_is_not_promoted(archive: Archive, publish: Publish) -> None:
    """Promoting a damaged version is refused and leaves the current one current."""
    good, bad = publish("good"), publish("bad")
    archive.promote(good)
    (archive.home / "versions" / bad / "risk_table.npz").write_text("bat")
    with pytest.raises(DamagedVersionError, match=r"risk_table\.npz"):
        archive.promote(bad)
    assert archive.current() == good


def test_a_draft_left_unpublished_is_gone(archive: Archive) -> None:
    """A draft that ends without being published, by an error or not, leaves nothing."""
    with archive.draft() as draft:
        (draft.path / "risk_table.npz").write_text("half")
    with pytest.raises(KeyboardInterrupt), archive.draft() as draft:
        (draft.path / "risk_table.npz").write_text("half")
        raise KeyboardInterrupt
    assert archive.versions() == ()
    assert list((archive.home / "drafts").iterdir()) == []


def test_a_version_stays_though_its_draft_ends_in_an_error(archive: Archive) -> None:
    """What goes wrong after publishing does not take the version back."""
    with pytest.raises(RuntimeError, match="afterwards"), archive.draft() as draft:
        version = draft.publish({})
        raise RuntimeError("afterwards")
    archive.verify(version)


def test_a_draft_is_published_once(archive: Archive) -> None:
    """A draft cannot become two versions."""
    with archive.draft() as draft:
        draft.publish({})
        with pytest.raises(ValueError, match="already"):
            draft.publish({})


def test_a_version_can_be_read_by_another_user(archive: Archive, publish: Publish) -> None:
    """A version's folder and `current` are readable by users other than the one who published."""
    version = publish()
    archive.promote(version)
    assert (archive.home / "versions" / version).stat().st_mode & 0o777 == 0o755
    assert (archive.home / "current").stat().st_mode & 0o777 == 0o644


def test_twins_of_one_second_are_both_kept(archive: Archive, publish: Publish) -> None:
    """Versions that agree in content and time are still two versions, both whole."""
    twins = {publish(), publish(), publish()}
    assert set(archive.versions()) == twins
    assert len(twins) == 3
    for version in twins:
        archive.verify(version)


def test_publishers_at_once_lose_nothing(archive: Archive, publish: Publish) -> None:
    """Threads that publish the same thing at the same moment each get a version of their own."""
    together = Barrier(8)
    versions: list[str] = []

    def work() -> None:
        together.wait()
        version = publish()
        archive.promote(version)
        versions.append(version)

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(versions)) == 8
    assert set(archive.versions()) == set(versions)
    for version in versions:
        archive.verify(version)
    assert archive.current() in versions


def test_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    """Processes that publish at the same time each get versions of their own."""
    program = (
        "import sys; from pathlib import Path; from model.archive import Archive\n"
        "for _ in range(5):\n"
        "    with Archive(Path(sys.argv[1])).draft() as draft:\n"
        "        (draft.path / 'risk_table.npz').write_text('t'); print(draft.publish({}))\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    publishers = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    printed = [name for publisher in publishers for name in publisher.communicate(timeout=60)[0].split()]
    archive = Archive(tmp_path)
    assert len(set(printed)) == 15
    assert set(archive.versions()) == set(printed)
    for version in printed:
        archive.verify(version)


def test_an_unknown_version_names_the_newest(archive: Archive, publish: Publish) -> None:
    """Asking for a version that is not there names the newest that are."""
    with pytest.raises(UnknownVersionError, match="none yet"):
        archive.manifest("20200101T000000Z-000000")
    version = publish()
    with pytest.raises(UnknownVersionError, match=version):
        archive.promote("20200101T000000Z-000000")


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../current", "a/b", "/etc/passwd", "20261121T093000Z-3f9a1c/", "20261121T093000Z-3F9A1C",
     "20261121T093000Z-3f9a1c\n", "20261121T093000Z-3f9a1c\0", "٢0261121T093000Z-3f9a1c", "a\\b"],
)  # fmt: skip
def test_unsafe_version_names_are_refused(archive: Archive, publish: Publish, name: str) -> None:
    """A name that does not look like a version is refused by everything that takes one, and never repeated."""
    publish()
    for ask in (archive.manifest, archive.verify, archive.promote, lambda name: archive.read(name, "model_card.md")):
        with pytest.raises(UnsafeNameError, match=r"^version: must look like 20261121T093000Z-3f9a1c$"):
            ask(name)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../../current", "a/b", "/etc/passwd", "a\\b", "a\0", "manifest.json", ".hidden", "n\n"]
)
def test_unsafe_file_names_are_refused(archive: Archive, publish: Publish, name: str) -> None:
    """A file name that could lead elsewhere is refused before anything is opened."""
    with pytest.raises(UnsafeNameError, match=r"^file: must be"):
        archive.read(publish(), name)


def test_a_file_not_in_the_manifest_is_not_read(archive: Archive, publish: Publish) -> None:
    """A file that was put into a version later is not read, and does not harm it."""
    version = publish()
    (archive.home / "versions" / version / "report.html").write_text("not published")
    with pytest.raises(UnsafeNameError, match=r"holds model_card\.md, risk_table\.npz"):
        archive.read(version, "report.html")
    archive.verify(version)


def test_a_draft_holds_plain_files_only(archive: Archive, tmp_path: Path) -> None:
    """Folders, links and odd names in a draft are refused and nothing is published."""
    outside = tmp_path / "outside"
    outside.write_text("secret")
    spoils: tuple[Callable[[Path], object], ...] = (
        lambda path: (path / "folder").mkdir(),
        lambda path: (path / "link").symlink_to(outside),
        lambda path: (path / "odd name").write_text("x"),
        lambda path: (path / "manifest.json").write_text("{}"),
    )
    for spoil in spoils:
        with pytest.raises(UnsafeNameError), archive.draft() as draft:
            spoil(draft.path)
            draft.publish({})
    assert archive.versions() == ()
    assert outside.read_text() == "secret"


@pytest.mark.parametrize(
    ("fields", "error"), [({"version": "mine"}, ValueError), ({"x": float("nan")}, ValueError), ({"x": {1}}, TypeError)]
)
def test_a_manifest_that_json_or_the_archive_forbids_is_refused(
    archive: Archive, fields: dict[str, object], error: type[Exception]
) -> None:
    """Fields that the archive writes itself, or that JSON cannot hold, are refused and nothing is published."""
    with pytest.raises(error), archive.draft() as draft:
        draft.publish(fields)
    assert archive.versions() == ()


def test_the_archive_needs_the_standard_library_only() -> None:
    """Importing the archive in a fresh interpreter brings in nothing that is not in the standard library."""
    program = (
        "import sys; before = set(sys.modules); import model.archive\n"
        "print(*{name.split('.')[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["model"]
