"""What may be supposed otherwise, and what rows become of it."""

from __future__ import annotations

from typing import Any

import pytest

from model.evidence.reading import bundled_evidence
from model.evidence.rows import EvidenceRow
from model.what_if.changes import Changes
from model.what_if.command import refit_command
from model.what_if.errors import ChangeError
from priors.study import Study

LIST = ("E18", "E19", "E20", "E21")


@pytest.fixture(scope="module")
def rows(study: Study) -> tuple[EvidenceRow, ...]:
    """Return the study's own evidence."""
    return bundled_evidence(study)


def test_nothing_supposed_is_nothing_changed(study: Study, rows: tuple[EvidenceRow, ...]) -> None:
    """Without a change the rows are those that were given, and no option of `refit` is wanted."""
    nothing = Changes.of(study, rows)
    assert not nothing
    assert nothing.altered(rows) == rows
    assert nothing.options == ()


def test_a_row_of_a_list_strikes_the_list(study: Study, rows: tuple[EvidenceRow, ...]) -> None:
    """A list is one report: who strikes a row of it, or weighs one, does so with all of them."""
    found = Changes.of(study, rows, without_rows=["E19"], weights={"E11": 0.5})
    assert found.without_rows == LIST
    altered = {row.id: row for row in found.altered(rows)}
    assert not set(LIST) & set(altered)
    assert {row.id for row in altered.values() if row.weight == 0.5} == {"E11", "E12", "E13", "E14"}


def test_bounds_move_one_at_a_time_or_both(study: Study, rows: tuple[EvidenceRow, ...]) -> None:
    """A bound that is not stated stays as it was."""
    found = Changes.of(study, rows, bounds={"E03": (None, 300), "E22": (20, 90)})
    altered = {row.id: row for row in found.altered(rows)}
    assert (altered["E03"].count_low, altered["E03"].count_high) == (3, 300)
    assert (altered["E22"].count_low, altered["E22"].count_high) == (20, 90)
    assert found.as_dict()["bounds"] == {"E03": {"high": 300}, "E22": {"low": 20, "high": 90}}


@pytest.mark.parametrize(
    ("asked", "place", "nearest"),
    [
        ({"without_claims": ["K177"]}, ("without_claims",), "K17"),
        ({"without_rows": ["E99"]}, ("without_rows",), "E09"),
        ({"weights": {"strafor": 2}}, ("weights",), "stratfor"),
        ({"weights": {"stratfor": 11}}, ("weights", "stratfor"), "10"),
        ({"weights": {"stratfor": float("nan")}}, ("weights", "stratfor"), "10"),
        ({"weights": {"E03": -1}}, ("weights", "E03"), "0"),
        ({"weights": {"E18": 1, "E19": 2}}, ("weights", "E19"), "1"),
        ({"bounds": {"E03": (3, 2)}}, ("bounds", "E03", "high"), "3"),
        ({"bounds": {"E03": (2.5, None)}}, ("bounds", "E03", "low"), "2"),
        ({"bounds": {"E03": (float("inf"), None)}}, ("bounds", "E03", "low"), "0"),
        ({"bounds": {"E03": (-1, None)}}, ("bounds", "E03", "low"), "0"),
        ({"bounds": {"E05": (None, 39)}}, ("bounds", "E05", "high"), "38"),
        ({"bounds": {"E15": (0.0, None)}}, ("bounds", "E15", "low"), "1e-06"),
    ],
    ids=str,
)
def test_what_cannot_be_supposed_is_told_with_the_nearest(
    study: Study, rows: tuple[EvidenceRow, ...], asked: dict[str, Any], place: tuple[str, ...], nearest: str
) -> None:
    """A name that there is not, or a value that is not allowed, is refused by its place and the nearest valid one."""
    with pytest.raises(ChangeError) as caught:
        Changes.of(study, rows, **asked)
    assert caught.value.place == place
    assert nearest in caught.value.nearest


def test_counts_of_a_list_must_still_add_up(study: Study, rows: tuple[EvidenceRow, ...]) -> None:
    """A bound that makes the rows of a list exceed their total is refused."""
    with pytest.raises(ChangeError, match="add up to at least"):
        Changes.of(study, rows, bounds={"E18": (20, 20)})


def test_the_command_makes_the_same_changes(study: Study, rows: tuple[EvidenceRow, ...]) -> None:
    """The command repeats how a version was made, states every change, and quotes what a shell would take apart."""
    found = Changes.of(
        study,
        rows,
        without_claims=["S02", "K17"],
        without_rows=["E03"],
        weights={"stratfor": 2, "E22": 0.5},
        bounds={"E25": (None, 1000)},
    )
    manifest = {"study": {"name": "my army"}, "prior_set": "pooled", "refit": ["--evidence", "FILE"]}
    assert refit_command(manifest, found) == (
        "defection-risk --study 'my army' refit --priors pooled --evidence FILE --without K17 --without S02 "
        "--without-row E03 --weight stratfor=2 --weight E22=0.5 --bound E25=:1000 --no-promote"
    )
