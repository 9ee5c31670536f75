"""`--study` before any verb: what is made is made of the folder, what is asked is answered by a version of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import commands
from model.archive import Archive
from model.evidence.reading import bundled_evidence
from priors.study import load_study
from tests.cli.conftest import Run
from tests.service.publishing import publish
from tests.support.made_up import FLEET, GARRISON, STUDIES, made_up
from tests.support.rewritten import rewritten, written

GUNNERS = "origin,grade\nhighlands,gunner\n,ensign\n"


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an archive with versions of three studies; the current one is not of the garrison."""
    folder = tmp_path_factory.mktemp("three")
    seconds = count()
    # A version is named by the second in which it is begun, and the digits after that are random.
    archive = Archive(folder, lambda: datetime(2030, 1, 1, tzinfo=UTC) + timedelta(seconds=next(seconds)))
    passed = {"passed": True}
    publish(archive, study=made_up(GARRISON), seed=1, **passed)
    publish(archive, study=made_up(GARRISON), seed=2, **passed | {"passed": False})
    publish(archive, study=made_up(FLEET), seed=3, **passed)
    publish(archive, study=made_up(FLEET), seed=4, prior_set="purser", **passed)
    publish(archive, seed=5, **passed)
    return folder


def versions(home: Path, study: str) -> list[str]:
    """Return the versions of a study that passed, oldest first."""
    manifests = map(Archive(home).manifest, Archive(home).versions())
    return [each["version"] for each in manifests if each["study"]["name"] == study and each["passed"]]


def test_the_current_version_answers_in_its_own_words(run: Run, three: Path, tmp_path: Path) -> None:
    """Without a study the current version answers, and understands no words but its own."""
    (tmp_path / "gunners.csv").write_text(GUNNERS)
    result = run("score", tmp_path / "gunners.csv", home=three)
    assert (result.exit_code, "sect" in result.stderr) == (3, True)


def test_the_newest_version_of_a_study_answers_that_passed(run: Run, three: Path, tmp_path: Path) -> None:
    """With a study the newest version of it answers that passed its checks, in its words, for its window."""
    (tmp_path / "gunners.csv").write_text(GUNNERS)
    (sound,) = versions(three, GARRISON)
    for named in (STUDIES / GARRISON, "garrison", "gone/garrison"):
        result = run("--study", named, "score", tmp_path / "gunners.csv", home=three)
        assert result.exit_code == 0, result.stderr
        assert f"2 rows scored with version {sound} (witness priors), 1901-01-01 to 1903-01-01" in result.stderr


def test_the_study_may_be_named_by_the_environment(three: Path) -> None:
    """DEFECTION_RISK_STUDY stands for the option, which comes before it."""

    def shown(*options: str) -> str:
        arguments = ["--home", str(three), *options, "study", "show", "--json"]
        found = CliRunner().invoke(commands, arguments, env={"DEFECTION_RISK_STUDY": str(STUDIES / GARRISON)})
        return str(json.loads(found.stdout)["name"])

    assert (shown(), shown("--study", "syria")) == (GARRISON, "syria")


def test_a_version_that_is_named_is_taken(run: Run, three: Path) -> None:
    """Whatever study is stated, a version that is named is shown, and its study with it."""
    version = versions(three, FLEET)[0]
    shown = json.loads(run("--study", "syria", "models", "show", version, "--json", home=three).stdout)
    assert (shown["version"], shown["study"]["name"]) == (version, FLEET)


def test_a_study_without_a_version_is_told_with_those_that_have_one(run: Run, three: Path) -> None:
    """Where no version of the study passed, the error names the studies of the archive, and how to make one."""
    result = run("--study", "us-army-1861", "outlook", "--corps", 5, home=three)
    assert result.exit_code == 5
    assert "us-army-1861 that passed its checks (it holds such of: fleet, garrison, syria)" in result.stderr
    assert "`defection-risk --study us-army-1861 refit` makes one" in result.stderr


def test_an_empty_archive_has_no_version_of_any_study(run: Run, tmp_path: Path) -> None:
    """Before the first fit the error says so, with or without a study."""
    assert run("outlook", "--corps", 5, home=tmp_path).exit_code == 5
    result = run("--study", "syria", "outlook", "--corps", 5, home=tmp_path)
    assert (result.exit_code, "(it holds such of: none)" in result.stderr) == (5, True)


def test_a_prior_set_is_looked_for_in_the_study_alone(run: Run, three: Path) -> None:
    """A version of another study is not taken for its prior set; one of the stated study is, current or not."""
    refused = run("outlook", "--corps", 5, "--version", "purser", home=three)
    assert (refused.exit_code, "nearest: pooled, " in refused.stderr) == (2, True)
    fleet = ("--study", FLEET, "outlook", "--corps", 5, "--json")
    newest, other = (
        json.loads(run(*fleet, *options, home=three).stdout)["model"] for options in ((), ("--version", "pooled"))
    )
    assert (newest["study"], newest["priors"], newest["version"]) == (FLEET, "purser", versions(three, FLEET)[1])
    assert (other["priors"], other["version"]) == ("pooled", versions(three, FLEET)[0])


