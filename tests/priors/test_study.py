"""A study: found by name or folder, read as a whole, known by the digest of its files."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from priors.cases import Role
from priors.errors import UnknownStudyError
from priors.moves import NUMBERS, Spreading, Strength
from priors.study import EVIDENCE, FILES, STUDIES, TEMPLATE, Study, load_study, read_files, study_folder, study_names
from tests.support.made_up import FLEET, GARRISON, made_up
from tests.support.made_up import STUDIES as MADE_UP
from tests.support.rewritten import rewritten, written

EVERY = [*(STUDIES / name for name in study_names()), TEMPLATE, MADE_UP / GARRISON, MADE_UP / FLEET]


@pytest.mark.parametrize("folder", EVERY, ids=lambda folder: folder.name)
def test_every_study_of_the_project_is_sound(folder: Path) -> None:
    """Those that come with the project, the template and the made-up ones break no rule."""
    study = load_study(folder)
    assert study.name == folder.name
    assert tuple(study.files)[: len(FILES)] == FILES


@pytest.mark.parametrize("folder", EVERY, ids=lambda folder: folder.name)
def test_cases_moves_and_profiles_speak_the_words_of_their_study(folder: Path) -> None:
    """What a study asks is of its own attributes, claims and days; what reports show states every attribute."""
    study = load_study(folder)
    ids, quantities = ({each.id for each in study.claims.claims}, {each.name for each in study.claims.quantities})
    for case in study.cases:
        assert study.vocabulary.profile(case.profile)
        assert study.timeline.window.start <= case.by < study.timeline.window.end
        assert set(case.claims) <= ids
    assert all(tuple(profile) == study.vocabulary.names for profile in study.profiles.values())
    assert {claim for move in study.moves.values() for claim in move.claims} <= ids
    assert all(study.vocabulary.agreeing(move.of).any() for move in study.moves.values())
    assert {*study.topics.values(), *(role.quantity for role in study.roles.values())} <= quantities


def test_behind_contagion_stand_the_claims_on_its_quantity(study: Study) -> None:
    """Claims on the quantity of contagion are found, those behind the other moves are those listed."""
    assert study.spreading.claims == tuple(
        each.id for each in study.claims.claims if "contagion_ratio" in each.bears_on
    )
    assert study.spreading.services == {"eliteness": ["favoured", "elite"]}
    assert study.moves["punish"].claims == ("K09", "K10", "K11", "S09")
    assert study.moves["offers"].claims == ("K13", "K30")


def test_every_move_of_syria_has_its_numbers_and_says_what_they_rest_on(study: Study) -> None:
    """No number of a move needs to be typed: each is elicited, on the scale that the move has it on, with a source."""
    assert list(study.moves) == list(NUMBERS)
    for name, move in study.moves.items():
        assert {number: told.scale for number, told in move.numbers.items()} == NUMBERS[name]
        assert move.says
        assert all(told.source for told in move.numbers.values())


def test_a_move_says_whom_it_falls_on_and_when_it_begins() -> None:
    """Alternatives, what those who come are like, and a first day are read as they stand; what is left out is open."""
    moves = made_up(FLEET).moves
    assert moves["purge"].of == {"home": ["abroad", "isles"], "station": ["hand"]}
    assert moves["purge"].replaced_by == {"home": "mainland"}
    assert (moves["militias"].start, [*moves["militias"].numbers]) == (date(1790, 4, 1), ["men"])
    assert (moves["punish"].of, moves["punish"].start, moves["punish"].above) == ({}, None, None)


def test_a_study_may_leave_out_all_that_is_optional() -> None:
    """Without moves, strength, roles, topics and cases a study is sound, and has none of them."""
    study = made_up(GARRISON)
    assert (study.moves, study.spreading, study.strength) == ({}, Spreading(), Strength())
    assert study.decisive_widened == ()
    assert (study.roles, study.topics, study.cases) == ({}, {}, ())
    assert study.decisive == ({"grade": ["ensign"]},)


def test_a_role_may_be_one_over_a_quantity(study: Study) -> None:
    """A ratio that a study states the other way round stands for a role as one over it."""
    assert study.roles["out-group to in-group"] == Role("alawite_ratio", inverse=True)
    assert not study.roles["span of rank"].inverse


def test_a_study_is_named_by_its_folder(tmp_path: Path) -> None:
    """A folder given by a way round, or one in another place, is called as the folder itself is."""
    folder = written(tmp_path / "my own", rewritten(GARRISON))
    assert load_study(folder / ".." / "my own").summary == load_study(folder).summary
    assert load_study(folder).name == "my own"


def test_the_default_is_one_that_comes_with_the_project(study: Study) -> None:
    """Where no study is named, one is taken that is listed."""
    assert study.name in study_names()
    assert study_folder(study.name).parent == STUDIES


@pytest.mark.parametrize("named", ["siria", "nowhere/at all", ""])
def test_a_study_that_there_is_not_is_refused_with_the_nearest(named: str, tmp_path: Path) -> None:
    """A name that none has, and a path that is no folder, are told with the studies that there are."""
    with pytest.raises(UnknownStudyError, match=r"there is no study and no folder .*nearest: .*syria"):
        load_study(named or tmp_path / "missing")


def test_a_digest_is_that_of_every_byte() -> None:
    """Any change to any of the five files gives another digest; the same files, wherever they lie, give the same."""
    files = read_files(MADE_UP / GARRISON)
    parts = [f"{name} {hashlib.sha256(files[name]).hexdigest()}" for name in FILES]
    assert made_up(GARRISON).digest == hashlib.sha256("\n".join(parts).encode()).hexdigest()
    assert EVIDENCE in FILES
