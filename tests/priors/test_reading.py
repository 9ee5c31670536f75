"""What is understood of a profile told in free text, and what is told of the rest."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priors.reading import LONGEST_NAME, MOST_UNKNOWN, read_profile
from priors.study import load_study
from tests.support.made_up import GARRISON, made_up

VOCABULARY = load_study().vocabulary


@pytest.mark.parametrize(
    ("text", "profile"),
    [
        ("lt col, sunni, Republican Guard", {"rank": "colonel", "sect": "sunni", "unit": "Republican Guard"}),
        ("an Alawi brig. gen. of the AFI", {"sect": "alawite", "rank": "brigadier", "unit": "Air Force Intelligence"}),
        ("sunni lieutenant colonel", {"sect": "sunni", "rank": "colonel"}),
        ("elite unit; inner circle / Druze", {"eliteness": "elite", "proximity": "trusted", "sect": "druze"}),
        ("elite, 4th Division", {"unit": "4th Division"}),
        ("", {}),
        (" - , unknown officer", {}),
    ],
)
def test_words_are_understood_in_any_order(text: str, profile: dict[str, str]) -> None:
    """Levels, synonyms and units are found among words that say nothing, the longest name first."""
    reading = read_profile(text, VOCABULARY)
    assert (reading.profile, reading.not_understood, reading.stated_twice) == (profile, (), ())


def test_what_all_who_serve_are_called_says_nothing() -> None:
    """The words of a study for everyone are passed over in its texts, and are strange in those of another."""
    assert read_profile("highlands, men of the garrison", made_up(GARRISON).vocabulary).not_understood == ()
    assert [word for word, _ in read_profile("men of the garrison", VOCABULARY).not_understood] == ["men", "garrison"]


@pytest.mark.parametrize("name", sorted(VOCABULARY.meanings))
def test_every_word_is_read_as_what_it_stands_for(name: str) -> None:
    """Each word of the vocabulary alone is its level or unit."""
    assert read_profile(name, VOCABULARY).profile == dict([VOCABULARY.meanings[name]])


def test_no_name_is_longer_than_is_looked_for() -> None:
    """Every level, synonym and unit has few enough words to be found."""
    names = [unit.name for unit in VOCABULARY.units] + [word for unit in VOCABULARY.units for word in unit.synonyms]
    names += [word for each in VOCABULARY.attributes for level in each.levels for word in (level.name, *level.synonyms)]
    assert max(len(name.replace("-", " ").split()) for name in names) <= LONGEST_NAME


def test_an_unknown_word_comes_with_the_nearest_name() -> None:
    """A misspelt word is told with the name that was meant, a strange one with none, the rest being understood."""
    reading = read_profile("brigadeer, alawite, qqqqqq", VOCABULARY)
    assert reading.profile == {"sect": "alawite"}
    assert reading.not_understood == (("brigadeer", "brigadier"), ("qqqqqq", None))


def test_what_is_stated_twice_is_told() -> None:
    """The first of two sects is taken, and a unit before an eliteness that it does not stand for."""
    reading = read_profile("sunni, alawite, ordinary, Republican Guard", VOCABULARY)
    assert reading.profile == {"sect": "sunni", "unit": "Republican Guard"}
    assert reading.stated_twice == ("sect", "eliteness")


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    """Whatever is written, what comes of it is a profile of the vocabulary and a few unknown words."""
    reading = read_profile(text, VOCABULARY)
    assert VOCABULARY.profile(reading.profile) is not None
    assert len(reading.not_understood) <= MOST_UNKNOWN
