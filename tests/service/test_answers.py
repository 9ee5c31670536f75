"""A good question is answered with exactly the fields of the design, in its order, and always with the same bytes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask.testing import FlaskClient

from model.archive import Archive
from model.risk.assessment import assess
from priors.timeline import Window
from priors.vocabulary import Vocabulary
from service import Settings, create_app
from service.served import load
from tests.service.publishing import publish
from tests.support.risk_tables import beside_arrays, packed, synthetic_arrays
from tests.support.syria import ATTRIBUTES, SYRIA
from tests.support.told import printed

EXAMPLE = {"id": "a-17", "sect": "alawite", "rank": "brigadier", "eliteness": "elite", "proximity": "trusted"}
WHOLE = {"from": "2011-03-15", "to": "2016-03-15"}


def ask(client: FlaskClient, *officers: dict[str, str], **more: Any) -> Any:
    """Ask about officers and return the answer."""
    answer = client.post("/v1/assessments", json={"officers": list(officers), **more})
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/json"
    return answer.json


def test_the_answer_has_the_fields_of_the_design_in_its_order(client: FlaskClient) -> None:
    """Field by field, what the design shows is what comes back."""
    answer = ask(client, EXAMPLE)
    assert list(answer) == ["model", "window", "assessments"]
    assert list(answer["model"]) == ["version", "priors", "study"]
    (assessment,) = answer["assessments"]
    assert list(assessment) == [
        "id", "profile", "averaged_over", "risk", "in_words", "people", "relative_to_corps", "contributions",
        "posterior_contraction", "author_shift", "by_prior_set",
    ]  # fmt: skip
    assert assessment["profile"] == {name: EXAMPLE[name] for name in ATTRIBUTES}
    assert list(assessment["risk"]) == ["mean", "monte_carlo_error", "median", "intervals"]
    assert list(assessment["relative_to_corps"]) == ["ratio", "median", "intervals"]
    assert [list(entry) for entry in assessment["contributions"]] == [["attribute", "value", "factor", "claims"]] * 4
    assert list(assessment["risk"]["intervals"][0]) == ["kind", "probability", "lower", "upper"]


def test_the_numbers_are_those_of_the_risk_table(client: FlaskClient, settings: Settings) -> None:
    """The service adds nothing to what the risk table says, and rounds nothing again."""
    archive = Archive(settings.home)
    table = load(archive, archive.require_current()).table
    window = Window(date(2012, 1, 1), date(2014, 7, 1))
    answer = ask(client, EXAMPLE, window={"from": "2012-01-01", "to": "2014-07-01"}, intervals=[0.9, 0.8])
    expected = assess(table, {name: EXAMPLE[name] for name in ATTRIBUTES}, window=window, intervals=(0.8, 0.9))
    assert answer["assessments"] == [{"id": "a-17"} | expected.as_dict()]


def test_the_default_is_the_whole_study_at_50_and_90_per_cent(client: FlaskClient) -> None:
    """A question that states neither window nor intervals is answered like one that states the defaults."""
    assert ask(client, EXAMPLE) == ask(client, EXAMPLE, window=WHOLE, intervals=[0.5, 0.9])
    assert ask(client, EXAMPLE)["window"] == WHOLE


@pytest.mark.parametrize(
    ("stated", "full"),
    [
        ({}, WHOLE),
        ({"from": "2013-01-01"}, {"from": "2013-01-01", "to": "2016-03-15"}),
        ({"to": "2013-01-01"}, {"from": "2011-03-15", "to": "2013-01-01"}),
        ({"from": "2016-03-14"}, {"from": "2016-03-14", "to": "2016-03-15"}),
    ],
)
def test_an_open_end_is_that_of_the_study(client: FlaskClient, stated: Any, full: Any) -> None:
    """An end that a window leaves out is that of the study, and the answer says so."""
    assert ask(client, EXAMPLE, window=stated)["window"] == full


def test_intervals_come_in_order(client: FlaskClient) -> None:
    """The order in which intervals are asked for does not matter."""
    backwards = ask(client, EXAMPLE, intervals=[0.95, 0.9, 0.1])
    assert backwards == ask(client, EXAMPLE, intervals=[0.1, 0.9, 0.95])
    assert [entry["probability"] for entry in backwards["assessments"][0]["risk"]["intervals"]] == [0.1, 0.9, 0.95]


@pytest.mark.parametrize("officer_id", ["", "a", "0", "a-17", "\u0639\u0645\u064a\u062f", "x" * 64, "<b>&\"'\\/\n"])
def test_an_id_comes_back_first_and_as_it_was(client: FlaskClient, officer_id: str) -> None:
    """An id is carried through, whatever characters it has."""
    (assessment,) = ask(client, {"id": officer_id})["assessments"]
    assert next(iter(assessment.items())) == ("id", officer_id)


def test_without_an_id_there_is_none(client: FlaskClient) -> None:
    """An officer without an id is answered without one; two may share one."""
    answers = ask(client, {"sect": "sunni"}, {"id": "x"}, {"id": "x"})["assessments"]
    assert ["id" in answer for answer in answers] == [False, True, True]


def test_words_are_read_as_the_vocabulary_reads_them(client: FlaskClient) -> None:
    """Synonyms, capitals and units lead to the same profile as the names of the levels."""
    plain, spoken = ask(
        client,
        {"sect": "alawite", "rank": "brigadier", "eliteness": "elite"},
        {"sect": "Alawi", "rank": "Brig. Gen.", "unit": "4th Armoured Division"},
    )["assessments"]
    assert plain == spoken


@pytest.mark.parametrize("left_out", ATTRIBUTES)
def test_what_is_left_out_is_averaged_over_and_said(client: FlaskClient, left_out: str) -> None:
    """An attribute left out is named, has a null value in its contribution, and is not in the profile."""
    officer = {name: word for name, word in EXAMPLE.items() if name not in {left_out, "id"}}
    (assessment,) = ask(client, officer)["assessments"]
    assert assessment["averaged_over"] == [left_out]
    assert left_out not in assessment["profile"]
    assert [entry["value"] is None for entry in assessment["contributions"]] == [
        name == left_out for name in ATTRIBUTES
    ]


def test_the_same_body_has_the_same_bytes(client: FlaskClient, settings: Settings) -> None:
    """Asked again, and asked of another process's worth of application, the answer is the same to the byte."""
    body = {"officers": [EXAMPLE, {"rank": "nco"}, {}], "intervals": [0.8]}
    first = client.post("/v1/assessments", json=body).data
    assert client.post("/v1/assessments", json=body).data == first
    assert create_app(settings).test_client().post("/v1/assessments", json=body).data == first
    assert b" " not in first.split(b'"in_words"')[0]


