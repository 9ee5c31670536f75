"""`outlook` and `surprise` on small archives: files and options become questions, mistakes become one clear line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from model.archive import Archive
from model.risk.surprise import MeanProbability, surprise
from model.stored import read_table
from priors.moves import NUMBERS
from service import Settings, create_app
from tests.cli.conftest import Run
from tests.service.publishing import publish
from tests.support.made_up import GARRISON, made_up

PROFILES = "sect,rank,unit,count\nalawi,brigadier,AFI,6\nsunni,lt col,,20\n,,,4\n"
BODY = {
    "force": [
        {"sect": "alawite", "rank": "brigadier", "eliteness": "elite", "count": 6},
        {"sect": "sunni", "rank": "colonel", "count": 20},
        {"count": 4},
    ]
}
MUSTAFA = ("sect=alawite", "rank=brigadier", "unit=Air Force Intelligence", "--by", "2012-08-02")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an archive with a small version for each prior set."""
    folder = tmp_path_factory.mktemp("small")
    for seed, prior_set in enumerate(("al-kattan", "stratfor", "pooled"), start=1):
        publish(Archive(folder), seed=seed, prior_set=prior_set, without=[], passed=True)
    return folder


def test_a_file_is_answered_as_the_service_answers(run: Run, small: Path, tmp_path: Path) -> None:
    """CSV with head counts, the same question in JSON, and the service all give one answer."""
    (tmp_path / "force.csv").write_text(PROFILES)
    (tmp_path / "force.json").write_text(json.dumps(BODY))
    from_csv, from_json = (
        json.loads(run("outlook", tmp_path / name, "--json", home=small).stdout) for name in ("force.csv", "force.json")
    )
    served = create_app(Settings(home=small)).test_client().post("/v1/outlooks", json=BODY).json
    assert from_csv == from_json == served


def test_a_version_may_be_asked_for(run: Run, small: Path, tmp_path: Path) -> None:
    """The version of a prior set answers, named by an option or in the file; a name that none has is bad usage."""
    (tmp_path / "force.json").write_text(json.dumps(BODY | {"version": "stratfor"}))
    from_file = json.loads(run("outlook", tmp_path / "force.json", "--json", home=small).stdout)
    assert from_file["model"]["priors"] == "stratfor"
    (tmp_path / "force.json").write_text(json.dumps(BODY))
    from_option = run("outlook", tmp_path / "force.json", "--version", "stratfor", "--json", home=small).stdout
    assert json.loads(from_option) == from_file
    publish(Archive(tmp_path / "one"), passed=True)
    refused = run("outlook", "--corps", 3, "--version", "stratfor", home=tmp_path / "one")
    assert (refused.exit_code, "version: must be `current`, a version" in refused.stderr) == (2, True)
    assert "nearest: pooled" in refused.stderr
    spread = run("outlook", "--corps", 3, "--contagion", "stratford", home=small)
    assert (spread.exit_code, "moves.contagion.prior_set: " in spread.stderr) == (3, True)
    assert "stratfor" in spread.stderr.rpartition("nearest: ")[2]


def test_what_a_file_misshapes_is_told_whatever_options_add(run: Run, small: Path, tmp_path: Path) -> None:
    """A window that is no object stays one, and is told of, where an option would add to it."""
    (tmp_path / "force.json").write_text(json.dumps(BODY | {"window": 5, "moves": "none", "version": 3}))
    result = run("outlook", tmp_path / "force.json", "--from", "2012-01-01", "--punish", 0.5, home=small)
    assert result.exit_code == 3
    assert all(f"{member}: must be an object" in result.stderr for member in ("window", "moves"))


def test_options_add_to_the_question(run: Run, small: Path, tmp_path: Path) -> None:
    """Window, numbers and moves stated on the command line are those of the answer; the file keeps the rest."""
    kept = {"seed": 5, "window": {"from": "2012-01-01"}, "moves": {"deaths": {"rate": 0.02}, "punish": {"factor": 3}}}
    (tmp_path / "force.json").write_text(json.dumps(BODY | kept))
    moves = ("--contagion", "stratfor", "--punish", 0.5, "--widened")
    options = ("--to", "2013-01-01", "--at-least", 2, "--at-least", 9, *moves, "--json")
    answer = json.loads(run("outlook", tmp_path / "force.json", *options, home=small).stdout)
    assert (answer["window"], answer["seed"]) == ({"from": "2012-01-01", "to": "2013-01-01"}, 5)
    assert [each["count"] for each in answer["at_least"]] == [2, 9]
    contagion, punish, deaths = (each["numbers"] for each in answer["moves"]["in_force"])
    assert (contagion["ratio"]["whose"], punish["factor"]["median"], deaths["rate"]["median"]) == (
        "stratfor",
        0.5,
        0.02,
    )
    assert len(answer["decisive_are"]) > 1


