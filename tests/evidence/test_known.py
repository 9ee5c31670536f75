"""What was known on a day, by the days on which rows were published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from model.evidence.errors import InvalidFileError
from model.evidence.known import AsOf, hindsight, known_by, known_on, told
from model.evidence.officers import read_officers
from model.evidence.reading import bundled_evidence, read_evidence
from model.evidence.rows import group_rows
from priors.study import Study, load_study, study_names
from priors.vocabulary import Vocabulary
from tests.support.made_up import FLEET, GARRISON, made_up

Write = Callable[..., Path]

DATED = {"kind": "timing", "total_low": "31", "total_high": "31"}
EVE_OF_ALEPPO = date(2012, 8, 3)


def test_a_row_is_known_from_its_day_on(evidence: Write, vocabulary: Vocabulary) -> None:
    """The day of publication itself is a day on which a row is known, and the day before is not."""
    (row,) = read_evidence([evidence({"published_on": "2012-08-06"})], vocabulary)
    assert row.published_on == date(2012, 8, 6)
    assert row.as_dict()["published_on"] == "2012-08-06"
    assert known_by([row], date(2012, 8, 5)) == ()
    assert known_by([row], date(2012, 8, 6)) == (row,)


def test_a_row_without_a_day_is_known_on_none(evidence: Write, vocabulary: Vocabulary) -> None:
    """Nobody can say that a row was known by a day if nobody says when it was published."""
    (row,) = read_evidence([evidence({"published_on": ""})], vocabulary)
    assert (row.published_on, row.as_dict()["published_on"]) == (None, None)
    assert known_by([row], date.max) == ()


def test_rows_of_a_list_are_known_together(evidence: Write, vocabulary: Vocabulary) -> None:
    """A list has one total, which is known with the last of its rows; with one undated row it never is."""
    parts = [
        DATED | {"id": "A", "window_to": "2012-01-01", "published_on": "2012-01-01"},
        DATED | {"id": "B", "window_from": "2012-01-01", "window_to": "2012-06-01", "published_on": "2012-06-09"},
    ]
    rows = read_evidence([evidence(*parts)], vocabulary)
    assert known_on(rows) == {"A": date(2012, 6, 9), "B": date(2012, 6, 9)}
    assert known_by(rows, date(2012, 6, 8)) == ()
    undated = read_evidence([evidence(parts[0], parts[1] | {"published_on": ""}, name="undated.csv")], vocabulary)
    assert known_on(undated) == {"A": None, "B": None}


def test_a_count_is_not_known_before_it_is_over(evidence: Write, vocabulary: Vocabulary) -> None:
    """Who left in a window is known on its last day at the earliest; who serves may be known before."""
    with pytest.raises(InvalidFileError) as caught:
        read_evidence([evidence({"published_on": "2012-03-14"})], vocabulary)
    (problem,) = caught.value.problems
    assert (problem.column, problem.nearest) == ("published_on", ("2012-03-15",))
    assert problem.rule == "must not be before window_to: who left by then could not be known yet"
    share = {"kind": "corps_composition", "attribute": "sect=sunni", "sect": "", "published_on": "2001-01-01"}
    assert len(read_evidence([evidence({"published_on": "2012-03-15"}, share | {"id": "A2"})], vocabulary)) == 2


@pytest.mark.parametrize("text", ["2012-02-30", "August 2012", "2012"])
def test_a_day_of_publication_is_a_day(evidence: Write, vocabulary: Vocabulary, text: str) -> None:
    """A month or a year is written as its last day, never as itself."""
    with pytest.raises(InvalidFileError, match=r"published_on: must be a day written YYYY-MM-DD"):
        read_evidence([evidence({"published_on": text})], vocabulary)


@pytest.mark.parametrize("name", [*study_names(), GARRISON, FLEET])
def test_more_is_known_as_days_go_by(name: str) -> None:
    """Whatever is known on a day is known ever after, and a list is known whole or not at all."""
    study = made_up(name) if name in {GARRISON, FLEET} else load_study(name)
    rows = bundled_evidence(study)
    before: set[str] = set()
    for day in sorted({row.published_on for row in rows if row.published_on}):
        known = {row.id for row in known_by(rows, day)}
        assert before <= known
        before = known
        for group in group_rows(rows):
            assert len({row.id in known for row in group.rows}) == 1


def test_what_the_study_knew_when_stratfor_wrote(study: Study) -> None:
    """On 3 August 2012 no row was known as it stands; the list of generals was, with its total, three days later."""
    rows = bundled_evidence(study)
    assert known_by(rows, EVE_OF_ALEPPO) == ()
    assert [row.id for row in known_by(rows, EVE_OF_ALEPPO + timedelta(days=3))] == ["E18", "E19", "E20", "E21"]
    assert all(row.published_on for row in rows)


def test_a_version_says_what_it_did_not_know(evidence: Write, study: Study) -> None:
    """What was known, what was not, what nobody dates, and who wrote later is told in so many words."""
    days = {"A": "2012-08-06", "B": "2012-09-30", "C": ""}
    rows = read_evidence(
        [evidence(*({"id": name, "published_on": day} for name, day in days.items()))], study.vocabulary
    )
    known = AsOf.of(rows, date(2012, 8, 31))
    assert [row.id for row in known.known] == ["A"]
    said = known.as_dict(study, "pooled")
    assert said == {"day": "2012-08-31", "left_out": ["B", "C"], "undated": ["C"], "hindsight": ["al-kattan"]}
    assert told(said) == (
        "only what was known on 2012-08-31; rows left out: B, C; of these, without a day of publication: C; "
        "in hindsight, since younger than that day: the article of al-kattan"
    )
    assert told(known.as_dict(study, "stratfor")).endswith("publication: C")


@pytest.mark.parametrize(
    ("name", "prior_set", "last"),
    [("syria", "stratfor", "2012-08-03"), ("syria", "al-kattan", "2016-09-30"), ("syria", "pooled", "2016-09-30")],
)
def test_an_article_is_hindsight_until_it_is_written(name: str, prior_set: str, last: str) -> None:
    """An article dated by a month is younger than each day of it but the last."""
    day = date.fromisoformat(last)
    assert hindsight(load_study(name), prior_set, day) == ()
    assert hindsight(load_study(name), prior_set, day - timedelta(days=1)) != ()


def test_an_article_dated_by_a_year_is_written_on_its_last_day() -> None:
    """The article of the least of studies is of 1903."""
    assert hindsight(made_up(GARRISON), "witness", date(1903, 12, 30)) == ("witness",)
    assert hindsight(made_up(GARRISON), "witness", date(1903, 12, 31)) == ()


def test_officers_observed_after_the_day_are_refused(roster: Write, vocabulary: Vocabulary) -> None:
    """A file that says what became of somebody later is told with its row and the rule; up to the day it is read."""
    path = roster({"to": "2012-08-03"}, {"to": "2012-08-04"})
    with pytest.raises(InvalidFileError) as caught:
        read_officers([path], vocabulary, as_of=EVE_OF_ALEPPO)
    (problem,) = caught.value.problems
    assert (problem.file, problem.row, problem.column) == (str(path), 2, "to")
    assert problem.rule == "must not be after 2012-08-03: what is observed later was not known then"
    assert read_officers([roster({"to": "2012-08-03"}, name="known.csv")], vocabulary, as_of=EVE_OF_ALEPPO).count == 1