def test_officers_are_answered_in_their_order_and_alike(client: FlaskClient, vocabulary: Vocabulary) -> None:
    """All 576 profiles at once are answered in their order, each with the numbers it would have alone."""
    officers = [dict(zip(ATTRIBUTES, cell, strict=True)) for cell in vocabulary.cells]
    answers = ask(client, *officers)["assessments"]
    assert [answer["profile"] for answer in answers] == officers
    (alone,) = ask(client, officers[77])["assessments"]
    assert {**answers[77], "in_words": alone["in_words"]} == alone


def test_the_words_of_one_answer_are_of_one_number_of_people(client: FlaskClient, vocabulary: Vocabulary) -> None:
    """Those who stand side by side in an answer are told on one scale, so that no smaller risk reads as the greater."""
    answers = ask(client, *(dict(zip(ATTRIBUTES, cell, strict=True)) for cell in vocabulary.cells))["assessments"]
    by_risk = sorted(answers, key=lambda answer: answer["risk"]["mean"])
    told = [answer["in_words"].removeprefix("about ").partition(" such ")[0] for answer in by_risk]
    assert len({each.rpartition(" in ")[2] for each in told}) == 1
    assert [printed(each) for each in told] == sorted(printed(each) for each in told)


def test_where_the_authors_part_every_prior_set_is_heard(tmp_path: Path) -> None:
    """The fits under each article alone are set against each other; the risk under each is in the answer."""
    archive, apart = Archive(tmp_path), beside_arrays(SYRIA)
    apart["beside/stratfor/log_relative_hazard"] += 2
    tables = {"near": beside_arrays(SYRIA), "apart": apart}
    found = {}
    for name, beside in tables.items():
        table = packed(synthetic_arrays(SYRIA) | beside)
        publish(archive, beside=True, files={"risk_table.npz": table})
        found[name] = ask(create_app(Settings(home=tmp_path)).test_client(), EXAMPLE)["assessments"][0]
    assert found["near"]["author_shift"] < 0.5 < found["apart"]["author_shift"]
    medians = {each["prior_set"]: each["median"] for each in found["apart"]["by_prior_set"]}
    assert list(medians) == ["pooled", "al-kattan", "stratfor"]
    assert medians["pooled"] == found["apart"]["risk"]["median"]
    assert medians["stratfor"] > medians["al-kattan"]


def test_ten_thousand_officers_are_answered(client: FlaskClient) -> None:
    """The most officers that are allowed are answered, one for one."""
    answers = ask(client, *({"id": str(number), "rank": "major"} for number in range(10_000)))["assessments"]
    assert [answer["id"] for answer in answers] == [str(number) for number in range(10_000)]


def test_threads_get_their_own_answers(settings: Settings, vocabulary: Vocabulary) -> None:
    """Sixteen threads that ask about different profiles each get what they would have got alone."""
    app = create_app(settings)
    bodies = [{"officers": [dict(zip(ATTRIBUTES, cell, strict=True))]} for cell in vocabulary.cells[::9]]
    found: dict[int, bytes] = {}

    def work(first: int) -> None:
        for index in range(first, len(bodies), 16):
            found[index] = app.test_client().post("/v1/assessments", json=bodies[index]).data

    threads = [Thread(target=work, args=(first,)) for first in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alone = create_app(settings).test_client()
    assert [found[index] for index in range(len(bodies))] == [
        alone.post("/v1/assessments", json=body).data for body in bodies
    ]


def test_every_number_is_a_number(client: FlaskClient) -> None:
    """An answer holds no NaN and no infinity, which JSON does not have."""
    text = client.post("/v1/assessments", json={"officers": [EXAMPLE], "intervals": [1e-9, 0.999999999]}).text
    json.loads(text, parse_constant=pytest.fail)
