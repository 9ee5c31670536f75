"""What the report says of the moves of a study: on claims put as questions, and beside reported numbers of men."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest

from model.report.material import Material
from model.report.moves import in_words, moves
from model.report.section import Section
from model.report.simulated import Both, every_move
from priors.moves import Known
from priors.study import Study
from priors.timeline import Window
from tests.report.conftest import Version
from tests.support.made_up import GARRISON, made_up


@pytest.fixture(scope="module")
def other_numbers(study: Study) -> Study:
    """Return the study with one move of which a number is not stated, and with numbers of men that fit or do not."""
    opens = study.timeline.window.start
    known = (
        Known(opens - timedelta(days=30), study.heads.all, "before the start"),
        Known(opens + timedelta(days=60), 1, "too few"),
        Known(opens + timedelta(days=2_000), 10**7, "too many, and after the end"),
    )
    militias = study.moves["militias"]
    unstated = dataclasses.replace(militias, numbers={"men": militias.numbers["men"]})
    strength = dataclasses.replace(study.strength, known=known)
    return dataclasses.replace(study, moves={**study.moves, "militias": unstated}, strength=strength)


@pytest.fixture(scope="module")
def told(version: Version, other_numbers: Study) -> Section:
    """Return the section."""
    found = moves(Material(version.tree, version.manifest, other_numbers))
    assert found is not None
    return found


def test_no_moves_no_section(garrison: Version) -> None:
    """A study that states no move has no such section."""
    assert moves(Material(garrison.tree, garrison.manifest, made_up(GARRISON))) is None


def test_every_move_is_told(told: Section, study: Study) -> None:
    """Each move of which all numbers are stated has its sentence and claims, and each number what it rests on."""
    stated = {name: move for name, move in study.moves.items() if name != "militias"}
    rows = told.content["moves"]
    assert [row["move"] for row in rows] == ["contagion", *stated]
    assert [(row["says"], tuple(row["claims"])) for row in rows[1:]] == [
        (move.says, tuple(move.claims)) for move in stated.values()
    ]
    assert all(row["interval"] and row["basis"] for row in rows)


def test_reported_numbers_are_placed(told: Section) -> None:
    """A reported number lies below, within or above what is simulated; one from before is held to the start."""
    first, *others = told.content["known"]
    assert first["places"] == ["within", "within"]
    assert [each["places"] for each in others] == [["below"] * 2, ["above"] * 2]
    assert told.content["held"] == [1, 1]


def test_claims_about_numbers_are_asked(told: Section, study: Study) -> None:
    """Each claim about how many leave is asked both ways, of at least as many as it turns on, and of one."""
    asked = {campaign["claim"]["id"]: campaign for campaign in told.content["campaigns"]}
    predictions = {each.id: each.prediction for each in study.claims.claims if each.prediction is not None}
    assert list(asked) == [name for name, each in predictions.items() if each["measure"] == "number of defections"]
    assert [row[0] for row in asked["K20"]["rows"]] == ["at least 30", "at least 1", "expected"]
    assert asked["S08"]["rows"][0][0] == "at least 11"


def test_both_courses_are_of_the_same_draws(version: Version, study: Study) -> None:
    """Differences are those of the means, and no move makes none."""
    material, window = Material(version.tree, version.manifest, study), Window(date(2012, 8, 3), date(2012, 9, 3))
    decisive = [study.vocabulary.alternatives({"rank": "officers"})]
    supposed = every_move(study, version.manifest, window.start)
    both = Both.of(material, supposed, window, decisive=decisive)
    before, after, change = both.expected()
    assert change["difference"] == pytest.approx(after - before, rel=1e-3)
    few, many = (both.at_least(least)[0]["probability"] for least in (1, 100))
    assert few >= many
    alike = Both.of(material, dataclasses.replace(supposed, contagion=None, others=()), window, decisive=decisive)
    assert alike.expected()[2] == {"difference": 0, "monte_carlo_error": 0}
    assert {move.name for move in supposed.others} == set(study.moves)


@pytest.mark.parametrize(
    ("before", "after", "parts"),
    [
        (0.2, 0.1, ("either way less likely than not", "make it less likely: -10 points (s.e. 1.0)")),
        (0.7, 0.9, ("either way likelier than not", "make it likelier: +20 points")),
        (0.6, 0.4, ("likelier than not only without them", "less likely")),
        (0.4, 0.6, ("likelier than not only with them", "likelier")),
        (0.4, 0.41, ("no more than chance may bring", "+1.0 points")),
    ],
)
def test_either_outcome_reads_right(before: float, after: float, parts: tuple[str, ...]) -> None:
    """The sentence says which side of even the probability is on, and what the moves make of it."""
    change = {"difference": after - before, "monte_carlo_error": 0.01}
    said = in_words(30, 1_000, {"probability": before}, {"probability": after}, change)
    assert all(part in said for part in parts)
