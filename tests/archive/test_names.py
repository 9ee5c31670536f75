"""Names for versions: a version, the beginning of one, or a prior set."""

from __future__ import annotations

import pytest

from model.archive import Entry, VersionNameError, meant, of_prior_sets

OLD, POOLED, FAILED, NEW, FOREIGN = VERSIONS = (
    "20261120T090000Z-aaaaaa",
    "20261121T093000Z-bbbbbb",
    "20261121T094500Z-cccccc",
    "20261122T101010Z-dddddd",
    "20261123T101010Z-eeeeee",
)
ENTRIES = (
    Entry(OLD, "stratfor", "syria", "", passed=True),
    Entry(POOLED, "pooled", "syria", "", passed=True),
    Entry(FAILED, "pooled", "syria", "", passed=False),
    Entry(NEW, "stratfor", "syria", "", passed=True),
    Entry(FOREIGN, "pooled", "us-army-1861", "", passed=True),
)


def asked(name: str, *, current: str | None = POOLED, study: str | None = "syria") -> tuple[str, ...]:
    """Return what a name means."""
    return meant(name, VERSIONS, lambda: of_prior_sets(ENTRIES, current=current, study=study))


def test_a_version_and_its_beginning_name_it() -> None:
    """A whole name, or so much of it as no other begins with, is that version, passed or not and of any study."""
    assert asked(FAILED) == asked("20261121T0945") == (FAILED,)
    assert asked("20261123") == (FOREIGN,)


def test_a_beginning_of_several_is_refused_with_all_of_them() -> None:
    """The error names the versions that begin so, newest first."""
    with pytest.raises(VersionNameError, match="one version only") as caught:
        asked("20261121")
    assert caught.value.nearest == (FAILED, POOLED)


def test_too_short_a_beginning_names_nothing() -> None:
    """Less than a year is no beginning, though a version does begin so."""
    with pytest.raises(VersionNameError):
        asked("202")


def test_a_prior_set_is_its_newest_version_that_passed() -> None:
    """Of the study asked; the older ones follow, for whoever cannot use the newest."""
    assert asked("stratfor") == (NEW, OLD)
    assert asked("pooled", study="us-army-1861", current=None) == (FOREIGN,)
    assert asked("pooled", study=None, current=None) == (FOREIGN, POOLED)


def test_the_current_version_comes_first_in_its_prior_set() -> None:
    """What an operator made current stands for its prior set, though a newer one passed and though it did not."""
    assert asked("stratfor", current=OLD) == (OLD, NEW)
    assert asked("pooled", current=FAILED) == (FAILED, POOLED)


def test_what_supposes_something_otherwise_comes_last_in_its_prior_set() -> None:
    """A fit without a claim, though newer, does not stand for its prior set where one with all of them does."""
    supposed = Entry.of({
        "version": NEW, "prior_set": "stratfor", "study": {"name": "syria"}, "created": "", "passed": True,
        "refit": ["--without", "S02"],
    })  # fmt: skip
    found = of_prior_sets([*ENTRIES[:3], supposed], current=POOLED, study="syria")
    assert found["stratfor"] == (OLD, NEW)


def test_a_name_that_none_has_is_answered_with_the_nearest() -> None:
    """A misspelt prior set gets the one that is near; anything else all of them and the newest versions."""
    with pytest.raises(VersionNameError) as caught:
        asked("stratfr")
    assert caught.value.nearest == ("stratfor",)
    with pytest.raises(VersionNameError, match="must be `current`, a version that is kept") as caught:
        asked("20200101T000000Z-000000")
    assert caught.value.nearest == ("stratfor", "pooled", FOREIGN, NEW, FAILED)


def test_an_empty_archive_has_no_names() -> None:
    """Where nothing is kept the error says so."""
    with pytest.raises(VersionNameError, match="none is kept yet"):
        meant("pooled", (), dict)