def test_moves_are_what_a_body_would_state(run: Run, small: Path, tmp_path: Path) -> None:
    """`fit` draws a move's numbers, a number is stated, and every move is each of which the study has the numbers."""
    (tmp_path / "force.csv").write_text(PROFILES)
    client = create_app(Settings(home=small)).test_client()

    def asked(*options: object) -> Any:
        return json.loads(run("outlook", tmp_path / "force.csv", *options, "--json", home=small).stdout)

    for options, members in (
        (("--watch", "fit", "--militias", 50_000, "--confine", 0.2),
         {"moves": {"watch": {}, "militias": {"men": 50_000}, "confine": {"above": 0.2}}}),
        (("--every-move", "--offers", 1.5),
         {"moves": {name: {} for name in ("contagion", *NUMBERS)} | {"offers": [{"factor": 1.5}]}}),
        (("--strength",), {"strength": {}}),
    ):  # fmt: skip
        assert asked(*options) == client.post("/v1/outlooks", json=BODY | members).json


def test_a_number_that_the_study_lacks_is_asked_for(run: Run, tmp_path: Path) -> None:
    """Where a study has no interval the error says so, and where the number can be stated; no number is no usage."""
    publish(Archive(tmp_path), study=made_up(GARRISON), passed=True)
    for options, number in ((("--confine", 0.3), "confine.factor"), (("--offers", "fit"), "offers[0].factor")):
        result = run("outlook", "--corps", 30, *options, home=tmp_path)
        assert (result.exit_code, f"moves.{number}: must be given" in result.stderr) == (3, True)
        assert "a FILE that is a question in JSON" in result.stderr
    assert run("outlook", "--corps", 30, "--every-move", home=tmp_path).exit_code == 0
    for wrong in ("much", "nan"):
        assert run("outlook", "--corps", 30, "--watch", wrong, home=tmp_path).exit_code == 2


def test_the_corps_as_a_table(run: Run, small: Path) -> None:
    """Without --json the answer is words and tables, with what the moves changed; talk goes to standard error."""
    result = run("outlook", "--corps", 5000, "--every-move", "--watch", 0.3, home=small)
    assert result.exit_code == 0, result.stderr
    told = ("of 5,000 and", "changed by the moves", "a decisive one", "sunni", "K14, S03, S04", "share 0.3 (yours)")
    left = ("left to fight with, of 5,000", "interdicted", "a unit of 500", "or kept in", "elicited, 90 %", "no row of")
    assert [words for words in (*told, *left) if words not in " ".join(result.stdout.split())] == []
    assert "simulated forward by month" in result.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sect,rank,count\nalawi,brigadeer,6\n", ("force: row 1: rank: must be", "nearest: brigadier")),
        ("sect,count\nsunni,two\n", ("row 1", "count", "whole number")),
        ("name,count\nHasan,1\n", ("line 1", "columns", "proximity")),
        ('{"force": [{"count": 1}], "force": []}', ("twice",)),
        ('{"force": [{"count": 0}]}', ("force: force[0].count: ", "nearest: 1")),
        ("", ("force",)),
    ],
    ids=["unknown word", "count", "column", "not strict", "bounds", "empty"],
)
def test_bad_files_end_with_3(run: Run, small: Path, tmp_path: Path, text: str, told: tuple[str, ...]) -> None:
    """What is wrong is named by its place with the nearest allowed, and the exit code is that of bad data."""
    source = tmp_path / "force"
    source.write_text(text)
    result = run("outlook", source, home=small)
    assert (result.exit_code, result.stdout) == (3, "")
    assert all(word in result.stderr for word in told)
    assert "Hasan" not in result.stderr


def test_one_of_file_and_corps_is_needed(run: Run, small: Path) -> None:
    """Neither, or both, is a mistake in usage."""
    assert run("outlook", home=small).exit_code == 2
    assert run("outlook", "x.csv", "--corps", 3, home=small).exit_code == 2