def test_an_outlook_is_stated_in_the_words_of_its_version(run: Run, three: Path, tmp_path: Path) -> None:
    """The columns of a force are the attributes of the study that answers, with units where it has them."""
    (tmp_path / "crew.csv").write_text("home,station,unit,count\nisles,sailor,the old ship,40\n,mate,,5\n")
    result = run("--study", FLEET, "outlook", tmp_path / "crew.csv", "--contagion", "fit", home=three)
    assert result.exit_code == 0, result.stderr
    assert "of 45 defect" in result.stdout
    refused = run("--study", GARRISON, "outlook", tmp_path / "crew.csv", home=three)
    assert (refused.exit_code, "columns must be of origin, grade, count" in refused.stderr) == (3, True)


def test_a_surprise_rests_on_the_versions_of_one_study(run: Run, three: Path) -> None:
    """Of the stated study's prior sets each has its own newest version, and versions of other studies have no part."""
    asked = ("surprise", "origin=hill", "grade=ensign", "--by", "1902-01-01")
    answer = json.loads(run("--study", GARRISON, *asked, "--json", home=three).stdout)
    assert [(each["prior_set"], each["version"]) for each in answer["prior_sets"]] == [
        ("witness", versions(three, GARRISON)[0])
    ]
    assert (answer["study"], answer["corps"]) == (GARRISON, None)
    assert answer["bayes_factors"] == {"prior": [], "posterior": []}
    assert "witness" in run("--study", GARRISON, *asked, home=three).stdout


def test_a_folder_that_changed_or_is_gone_changes_no_answer(run: Run, tmp_path: Path) -> None:
    """A version answers in the words that it was fitted to, whatever its folder says today."""
    folder = written(tmp_path / "mine", rewritten(GARRISON))
    (tmp_path / "gunners.csv").write_text(GUNNERS)
    publish(Archive(tmp_path / "home"), study=load_study(folder), passed=True, without=[])
    asked = ("--study", folder, "score", tmp_path / "gunners.csv")
    before = run(*asked, home=tmp_path / "home").stdout
    written(folder, rewritten(FLEET))
    changed = run(*asked, home=tmp_path / "home").stdout
    for file in folder.iterdir():
        file.unlink()
    assert before == changed == run(*asked, home=tmp_path / "home").stdout != ""


def test_versions_are_listed_with_their_studies(run: Run, three: Path) -> None:
    """`models list` names the study of each version, in whichever study one works."""
    listed = json.loads(run("--study", FLEET, "models", "list", "--json", home=three).stdout)
    assert [entry["study"] for entry in listed] == [GARRISON, GARRISON, FLEET, FLEET, "syria"]


def test_what_is_made_is_made_of_the_study(run: Run) -> None:
    """Priors and evidence are those of the study that is stated."""
    fleet = ("--study", STUDIES / FLEET)
    shown = json.loads(run(*fleet, "priors", "show", "--json").stdout)
    assert list(shown) == ["purser", "surgeon", "chaplain", "pooled"]
    assert list(json.loads(run(*fleet, "priors", "show", "--priors", "purser", "--json").stdout)) == ["purser"]
    rows = json.loads(run(*fleet, "evidence", "show", "--json").stdout)
    assert [row["id"] for row in rows] == [row.id for row in bundled_evidence(made_up(FLEET))]
    assert "made up" in run(*fleet, "evidence", "show").stdout


@pytest.mark.parametrize("verb", ["refit", "calibrate", "sweep", "priors"])
def test_a_prior_set_that_the_study_lacks_is_refused_with_the_nearest(run: Run, tmp_path: Path, verb: str) -> None:
    """Whatever is made of a prior set, a name that is none ends with 3 before anything is written."""
    command = ("priors", "show") if verb == "priors" else (verb,)
    result = run("--study", STUDIES / FLEET, *command, "--priors", "parser", home=tmp_path / "home")
    assert (result.exit_code, "no prior set of this name; nearest: purser" in result.stderr) == (3, True), result.stderr
    assert not (tmp_path / "home").exists()


def test_own_evidence_is_read_in_the_words_of_the_study(run: Run, tmp_path: Path) -> None:
    """`evidence check` knows the study's words, and its own rows where they are to stand beside."""
    (tmp_path / "mine.csv").write_text(
        "id,kind,origin,window_from,window_to,total_low,total_high,count_low,count_high\n"
        "A1,rate,highlands,1901-01-01,1902-01-01,10,20,3,5\n"
    )
    garrison = ("--study", STUDIES / GARRISON, "evidence", "check", tmp_path / "mine.csv")
    assert "sound: 1 evidence rows" in run(*garrison).stderr
    assert "sound: 3 evidence rows" in run(*garrison, "--with-bundled").stderr
    refused = run("evidence", "check", tmp_path / "mine.csv")
    assert (refused.exit_code, "origin" in refused.stderr) == (3, True)
