"""How a word is matched to a level, and a profile to a cell."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priors.errors import ContradictoryProfileError, UnknownWordError
from priors.study import load_study
from tests.support.made_up import FLEET, GARRISON, made_up
from tests.support.syria import ATTRIBUTES

VOCABULARY = load_study().vocabulary
LEVEL_WORDS = [
    (attribute.name, word, level.name)
    for attribute in VOCABULARY.attributes
    for level in attribute.levels
    for word in (level.name, *level.synonyms)
]
UNIT_WORDS = [(word, unit.level) for unit in VOCABULARY.units for word in (unit.name, *unit.synonyms)]

filler = st.text(" -.'’_\t", max_size=3)


@st.composite
def respelled(draw: st.DrawFn, word: str) -> str:
    """Return a word in any case, with spaces, hyphens, stops and apostrophes strewn in."""
    letters = [draw(st.sampled_from([letter.upper(), letter.lower()])) + draw(filler) for letter in word]
    return draw(filler) + "".join(letters)


@settings(deadline=None, derandomize=True)
@given(data=st.data(), case=st.sampled_from(LEVEL_WORDS))
def test_any_spelling_finds_its_level(data: st.DataObject, case: tuple[str, str, str]) -> None:
    """A level or synonym is found whatever its case, spaces, hyphens, stops and apostrophes."""
    attribute, word, level = case
    assert VOCABULARY.level(attribute, data.draw(respelled(word))) == level


@settings(deadline=None, derandomize=True)
@given(data=st.data(), case=st.sampled_from(UNIT_WORDS))
def test_any_spelling_finds_its_unit(data: st.DataObject, case: tuple[str, str]) -> None:
    """A unit's name or synonym gives the unit's eliteness, however it is written."""
    word, eliteness = case
    assert VOCABULARY.profile({"unit": data.draw(respelled(word))}) == {"eliteness": eliteness}


@pytest.mark.parametrize(("attribute", "word", "level"), LEVEL_WORDS)
def test_every_word_stands_for_its_level(attribute: str, word: str, level: str) -> None:
    """Each level is found by its name and by each of its synonyms, as they are written."""
    assert VOCABULARY.level(attribute, word) == level


def test_a_word_belongs_to_one_attribute() -> None:
    """No word, name of a unit or name of a group stands for two things."""
    words = Counter(word for attribute in VOCABULARY.attributes for word in attribute.words)
    words.update(list(VOCABULARY.unit_words))
    words.update(group.name for attribute in VOCABULARY.attributes for group in attribute.groups)
    assert [word for word, times in words.items() if times > 1] == []


@pytest.mark.parametrize(
    ("attribute", "word", "nearest"),
    [
        ("sect", "alawit", "alawite"),
        ("sect", "Suni", "sunni"),
        ("rank", "colonnel", "colonel"),
        ("rank", "lieutenent", "lieutenant"),
        ("eliteness", "elit", "elite"),
        ("proximity", "trustd circle", "trusted"),
        ("unit", "4th Divison", "4th Division"),
        ("unit", "Republican Gard", "Republican Guard"),
    ],
)
def test_an_unknown_word_is_refused_with_the_nearest(attribute: str, word: str, nearest: str) -> None:
    """A misspelt word is refused, and the error carries its field and the word that was meant, first."""
    with pytest.raises(UnknownWordError) as caught:
        VOCABULARY.profile({attribute: word})
    assert caught.value.field == attribute
    assert caught.value.nearest[0] == nearest


@pytest.mark.parametrize("attribute", [*ATTRIBUTES, "unit"])
@pytest.mark.parametrize("word", ["", "%%%", "zzzzzzzzzz", "x" * 1_000_000])
def test_a_word_like_no_other_is_told_all_there_are(attribute: str, word: str) -> None:
    """Where no word is near, the error offers every level, or every unit, and does not repeat the word."""
    known = [unit.name for unit in VOCABULARY.units] if attribute == "unit" else VOCABULARY[attribute].names
    with pytest.raises(UnknownWordError) as caught:
        VOCABULARY.profile({attribute: word})
    assert list(caught.value.nearest) == list(known)
    assert str(caught.value) == f"{attribute}: not a word of the vocabulary; nearest: {', '.join(known)}"


def test_groups_stand_for_their_levels() -> None:
    """`officers` and `enlisted` are the ranks between them, and any other word is a group of one."""
    enlisted, officers = VOCABULARY.levels("rank", "Enlisted"), VOCABULARY.levels("rank", " officers.")
    assert enlisted == ("conscript", "nco")
    assert enlisted + officers == VOCABULARY["rank"].names
    assert VOCABULARY.levels("rank", "Lt. Col.") == ("colonel",)


def test_a_group_is_not_a_level() -> None:
    """A profile has one rank: the name of a group is refused in it."""
    with pytest.raises(UnknownWordError):
        VOCABULARY.profile({"rank": "officers"})


def test_a_unit_may_repeat_the_eliteness() -> None:
    """A unit and an eliteness that agree are one, and the profile keeps the order of the attributes."""
    profile = VOCABULARY.profile({"unit": "fourth division", "eliteness": "Elite", "sect": "alawi"})
    assert list(profile.items()) == [("sect", "alawite"), ("eliteness", "elite")]


def test_a_unit_may_not_contradict_the_eliteness() -> None:
    """A unit of another eliteness than the one stated is refused."""
    with pytest.raises(ContradictoryProfileError, match=r"^unit: stands for eliteness elite"):
        VOCABULARY.profile({"unit": "Republican Guard", "eliteness": "ordinary"})


def test_a_cell_is_the_inverse_of_the_cells() -> None:
    """Each of the 576 complete profiles has the index at which the cells list it."""
    assert VOCABULARY.shape == (6, 8, 3, 4)
    assert len(VOCABULARY.cells) == 576
    for index, cell in enumerate(VOCABULARY.cells):
        assert VOCABULARY.cell(dict(zip(ATTRIBUTES, cell, strict=True))) == index


def test_every_level_says_what_it_means_and_who_says_so() -> None:
    """No level lacks its definition, its source or a synonym."""
    for attribute in VOCABULARY.attributes:
        assert attribute.reference in attribute.names
        for level in attribute.levels:
            assert level.definition
            assert level.source
            assert level.synonyms


def test_a_study_without_units_has_no_member_for_them() -> None:
    """Where no unit is named, a profile is stated by the attributes alone, and the word `unit` is passed over."""
    vocabulary = made_up(GARRISON).vocabulary
    assert (vocabulary.unit_attribute, vocabulary.members) == (None, ("origin", "grade"))
    assert vocabulary.profile({"unit": "Field Army", "origin": "lowlands"}) == {"origin": "plain"}


def test_what_is_not_stated_of_a_level_follows_from_its_name() -> None:
    """A level is called by its name and several by an s after it; an attribute stands in brackets after the noun."""
    fleet = made_up(FLEET).vocabulary
    assert (fleet["station"]["mate"].called, fleet["station"]["mate"].plural) == ("mate", "mates")
    assert fleet["home"]["isles"].called == "island"
    assert (fleet["ship"].reads, fleet["pay"].reads) == ("of a {}", "({} by pay)")
    (warranted,) = fleet["station"].groups
    assert (warranted.name, warranted.called, warranted.levels) == ("warranted", "warranted men", ("mate", "master"))


def test_the_first_attribute_is_the_community() -> None:
    """The attribute that divides the forces is the first, whatever it is called."""
    assert [made_up(name).vocabulary.community.name for name in (GARRISON, FLEET)] == ["origin", "home"]