def test_surprise_of_every_prior_set(run: Run, small: Path) -> None:
    """Each set's prior and posterior come from its newest version, and each pair has its Bayes factor."""
    answer = json.loads(run("surprise", *MUSTAFA, "--json", home=small).stdout)
    archive = Archive(small)
    for entry in answer["prior_sets"]:
        table = read_table(archive, entry["version"])
        assert table.prior_set == entry["prior_set"]
        found = MeanProbability.over(surprise(table.prior, answer["profile"], by=date(2012, 8, 2)))
        assert entry["prior"] == found.as_dict()
    values = {entry["prior_set"]: entry["prior"]["probability"] for entry in answer["prior_sets"]}
    first = answer["bayes_factors"]["prior"][0]
    assert (first["first"], first["second"]) == ("al-kattan", "stratfor")
    assert first["bayes_factor"] == pytest.approx(values["al-kattan"] / values["stratfor"], rel=1e-4)
    assert len(answer["bayes_factors"]["posterior"]) == 3
    assert "al-kattan over stratfor" in run("surprise", *MUSTAFA, home=small).stdout


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["rank=brigadeer"], 3, "rank: not a word of the vocabulary; nearest: brigadier"),
        (["grade=brigadier"], 2, "grade=brigadier: must be one of sect=WORD, rank=WORD"),
        (["brigadier"], 2, "brigadier: must be one of sect=WORD"),
        (["rank="], 2, "rank=: must be one of"),
        (["rank=major", "rank=captain"], 2, "rank: must be stated once"),
        (["unit=AFI", "eliteness=ordinary"], 3, "unit: stands for eliteness elite"),
    ],
)
def test_a_profile_is_stated_in_words_of_the_study(
    run: Run, small: Path, words: list[str], code: int, told: str
) -> None:
    """What is no attribute, no word of one, stated twice, or at odds is told with what is allowed."""
    result = run("surprise", *words, "--by", "2012-08-02", home=small)
    assert (result.exit_code, told in result.stderr) == (code, True), result.stderr


def test_anybody_may_be_asked_about(run: Run, small: Path) -> None:
    """Without a word about them the profile is anybody of the forces, as many as in each draw unless it is stated."""
    answer = json.loads(run("surprise", "--by", "2012-08-02", "--json", home=small).stdout)
    assert (answer["study"], answer["profile"], answer["corps"]) == ("syria", {}, None)
    first = answer["prior_sets"][0]
    men = read_table(Archive(small), first["version"]).prior.total_heads
    assert first["expected_men"] == pytest.approx(men.mean(), rel=1e-5)
    stated = run("surprise", "--by", "2012-08-02", "--corps", 7, home=small).stdout
    assert "at least one of 7 by 2012-08-02: anybody" in stated
    assert "at least one of all who serve by 2012" in run("surprise", "--by", "2012-08-02", home=small).stdout


def test_a_set_without_a_version_speaks_by_its_prior(run: Run, tmp_path: Path) -> None:
    """The prior of a set that nothing was fitted to is drawn anew; it has no posterior, and the command says so."""
    publish(Archive(tmp_path), prior_set="al-kattan", without=["K05"], passed=True)
    for prior_set in ("al-kattan", "pooled"):
        publish(Archive(tmp_path), prior_set=prior_set, without=[], passed=True)
    result = run("surprise", *MUSTAFA, "--json", home=tmp_path)
    entries = {entry["prior_set"]: entry for entry in json.loads(result.stdout)["prior_sets"]}
    assert (entries["stratfor"]["version"], entries["stratfor"]["posterior"]) == (None, None)
    assert 0 < entries["stratfor"]["prior"]["probability"] < 1
    assert "stratfor" in result.stderr
    # Fitted without a claim a version is not of the set.
    assert Archive(tmp_path).manifest(entries["al-kattan"]["version"])["without"] == []


def test_a_version_speaks_for_the_priors_that_it_carries(run: Run, tmp_path: Path) -> None:
    """Where a version carries draws of every prior set, each prior is told from these, as the service tells it."""
    publish(Archive(tmp_path), prior_set="pooled", named=True, without=[], passed=True)
    answer = json.loads(run("surprise", *MUSTAFA, "--json", home=tmp_path).stdout)
    case = {"profile": answer["profile"], "by": answer["by"]}
    asked = create_app(Settings(home=tmp_path)).test_client().post("/v1/surprises", json={"cases": [case]})
    told = asked.json["surprises"][0]
    for entry, served in zip(answer["prior_sets"], told["priors"], strict=True):
        assert {"prior_set": entry["prior_set"], "expected_men": entry["expected_men"]} | entry["prior"] == served
    assert answer["bayes_factors"]["prior"] == told["bayes_factors"]
